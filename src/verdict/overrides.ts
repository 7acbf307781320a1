import { parse } from 'yaml';
import { z } from 'zod';
import { UserError } from '../errors.ts';
import { scoreExercise, scoreSubmission } from './score.ts';
import type { CheckVerdict, ExerciseVerdict, SubmissionVerdict } from './types.ts';

const override = z.strictObject({
  submission: z.string().min(1),
  exercise: z.string().min(1),
  check: z.string().min(1),
  points: z.int().nonnegative().optional(),
  comment: z.string().min(1).optional(),
  reason: z.string().min(1),
}).refine((one) => one.points !== undefined || one.comment !== undefined, { message: 'needs points, a comment, or both' });

/** A decision by hand on one check of one submission. */
export type Override = z.infer<typeof override>;

/**
 * Decisions by hand: a YAML list of `submission`, `exercise`, `check`, `points` and/or `comment`, and a `reason`.
 * @throws UserError naming the entry that is wrong
 */
export function readOverrides(name: string, text: string): Override[] {
  let value: unknown;
  try {
    value = parse(text) ?? [];
  } catch (error) {
    throw new UserError(`${name} is not valid YAML: ${(error as Error).message.split('\n')[0]}`, { wayOut: example, cause: error });
  }
  const result = z.array(override).safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const [index, ...field] = issue?.path ?? [];
  throw new UserError(`${name}, entry ${Number(index ?? 0) + 1}${field.length > 0 ? `, ${field.join('.')}` : ''}: ${issue?.message}.`, { wayOut: example });
}

const example = 'An entry has submission, exercise, check, points or comment, and reason.';

/**
 * A verdict with the decisions by hand that are about it, its scores added up anew.
 * @param bonus ids of exercises whose points come on top
 * @param used is given each override that was about it
 * @throws UserError where an override is about a check that the exercise does not have, or gives more points than it has
 */
export function applyOverrides(verdict: SubmissionVerdict, overrides: readonly Override[], bonus: ReadonlySet<string>, used: (one: Override) => void): SubmissionVerdict {
  const mine = overrides.filter((one) => one.submission === verdict.name);
  if (mine.length === 0 || verdict.exercises.length === 0) return verdict;
  const exercises = verdict.exercises.map((exercise): ExerciseVerdict => {
    const here = mine.filter((one) => one.exercise === exercise.id);
    if (here.length === 0) return exercise;
    const checks = exercise.checks.map((check) => here.filter((one) => one.check === check.id).reduce(decide, check));
    for (const one of here) {
      if (!exercise.checks.some((check) => check.id === one.check)) throw new UserError(`The overrides name the check "${one.check}" of ${one.exercise}, which was not made for "${one.submission}".`, { wayOut: `Its checks are: ${exercise.checks.map((check) => check.id).join(', ')}.` });
      used(one);
    }
    // A check that passes is shown by its title alone: what was decided stands with the exercise too.
    const told = here.map((one) => `${one.check}: ${[one.points === undefined ? undefined : `${one.points} points by hand`, one.comment, one.reason].filter((part) => part !== undefined).join('; ')}`);
    const notes = [...(exercise.notes ?? []), ...told.filter((note) => !exercise.notes?.includes(note))];
    return { ...exercise, ...scoreExercise(checks), maxScore: exercise.maxScore, checks, notes };
  });
  return { ...verdict, exercises, ...scoreSubmission(exercises, bonus) };
}

function decide(check: CheckVerdict, { points, comment, reason }: Override): CheckVerdict {
  if (points !== undefined && points > check.maxPoints) throw new UserError(`The overrides give ${points} points for ${check.id}, which has ${check.maxPoints}.`, { wayOut: 'Give at most what the check has.' });
  const said = [...(comment === undefined ? [] : [`Comment: ${comment}`]), ...(points === undefined ? [] : [`${points} of ${check.maxPoints} points by hand: ${reason}`])];
  // A verdict of an earlier run that is resumed has been decided on already.
  const message = [check.message, ...said.filter((line) => !check.message.includes(line))].filter((line) => line !== '').join('\n\n');
  return { ...check, message, ...(points === undefined ? {} : { points, status: points === check.maxPoints ? 'passed' : 'failed' }) };
}
