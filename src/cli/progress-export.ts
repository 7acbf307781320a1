import { pointsOutOf } from '../course/points.ts';
import type { Course } from '../course/types.ts';
import type { Progress } from '../workbook/progress.ts';
import { isDone, minutesLeft, way, type Step } from './way.ts';

/** One line of `list`, and one step of the exported progress. Times are ISO 8601 in UTC. */
export type ExportedStep =
  | { kind: 'lesson'; id: string; title: string; minutes: number; state: 'read' | 'to read'; readAt?: string }
  | { kind: 'quiz'; id: string; title: string; state: 'taken' | 'offered' | 'to do'; right?: number; of?: number; offeredAt?: string }
  | {
    kind: 'exercise'; id: string; title: string; minutes: number; extension: boolean; state: 'passed' | 'put off' | 'tried' | 'open' | 'to do';
    /** Of the last check; absent where there was none. */
    score?: number;
    maxScore: number;
    attempts: number;
    hintsShown: number;
    openedAt?: string;
    passedAt?: string;
    skippedAt?: string;
    revealedAt?: string;
  };

/** What `list --json` prints. `progress-schema.ts` says the same as a JSON Schema; a test keeps the two equal. */
export interface ExportedProgress {
  schemaVersion: 1;
  course: { name: string; version: string };
  /** Absolute path; null outside of a workbook. */
  workbook: string | null;
  /** What comes after the core, once it was chosen. */
  way: 'daily' | 'extensions' | null;
  minutesLeft: number;
  steps: ExportedStep[];
}

/** Progress as a program elsewhere reads it: every lesson, quiz and exercise, done or not. */
export function exportProgress(course: Course, progress: Progress, workbook: string | undefined): ExportedProgress {
  return {
    schemaVersion: 1, course: { name: course.name, version: course.version }, workbook: workbook ?? null, way: progress.way ?? null, minutesLeft: minutesLeft(course, progress),
    // The extensions and what comes after them too, whatever was chosen.
    steps: way(course, 'extensions').flatMap((step) => (step.kind === 'choice' ? [] : [exportStep(step, progress)])),
  };
}

function exportStep(step: Exclude<Step, { kind: 'choice' }>, progress: Progress): ExportedStep {
  if (step.kind === 'lesson') {
    const { id, title, minutes } = step.lesson;
    const read = progress.lessons[id];
    return { kind: 'lesson', id, title, minutes, state: isDone(step, progress) ? 'read' : 'to read', ...(read && { readAt: read.readAt }) };
  }
  if (step.kind === 'quiz') {
    const { id, title } = step.lesson;
    const result = progress.quizzes[id];
    return {
      kind: 'quiz', id, title, state: result?.of !== undefined ? 'taken' : result ? 'offered' : 'to do',
      ...(result?.right !== undefined && { right: result.right }), ...(result?.of !== undefined && { of: result.of }), ...(result && { offeredAt: result.offeredAt }),
    };
  }
  const { exercise } = step;
  const known = progress.exercises[exercise.id];
  return {
    kind: 'exercise', id: exercise.id, title: exercise.title, minutes: exercise.minutes, extension: exercise.kind === 'extension',
    state: known?.passedAt ? 'passed' : known?.skippedAt ? 'put off' : known?.attempts ? 'tried' : known ? 'open' : 'to do',
    ...(known?.score !== undefined && { score: known.score }), maxScore: known?.maxScore ?? pointsOutOf(exercise), attempts: known?.attempts ?? 0, hintsShown: known?.hintsShown ?? 0,
    ...(known && { openedAt: known.openedAt }), ...(known?.passedAt && { passedAt: known.passedAt }), ...(known?.skippedAt && { skippedAt: known.skippedAt }), ...(known?.revealedAt && { revealedAt: known.revealedAt }),
  };
}
