import { cp, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { stateFolder } from './state-folder.ts';

/** One kept copy of an exercise's folder. */
export interface Backup {
  /** The time it was made, as in its folder's name: `2026-11-24T08-45-02-123Z`. */
  id: string;
  path: string;
}

const unfinishedEnding = '.unfinished';

const folder = (workbook: string, exercise: string): string => join(workbook, stateFolder, 'backups', exercise);

/** Copies an exercise's folder, whatever it holds, before something changes it. Undefined where there is nothing to keep. */
export async function backupExercise(workbook: string, exercise: string): Promise<Backup | undefined> {
  const source = join(workbook, exercise);
  const names = await readdir(source).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw error;
  });
  if (names.length === 0) return undefined;
  const id = new Date().toISOString().replace(/[:.]/g, '-');
  const path = join(folder(workbook, exercise), id);
  // Under another name until all of it is there: half a copy is no backup.
  const unfinished = `${path}${unfinishedEnding}`;
  try {
    await mkdir(unfinished, { recursive: true });
    await cp(source, unfinished, { recursive: true, verbatimSymlinks: true, filter: (from) => !/[\\/]node_modules$/.test(from) });
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    throw error;
  }
  return { id, path };
}

/** The kept copies, newest first. */
export async function listBackups(workbook: string, exercise: string): Promise<Backup[]> {
  const root = folder(workbook, exercise);
  const names = await readdir(root).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return names.filter((name) => !name.endsWith(unfinishedEnding)).sort().reverse().map((id) => ({ id, path: join(root, id) }));
}
