import { UserError } from '../errors.ts';

/** An author's mistake in a course's data. */
export interface Problem {
  /** Relative to the course's root, forward slashes. */
  file: string;
  /** From 1; absent where the whole file is meant. */
  line?: number;
  column?: number;
  /** Path of the field: `questions[2].answers`. */
  field?: string;
  message: string;
}

/** `exercises/00-hello/exercise.yaml:3:9 minutes: expected a whole number above 0`. */
export function problemLine(problem: Problem): string {
  const place = [problem.file, problem.line, problem.column].filter((part) => part !== undefined).join(':');
  return `${place} ${problem.field ? `${problem.field}: ` : ''}${problem.message}`;
}

/** One error that lists all of an author's mistakes, in the order of files and lines. */
export function courseError(root: string, problems: readonly Problem[]): UserError {
  const sorted = [...problems].sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : (a.line ?? 0) - (b.line ?? 0)));
  const count = problems.length === 1 ? '1 mistake' : `${problems.length} mistakes`;
  return new UserError(`The course in ${root} has ${count}:\n${sorted.map((problem) => `  ${problemLine(problem)}`).join('\n')}`, {
    wayOut: 'Correct the lines named, then run the command again.',
  });
}
