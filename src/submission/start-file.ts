import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Exercise } from '../course/types.ts';

const isModule = /\.[mc]?[jt]s$/;

/**
 * The file that starts a submission: the exercise's entry, or, where the choice of files is free, the one that an editable
 * JSON file names as its `start`.
 * @param files what is there, relative to the folder
 */
export async function startFile(exercise: Exercise, folder: string, files: readonly string[]): Promise<string> {
  for (const file of exercise.editable.filter((name) => name.endsWith('.json') && files.includes(name))) {
    const start = /"start"\s*:\s*"(?:\.\/)?([^"\\]+)"/.exec(await readFile(join(folder, file), 'utf8'))?.[1];
    if (start !== undefined && isModule.test(start) && presentFile(start, files) !== undefined) return start;
  }
  return exercise.entry;
}

/**
 * Where a server is worth looking at with a browser: what the exercise says, or the route `list` that such a JSON file
 * declares, or else the root.
 */
export async function servedPath(exercise: Exercise, folder: string, files: readonly string[]): Promise<string> {
  if (exercise.serves !== undefined) return exercise.serves;
  for (const file of exercise.editable.filter((name) => name.endsWith('.json') && files.includes(name))) {
    const path = /"list"\s*:\s*\{[^{}]*"path"\s*:\s*"(\/[^"\\\s:]*)"/.exec(await readFile(join(folder, file), 'utf8'))?.[1];
    if (path !== undefined) return path;
  }
  return '/';
}

/** The file as it was written: `x.ts`, or `x.js` in its place. */
export function presentFile(file: string, files: readonly string[]): string | undefined {
  return [file, file.replace(/\.ts$/, '.js')].find((name) => files.includes(name));
}
