import { readdirSync, type Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Folders of exercises and files of lessons are named so. */
export const numbered = /^\d\d-[a-z0-9]+(-[a-z0-9]+)*$/;

/** The exercises' ids: folders `exercises/NN-slug`, sorted. */
export async function exerciseIds(root: string): Promise<string[]> {
  return (await entries(join(root, 'exercises'))).filter(isExercise).map((entry) => entry.name).sort();
}

/** Names, without their ending, of a folder's files with that ending, sorted; none where there is no folder. */
export async function namesOf(folder: string, ending: string): Promise<string[]> {
  return (await entries(folder)).filter((entry) => entry.isFile() && entry.name.endsWith(ending)).map((entry) => entry.name.slice(0, -ending.length)).sort();
}

/** Names of a folder's folders, sorted; none where it is not there. */
export async function foldersOf(folder: string): Promise<string[]> {
  return (await entries(folder)).filter((entry) => entry.isDirectory()).map((entry) => entry.name).sort();
}

/** Every file below a folder, relative, forward slashes, sorted; none where it is not there. */
export async function filesBelow(folder: string, under = ''): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await entries(join(folder, under))) {
    const path = under === '' ? entry.name : `${under}/${entry.name}`;
    if (entry.isDirectory() && entry.name !== 'node_modules') found.push(...(await filesBelow(folder, path)));
    else if (entry.isFile()) found.push(path);
  }
  return found.sort();
}

/**
 * The files that `dist/course.json` is made from, relative to the course's root: what it says changes only when one of
 * these does, or one comes or goes. Read at once: see `readCourseFile`.
 */
export function sourceFiles(root: string): string[] {
  const files = (folder: string, ending: string): string[] => entriesNow(join(root, folder)).filter((entry) => entry.isFile() && entry.name.endsWith(ending)).map((entry) => `${folder}/${entry.name}`);
  const exercises = entriesNow(join(root, 'exercises')).filter(isExercise).map((entry) => `exercises/${entry.name}/exercise.yaml`);
  return ['package.json', ...files('lessons', '.md'), ...files('lessons/quizzes', '.yaml'), ...exercises].sort();
}

const isExercise = (entry: Dirent): boolean => entry.isDirectory() && /^\d/.test(entry.name);

async function entries(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    return noneWhereMissing(error);
  }
}

function entriesNow(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    return noneWhereMissing(error);
  }
}

function noneWhereMissing(error: unknown): Dirent[] {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') return [];
  throw error;
}
