import type { SubmissionVerdict } from '../verdict/types.ts';

/** The points to put into a gradebook; nothing where nobody has decided yet, or nothing was handed in: what it has there stays. */
export function gradeOf(verdict: SubmissionVerdict): number | undefined {
  const open = verdict.status === 'missing' || verdict.status === 'unreadable' || verdict.status === 'errored' || verdict.exercises.some((exercise) => exercise.status === 'errored');
  return open ? undefined : verdict.score;
}
