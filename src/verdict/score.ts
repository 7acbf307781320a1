import type { CheckVerdict, ExerciseVerdict, Status, SubmissionVerdict } from './types.ts';

export interface Score {
  status: Status;
  /** Bonus points come on top: it can exceed `maxScore`. */
  score: number;
  maxScore: number;
}

/** What a check's status is worth: everything, nothing, or null where we erred and cannot tell. */
export function pointsFor(status: Status, maxPoints: number): number | null {
  if (status === 'errored') return null;
  return status === 'passed' ? maxPoints : 0;
}

/**
 * An exercise's score from its checks. It passes when every check that is no bonus does; what we could not judge
 * (`errored`) outweighs all else, since a person has to look. `timeout` is said only where nothing failed otherwise.
 */
export function scoreExercise(checks: readonly CheckVerdict[]): Score {
  const required = checks.filter((check) => !check.bonus);
  const has = (status: Status): boolean => checks.some((check) => check.status === status && (!check.bonus || status === 'errored'));
  const status = has('errored') ? 'errored' : has('failed') ? 'failed' : has('timeout') ? 'timeout' : required.every((check) => check.status === 'passed') ? 'passed' : 'failed';
  return {
    status,
    score: checks.reduce((sum, check) => sum + (check.points ?? 0), 0),
    maxScore: required.reduce((sum, check) => sum + check.maxPoints, 0),
  };
}

/**
 * A submission's score from its exercises.
 * @param bonus ids of exercises whose points come on top and which need not pass: the extensions, where the core is graded with them
 */
export function scoreSubmission(exercises: readonly ExerciseVerdict[], bonus: ReadonlySet<string> = new Set()): Score {
  const required = exercises.filter((exercise) => !bonus.has(exercise.id));
  const judged = required.length > 0 ? required : exercises;
  return {
    status: exercises.some((exercise) => exercise.status === 'errored') ? 'errored' : submissionStatus(judged),
    score: exercises.reduce((sum, exercise) => sum + exercise.score, 0),
    maxScore: judged.reduce((sum, exercise) => sum + exercise.maxScore, 0),
  };
}

function submissionStatus(exercises: readonly ExerciseVerdict[]): Status {
  const statuses = new Set(exercises.map((exercise) => exercise.status));
  const only = statuses.size === 1 ? [...statuses][0] : undefined;
  if (only !== undefined) return only;
  if (statuses.size === 0) return 'missing';
  if (statuses.has('unreadable')) return 'unreadable';
  // Some passed, or are missing: a single kind of trouble names the whole.
  return statuses.has('timeout') && !statuses.has('failed') && !statuses.has('missing') ? 'timeout' : 'failed';
}

/** The verdict on what cannot be graded: score 0, and the reason for a person to look at. */
export function unreadableVerdict(submission: { name: string; path: string; digest: string; maxScore: number }, reason: string): SubmissionVerdict {
  return { ...submission, score: 0, status: 'unreadable', exercises: [], error: reason };
}
