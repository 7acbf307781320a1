import { UserError } from '../../errors.ts';
import { readDeadline, withLateness } from '../../submission/intake/deadline.ts';
import { matchRoster, readRoster } from '../../submission/intake/roster.ts';
import type { Submission } from '../../submission/types.ts';

/** Which of a class is graded, and what is known of who handed in when. */
export interface HandedInOptions {
  roster?: string;
  deadline?: string;
  /** `i/n`. */
  shard?: string;
}

/**
 * The submissions of a class by its roster, with their lateness, and of these a shard.
 * @returns them, what can't be read first
 * @throws UserError where an option is wrong
 */
export async function sortIn(found: readonly Submission[], options: HandedInOptions): Promise<Submission[]> {
  let submissions = [...found];
  if (options.roster !== undefined) submissions = matchRoster(await readRoster(options.roster), submissions);
  if (options.deadline !== undefined) {
    const deadline = readDeadline(options.deadline);
    submissions = submissions.map((one) => withLateness(one, deadline));
  }
  if (options.shard !== undefined) submissions = shardOf(submissions, options.shard);
  return [...submissions.filter((one) => one.unreadable !== undefined), ...submissions.filter((one) => one.unreadable === undefined)];
}

/** The i-th of n parts: every n-th by name, so that the parts of one class are the same on every machine. */
function shardOf(submissions: readonly Submission[], shard: string): Submission[] {
  const [, which, of] = /^(\d{1,4})\/(\d{1,4})$/.exec(shard) ?? [];
  const [index, count] = [Number(which), Number(of)];
  if (which === undefined || index < 1 || index > count) throw new UserError(`"${shard}" is no shard.`, { wayOut: 'Write which part of how many: --shard 1/4' });
  return [...submissions].sort((a, b) => (a.name < b.name ? -1 : 1)).filter((_one, at) => at % count === index - 1);
}
