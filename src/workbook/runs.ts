import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExerciseVerdict, TraceEntry } from '../verdict/types.ts';
import { writeFileAtomic } from './atomic.ts';
import { stateFolder } from './state-folder.ts';

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
    const run = JSON.parse(await readFile(file(workbook, exercise), 'utf8')) as Partial<LastRun> | null;
    return Array.isArray(run?.trace) && Array.isArray(run.verdict?.checks) ? (run as LastRun) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The last run of every exercise that has one. */
export async function lastRuns(workbook: string): Promise<LastRun[]> {
  const names = await readdir(join(workbook, stateFolder, 'runs')).catch((error: NodeJS.ErrnoException): string[] => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const runs = await Promise.all(names.filter((name) => name.endsWith('.json')).map((name) => loadRun(workbook, name.replace(/\.json$/, ''))));
  return runs.filter((run) => run !== undefined);
}
