import { createHash } from 'node:crypto';
import { cp, lstat, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { Course, Exercise } from '../course/types.ts';
import { UserError } from '../errors.ts';
import { didYouMean } from '../nearest.ts';
import { writeFileAtomic } from './atomic.ts';
import { backupExercise, type Backup } from './backups.ts';
import { givenDigests, isAsGiven, noteGiven } from './starters.ts';

const starter = (course: Course, exercise: Exercise): string => join(course.root, 'exercises', exercise.id, 'starter');

/** Files of a folder by relative path with forward slashes, sorted; links, `node_modules` and hidden folders left out. */
export async function filesOf(folder: string): Promise<string[]> {
  const found: string[] = [];
  const walk = async (current: string): Promise<void> => {
    for (const entry of await readdir(current, { withFileTypes: true })) {
      const path = join(current, entry.name);
      if (entry.isDirectory() && entry.name !== 'node_modules' && !entry.name.startsWith('.')) await walk(path);
      else if (entry.isFile()) found.push(relative(folder, path).split(sep).join('/'));
    }
  };
  await walk(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
  });
  return found.sort();
}

/**
 * Puts an exercise's files into the workbook. Files that are there already stay as they are.
 * @returns the files that were written
 */
export async function openExercise(workbook: string, course: Course, exercise: Exercise): Promise<string[]> {
  const target = join(workbook, exercise.id);
  const written: string[] = [];
  for (const file of await filesOf(starter(course, exercise))) {
    if (await replacedByOtherEnding(target, file)) continue;
    const to = join(target, file);
    if (await exists(to)) continue;
    await writeFileAtomic(to, await readFile(join(starter(course, exercise), file)));
    written.push(file);
  }
  await noteGiven(workbook, exercise.id, starter(course, exercise), written);
  return written;
}

/** True where a learner works in `x.js` in place of `x.ts`. */
async function replacedByOtherEnding(target: string, file: string): Promise<boolean> {
  return file.endsWith('.ts') && exists(join(target, file.replace(/\.ts$/, '.js')));
}

/** The files a learner wrote or changed: everything in the folder that differs from the starter. */
export async function touchedFiles(workbook: string, course: Course, exercise: Exercise): Promise<string[]> {
  const from = starter(course, exercise);
  const touched: string[] = [];
  const digests = await givenDigests(workbook, exercise.id);
  for (const file of await filesOf(join(workbook, exercise.id))) {
    const original = await readFile(join(from, file)).catch(missing);
    const current = await readFile(join(workbook, exercise.id, file));
    if (original?.equals(current) || isAsGiven(current, file, digests)) continue;
    touched.push(file);
  }
  return touched;
}

/** SHA-256, hex, of an exercise's files in the workbook: names and contents. */
export async function exerciseDigest(workbook: string, exercise: string): Promise<string> {
  const hash = createHash('sha256');
  const folder = join(workbook, exercise);
  for (const file of await filesOf(folder)) {
    const bytes = await readFile(join(folder, file));
    hash.update(`${file}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest('hex');
}

/** Puts the starter files back; all that was there is in the backup first. Works from any broken state. */
export async function resetExercise(workbook: string, course: Course, exercise: Exercise): Promise<Backup | undefined> {
  const backup = await emptyIntoBackup(workbook, exercise);
  await openExercise(workbook, course, exercise);
  return backup;
}

/** Puts a backup back in place; what was there is backed up first. */
export async function restoreExercise(workbook: string, exercise: Exercise, from: Backup): Promise<Backup | undefined> {
  const backup = await emptyIntoBackup(workbook, exercise);
  await cp(from.path, join(workbook, exercise.id), { recursive: true, verbatimSymlinks: true });
  return backup;
}

async function emptyIntoBackup(workbook: string, exercise: Exercise): Promise<Backup | undefined> {
  const target = join(workbook, exercise.id);
  const state = await lstat(target).catch(missing);
  if (state && !state.isDirectory()) {
    await rename(target, `${target}.${Date.now()}.kept`);
    return undefined;
  }
  const backup = await backupExercise(workbook, exercise.id);
  await rm(target, { recursive: true, force: true });
  return backup;
}

/** The exercise that an id, its number or its name alone stands for: `01-connect`, `1`, `connect`. */
export function matchExercise(course: Course, id: string): Exercise | undefined {
  const wanted = id.replace(/[\\/]+$/, '');
  const exact = course.exercises.find((exercise) => exercise.id === wanted);
  if (exact) return exact;
  const matches = course.exercises.filter((exercise) => /^\d+$/.test(wanted) ? Number(exercise.id.slice(0, 2)) === Number(wanted) : exercise.id.endsWith(`-${wanted}`));
  return matches.length === 1 ? matches[0] : undefined;
}

/** @throws UserError naming the ids there are */
export function findExercise(course: Course, id: string): Exercise {
  const found = matchExercise(course, id);
  if (found) return found;
  const ids = course.exercises.map((exercise) => exercise.id);
  throw new UserError(`There is no exercise "${id}".`, { wayOut: `${didYouMean(id, ids)}The exercises are: ${ids.join(', ')}.` });
}

async function exists(path: string): Promise<boolean> {
  return (await lstat(path).catch(missing)) !== undefined;
}

function missing(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
  throw error;
}
