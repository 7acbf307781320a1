import { readFileSync } from 'node:fs';
import { copyFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Status } from '../verdict/types.ts';
import { writeFileAtomic } from './atomic.ts';
import { withLock } from './lock.ts';
import { lastRuns } from './runs.ts';
import { stateFolder } from './state-folder.ts';

/** What is remembered of an exercise. Absent until it is opened. */
export interface ExerciseProgress {
  openedAt: string;
  /** The last grading's. */
  status?: Status;
  score?: number;
  maxScore?: number;
  attempts: number;
  passedAt?: string;
  skippedAt?: string;
  hintsShown: number;
  revealedAt?: string;
  /** The seed to repeat until it passes. */
  seed?: number;
  /** Digest of the editable files when they were last graded. */
  gradedDigest?: string;
}

/** What the workbook remembers, `.mongo-course/progress.json`. Dates are ISO strings in UTC. */
export interface Progress {
  version: 1;
  course: { name: string; version: string };
  lessons: Record<string, { readAt: string }>;
  quizzes: Record<string, { offeredAt: string; right?: number; of?: number }>;
  exercises: Record<string, ExerciseProgress>;
  /** After the core: the daily task or the extensions. */
  way?: 'daily' | 'extensions';
  /** When somebody who had been away was last told where they were. */
  welcomedAt?: string;
}

export interface LoadedProgress {
  progress: Progress;
  /** A sentence for the person, where something had to be repaired. */
  repaired?: string;
}

const file = (workbook: string): string => join(workbook, stateFolder, 'progress.json');
const backup = (workbook: string): string => join(workbook, stateFolder, 'progress.backup.json');
const lock = (workbook: string): string => join(workbook, stateFolder, 'lock');

export function emptyProgress(course: { name: string; version: string }): Progress {
  return { version: 1, course: { name: course.name, version: course.version }, lessons: {}, quizzes: {}, exercises: {} };
}

/**
 * Reads the progress. A damaged file is set aside, never deleted; its backup takes its place, or where that is damaged too,
 * what the last run of each exercise says.
 */
export async function loadProgress(workbook: string, course: { name: string; version: string }): Promise<LoadedProgress> {
  const current = read(file(workbook));
  if (current.progress) return { progress: current.progress };
  const saved = read(backup(workbook));
  if (current.state === 'missing' && saved.state === 'missing') return { progress: emptyProgress(course) };
  const stamp = new Date().toISOString().replace(/[:.]/g, '-');
  if (current.state === 'damaged') await setAside(file(workbook), join(workbook, stateFolder, `progress.damaged-${stamp}.json`));
  if (saved.state === 'damaged') await setAside(backup(workbook), join(workbook, stateFolder, `progress.backup.damaged-${stamp}.json`));
  const what = current.state === 'damaged' ? `The progress file was damaged; it is kept as ${stateFolder}/progress.damaged-${stamp}.json.` : 'The progress file was missing.';
  if (saved.progress) return { progress: saved.progress, repaired: `${what} Progress was restored from its backup.` };
  const progress = await fromRuns(workbook, course);
  const rebuilt = Object.keys(progress.exercises).length > 0 ? 'Progress was rebuilt from the last check of each exercise' : 'Progress starts afresh';
  return { progress, repaired: `${what} ${rebuilt}; your files are untouched.` };
}

async function setAside(from: string, to: string): Promise<void> {
  await rename(from, to).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error; // another command set it aside first
  });
}

/** What can be told without a progress file: how the last check of each exercise went. */
async function fromRuns(workbook: string, course: { name: string; version: string }): Promise<Progress> {
  const progress = emptyProgress(course);
  for (const { at, seed, verdict } of await lastRuns(workbook)) {
    progress.exercises[verdict.id] = {
      openedAt: at, attempts: 1, hintsShown: 0, status: verdict.status, score: verdict.score, maxScore: verdict.maxScore,
      ...(verdict.status === 'passed' ? { passedAt: at } : { seed }),
    };
  }
  return progress;
}

/**
 * Changes the progress: read, changed and written under a lock, so that two commands at once lose nothing.
 * @returns the progress as written
 */
export async function updateProgress(
  workbook: string, course: { name: string; version: string }, change: (progress: Progress) => void,
): Promise<Progress> {
  return withLock(lock(workbook), async () => {
    const { progress } = await loadProgress(workbook, course);
    change(progress);
    const text = `${JSON.stringify(progress, null, 2)}\n`;
    await writeFileAtomic(file(workbook), text);
    await copyFile(file(workbook), `${backup(workbook)}.new`);
    await rename(`${backup(workbook)}.new`, backup(workbook));
    return progress;
  });
}

/** At once, as `findWorkbook`: it is small, and `list` has nothing else to wait for. */
function read(path: string): { state: 'ok' | 'missing' | 'damaged'; progress?: Progress } {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { state: 'missing' };
    throw error;
  }
  try {
    const value: unknown = JSON.parse(text);
    return isProgress(value) ? { state: 'ok', progress: value } : { state: 'damaged' };
  } catch (error) {
    if (error instanceof SyntaxError) return { state: 'damaged' };
    throw error;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

function isProgress(value: unknown): value is Progress {
  return (
    isRecord(value) && value.version === 1 && isRecord(value.course) && isRecord(value.lessons) && isRecord(value.quizzes) &&
    isRecord(value.exercises) &&
    Object.values(value.exercises).every((exercise) => isRecord(exercise) && typeof exercise.attempts === 'number' && typeof exercise.hintsShown === 'number')
  );
}
