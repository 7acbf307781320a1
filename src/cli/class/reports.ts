import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { exitCodes, UserError, type ExitCode } from '../../errors.ts';
import { compareReports, mergeReports, type ScoreChange } from '../../verdict/compare.ts';
import { readReport } from '../../verdict/read.ts';
import type { Report } from '../../verdict/types.ts';
import type { Cli } from '../context.ts';
import { openReporters } from '../reporters.ts';

/** `report diff`: 1 where the same code scores lower now. */
export async function compareFiles(cli: Cli, old: string, now: string): Promise<ExitCode> {
  const [before, after] = [await load(cli, old), await load(cli, now)];
  const changes = compareReports(before, after);
  const { terminal } = cli;
  if (changes.length === 0) terminal.print('The results are the same.');
  for (const field of ['course', 'engine', 'seed', 'sandbox'] as const) {
    const [a, b] = [before[field], after[field]].map((value) => (typeof value === 'object' ? Object.values(value).join(' ') : String(value)));
    if (a !== b) terminal.print(`${field}: ${a} before, ${b} now`);
  }
  for (const change of changes) for (const line of describe(change)) terminal.print(line);
  const unfair = changes.filter((change) => change.sameCode && (change.after?.score ?? 0) < (change.before?.score ?? 0));
  if (unfair.length === 0) return exitCodes.ok;
  terminal.print(`\n${unfair.length} ${unfair.length === 1 ? 'submission scores' : 'submissions score'} lower although the code is the same: look at the checker, the engine or the seed.`);
  return exitCodes.failed;
}

function describe({ name, before, after, sameCode, checks }: ScoreChange): string[] {
  const score = (one: ScoreChange['before']): string => (one ? `${one.score}/${one.maxScore} ${one.status}` : 'not there');
  const code = before && after ? (sameCode ? ', same code' : ', code changed') : '';
  return [`${name}: ${score(before)} → ${score(after)}${code}`, ...checks.map((one) => `    ${one.check}: ${one.before} → ${one.after}`)];
}

/** `report merge`: the merged report through any reporter. */
export async function mergeFiles(cli: Cli, files: readonly string[], reporters: readonly string[], assignment?: string): Promise<void> {
  const parts: { name: string; report: Report }[] = [];
  for (const file of files) parts.push({ name: file, report: await load(cli, file) });
  const { submissions, gradedAt, durationMs, totals, causes, ...rest } = mergeReports(parts);
  const { course, engine, seed, sandbox, platform, startedAt } = rest;
  for (const reporter of await openReporters(cli, reporters, false, assignment)) {
    reporter.begin({ course, engine, seed, sandbox, platform, startedAt });
    for (const submission of submissions) reporter.submission(submission);
    reporter.end({ gradedAt, durationMs, totals, causes });
  }
}

async function load(cli: Cli, file: string): Promise<Report> {
  const text = await readFile(resolve(cli.cwd, file), 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UserError(`${file} can't be read: ${error.message}.`, { wayOut: 'Name a report that check wrote with --reporter json=FILE.', cause: error });
  });
  return readReport(file, text);
}
