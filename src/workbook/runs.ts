import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExerciseVerdict, TraceEntry } from '../verdict/types.ts';
import { writeFileAtomic } from './atomic.ts';
import { stateFolder } from './progress.ts';

/** The last grading of an exercise, kept for `trace` and for `next`'s words. */
export interface LastRun {
  at: string;
  seed: number;
  engine: { kind: string; version: string };
  verdict: ExerciseVerdict;
  trace: TraceEntry[];
}

const file = (workbook: string, exercise: string): string => join(workbook, stateFolder, 'runs', `${exercise}.json`);

export async function saveRun(workbook: string, exercise: string, run: LastRun): Promise<void> {
  await writeFileAtomic(file(workbook, exercise), `${JSON.stringify(run)}\n`);
}

/** The last run, or undefined where there is none, or where it can't be read: it is made anew by the next check. */
export async function loadRun(workbook: string, exercise: string): Promise<LastRun | undefined> {
  try {
    return JSON.parse(await readFile(file(workbook, exercise), 'utf8')) as LastRun;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
