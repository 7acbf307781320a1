import { lstatSync } from 'node:fs';
import { lstat, mkdir, readdir, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Course } from '../course/types.ts';
import { UserError, exitCodes } from '../errors.ts';
import { writeFileAtomic } from './atomic.ts';
import { linkPackages } from './packages.ts';
import { loadProgress, updateProgress } from './progress.ts';
import { scaffold, workbookPackage, type Assistants } from './scaffold.ts';
import { refreshStarters } from './starters.ts';
import { stateFolder } from './state-folder.ts';

/**
 * The workbook that holds `from`: the nearest folder upward with a `.mongo-course` folder, or undefined. Nearly every command
 * begins with this, so it asks at once: to wait for an answer takes longer than the answer.
 */
export function findWorkbook(from: string): string | undefined {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    if (isWorkbook(folder)) return folder;
    if (dirname(folder) === folder) return undefined;
  }
}

/** Whether this very folder is one. */
export function isWorkbook(folder: string): boolean {
  try {
    return lstatSync(join(folder, stateFolder)).isDirectory();
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}

/**
 * Makes a workbook in a folder that is empty or does not exist.
 * @throws UserError where the folder holds other things, or can't be written to
 */
export async function createWorkbook(folder: string, course: Course, assistants: Assistants): Promise<void> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException): string[] => {
    if (error.code === 'ENOENT') return [];
    if (error.code === 'ENOTDIR') throw new UserError(`${folder} is a file, not a folder.`, { wayOut: 'Name another folder.' });
    throw error;
  });
  if (names.includes(stateFolder)) throw new UserError(`${folder} is a workbook already.`, { wayOut: `Go on there: cd ${folder}, then npx mongo-course next` });
  if (names.some((name) => !name.startsWith('.'))) {
    throw new UserError(`${folder} is not empty, so no workbook was made in it.`, { wayOut: 'Name a new folder: mongo-course init my-workbook' });
  }
  try {
    await mkdir(join(folder, stateFolder), { recursive: true });
  } catch (error) {
    throw new UserError(`${folder} can't be written to: ${(error as Error).message}.`, {
      wayOut: 'Choose a folder of your own.', exitCode: exitCodes.environment, cause: error,
    });
  }
  await writeMissing(folder, scaffold(course, assistants));
  await linkPackages(folder, course.root);
  await updateProgress(folder, course, () => undefined);
}

export interface Prepared {
  /** Sentences for the person: what was repaired or changed. */
  notes: string[];
}

/**
 * Makes a workbook ready for this copy of the course: packages linked, progress readable, files of a newer course added.
 * No file of the learner's is touched.
 */
export async function prepareWorkbook(folder: string, course: Course): Promise<Prepared> {
  const notes: string[] = [];
  const link = await linkPackages(folder, course.root);
  if (typeof link === 'object') notes.push(`Editors won't find types here: node_modules could not be linked (${link.refused}). Checking works all the same.`);
  await writeMissing(folder, needed(scaffold(course, 'allow')));
  const { progress, repaired } = await loadProgress(folder, course);
  if (repaired) notes.push(repaired);
  if (progress.course.version !== course.version) {
    notes.push(`This workbook now uses version ${course.version} of the course (it was ${progress.course.version}). Your files are as you left them.`);
    const fresh: string[] = [];
    for (const exercise of course.exercises) fresh.push(...(await refreshStarters(folder, course, exercise)).map((file) => `${exercise.id}/${file}`));
    if (fresh.length > 0) notes.push(`The course has a newer ${fresh.join(', ')}; you had not changed ${fresh.length === 1 ? 'it' : 'them'}, so the newer ${fresh.length === 1 ? 'one is' : 'ones are'} there now.`);
  }
  if (repaired || progress.course.version !== course.version) {
    await updateProgress(folder, course, (stored) => {
      Object.assign(stored, progress, { course: { name: course.name, version: course.version } });
    });
  }
  return { notes };
}

/** Of the workbook's own files those that code and editors can't do without. */
function needed(files: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).filter(([path]) => path === 'package.json' || path === 'tsconfig.json'));
}

/** A workbook whose `.mongo-course` is gone, here or upward: its own package.json tells it. */
export async function findLostWorkbook(from: string): Promise<string | undefined> {
  for (let folder = resolve(from); dirname(folder) !== folder; folder = dirname(folder)) {
    const text = await readFile(join(folder, 'package.json'), 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (['ENOENT', 'ENOTDIR', 'EACCES', 'EISDIR'].includes(error.code ?? '')) return '';
      throw error;
    });
    if (text.includes(`"name": "${workbookPackage}"`) && !isWorkbook(folder)) return folder;
  }
  return undefined;
}

/** Makes a lost workbook one again. The learner's files stay; what they had passed is found out by checking. */
export async function reviveWorkbook(folder: string, course: Course): Promise<void> {
  await mkdir(join(folder, stateFolder), { recursive: true });
  await linkPackages(folder, course.root);
  await updateProgress(folder, course, () => undefined);
}

async function writeMissing(folder: string, files: Record<string, string>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    const target = join(folder, path);
    const there = await lstat(target).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
    if (!there) await writeFileAtomic(target, text);
  }
}
