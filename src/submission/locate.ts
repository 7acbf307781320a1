import { lstat, readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { Course } from '../course/types.ts';
import { UserError } from '../errors.ts';
import type { Submission } from './types.ts';

/** The exercises of a workbook, by the folders it has. */
export async function locateWorkbook(folder: string, course: Course): Promise<Submission> {
  const path = resolve(folder);
  const exercises = new Map<string, string>();
  for (const entry of await readdir(path, { withFileTypes: true })) {
    if (entry.isDirectory() && course.exercises.some((exercise) => exercise.id === entry.name)) exercises.set(entry.name, join(path, entry.name));
  }
  return { name: basename(path), path, exercises };
}

/**
 * What a path names: a workbook, one exercise's folder, or a folder of workbooks.
 * @throws UserError where there is nothing to grade in it
 */
export async function locateSubmissions(target: string, course: Course): Promise<Submission[]> {
  const path = resolve(target);
  const state = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  });
  if (!state) throw new UserError(`There is no exercise and no folder "${target}".`, { wayOut: `The exercises are: ${course.exercises.map((exercise) => exercise.id).join(', ')}.` });
  if (!state.isDirectory()) throw new UserError(`${target} is a file; a folder is needed.`, { wayOut: 'Name a workbook, an exercise folder, or a folder of workbooks.' });
  const id = basename(path);
  if (course.exercises.some((exercise) => exercise.id === id)) return [{ name: basename(resolve(path, '..')), path, exercises: new Map([[id, path]]) }];
  const own = await locateWorkbook(path, course);
  if (own.exercises.size > 0) return [own];
  const found: Submission[] = [];
  for (const entry of await readdir(path, { withFileTypes: true })) {
    if (!entry.isDirectory() || entry.name.startsWith('.') || entry.name === 'node_modules') continue;
    const inner = await locateWorkbook(join(path, entry.name), course);
    if (inner.exercises.size > 0) found.push(inner);
  }
  if (found.length > 0) return found.sort((a, b) => (a.name < b.name ? -1 : 1));
  throw new UserError(`${target} holds no exercise of this course.`, {
    wayOut: `A workbook has folders named like its exercises: ${course.exercises.slice(0, 3).map((exercise) => exercise.id).join(', ')}, …`,
  });
}
