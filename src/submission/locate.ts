import { lstat, readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { Course, Exercise } from '../course/types.ts';
import { UserError } from '../errors.ts';
import { ArchiveError, listArchive } from './intake/archive.ts';
import { readExportName } from './intake/export-names.ts';
import { gradescopeFile, readGradescope } from './intake/gradescope.ts';
import { ListingError, listFolder } from './intake/listing.ts';
import { findLooseFolders, findRoots } from './intake/roots.ts';
import { isSkipped } from './intake/skipped.ts';
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
 * What a path names: a workbook, one exercise's folder, a zip of either, or a class, a folder of these. What of a class
 * can't be read comes first.
 * @param only the exercise, where exactly one is graded: its files alone are then enough
 * @throws UserError where there is nothing to grade in it
 */
export async function locateSubmissions(target: string, course: Course, only?: Exercise): Promise<Submission[]> {
  const path = resolve(target);
  const state = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  });
  if (!state) throw new UserError(`There is no exercise and no folder "${target}".`, { wayOut: `The exercises are: ${course.exercises.map((exercise) => exercise.id).join(', ')}.` });
  if (state.isFile() && /\.zip$/i.test(path)) return [await fromArchive(path, readExportName(basename(path)).name, course, only)];
  if (!state.isDirectory()) throw new UserError(`${target} is neither a folder nor a zip.`, { wayOut: 'Name a workbook, an exercise folder, a zip, or a folder of these.' });
  const id = basename(path);
  if (course.exercises.some((exercise) => exercise.id === id)) return [{ name: basename(resolve(path, '..')), path, exercises: new Map([[id, path]]) }];
  const own = await locateWorkbook(path, course);
  if (own.exercises.size > 0) return [own];
  const found = await locateClass(path, course, only);
  if (found.length > 0) return found;
  throw new UserError(`${target} holds no exercise of this course.`, {
    wayOut: `A workbook has folders named like its exercises: ${course.exercises.slice(0, 3).map((exercise) => exercise.id).join(', ')}, …`,
  });
}

/** Every folder and zip of a class is a submission; a single folder that holds nothing but folders is looked into. */
async function locateClass(folder: string, course: Course, only: Exercise | undefined): Promise<Submission[]> {
  const entries = (await readdir(folder, { withFileTypes: true })).filter((entry) => !entry.name.startsWith('.') && !isSkipped(entry.name));
  const folders = entries.filter((entry) => entry.isDirectory());
  const zips = entries.filter((entry) => entry.isFile() && /\.zip$/i.test(entry.name));
  const single = folders.length === 1 && zips.length === 0 && !entries.some((entry) => entry.name === gradescopeFile) ? folders[0] : undefined;
  if (single && (await isClass(join(folder, single.name), course))) return locateClass(join(folder, single.name), course, only);
  const known = await readGradescope(folder);
  const found: Submission[] = [];
  for (const entry of [...folders, ...zips].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    const said = readExportName(entry.name);
    const told = known.get(entry.name.replace(/\.zip$/i, ''));
    const name = told?.name ?? said.name;
    const submission = entry.isDirectory() ? await fromFolder(path, name, course, only) : await fromArchive(path, name, course, only);
    found.push({ ...submission, ...(said.late ? { lateBy: markedLate } : {}), keys: [said.name, ...said.ids, ...(told?.keys ?? [])], ...(told?.submittedAt === undefined ? {} : { submittedAt: told.submittedAt }) });
  }
  if (found.every((one) => one.unreadable === nothingFound)) return [];
  const distinct = withDistinctNames(found);
  return [...distinct.filter((one) => one.unreadable !== undefined), ...distinct.filter((one) => one.unreadable === undefined)];
}

/** A folder of students, and not the one student's own: no exercise is directly in it, and more than one folder or zip is. */
async function isClass(folder: string, course: Course): Promise<boolean> {
  if ((await locateWorkbook(folder, course)).exercises.size > 0) return false;
  const entries = (await readdir(folder, { withFileTypes: true })).filter((entry) => !entry.name.startsWith('.') && !isSkipped(entry.name));
  const candidates = entries.filter((entry) => entry.isDirectory() || /\.zip$/i.test(entry.name));
  return candidates.length > 1 || entries.some((entry) => entry.name === gradescopeFile);
}

/** Canvas says that something was late, by its own due date, and not by how much. */
const markedLate = 'an unknown time (marked LATE by Canvas)';

const nothingFound = 'No exercise of the course was found in it.';

async function fromFolder(path: string, name: string, course: Course, only: Exercise | undefined): Promise<Submission> {
  let files: string[];
  try {
    files = await listFolder(path);
  } catch (error) {
    if (!(error instanceof ListingError)) throw error;
    return { name, path, exercises: new Map(), unreadable: error.message };
  }
  const chosen = choose(files, course, only);
  if ('exercises' in chosen) return { name, path, exercises: new Map([...chosen.exercises].map(([id, inner]) => [id, join(path, inner)])) };
  const zips = files.filter((file) => /\.zip$/i.test(file));
  if (chosen.unreadable === nothingFound && zips.length === 1) return { ...(await fromArchive(join(path, zips[0] as string), name, course, only)), path };
  if (chosen.unreadable === nothingFound && zips.length > 1) return { name, path, exercises: new Map(), unreadable: `It holds ${zips.length} archives (${zips.slice(0, 3).join(', ')}), so it is unclear which one counts.` };
  return { name, path, exercises: new Map(), unreadable: chosen.unreadable };
}

async function fromArchive(path: string, name: string, course: Course, only: Exercise | undefined): Promise<Submission> {
  try {
    const chosen = choose(await listArchive(path), course, only);
    if ('exercises' in chosen) return { name, path, archive: path, exercises: chosen.exercises };
    return { name, path, exercises: new Map(), unreadable: chosen.unreadable };
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error;
    return { name, path, exercises: new Map(), unreadable: error.message };
  }
}

/** The one workbook among files, or why none can be chosen. */
function choose(files: readonly string[], course: Course, only: Exercise | undefined): { exercises: Map<string, string> } | { unreadable: string } {
  const roots = findRoots(files, course);
  const wanted = only ? roots.filter((root) => root.exercises.has(only.id)) : roots;
  if (wanted.length === 1) return { exercises: (wanted[0] as (typeof wanted)[number]).exercises };
  const places = (paths: readonly string[]): string => paths.slice(0, 3).map((one) => (one === '' ? 'the top folder' : `"${one}"`)).join(', ') + (paths.length > 3 ? ', …' : '');
  if (wanted.length > 1) return { unreadable: `It holds ${wanted.length} workbooks (in ${places(wanted.map((root) => root.path))}), so it is unclear which one counts.` };
  if (only) {
    const loose = findLooseFolders(files, only);
    if (loose.length === 1) return { exercises: new Map([[only.id, loose[0] as string]]) };
    if (loose.length > 1) return { unreadable: `It holds ${only.editable[0] ?? only.entry} in ${loose.length} folders (${places(loose)}), so it is unclear which one counts.` };
    if (roots.length === 1) return { exercises: (roots[0] as (typeof roots)[number]).exercises };
  }
  return { unreadable: nothingFound };
}

/** Two students of one name are told apart by what they handed in. */
function withDistinctNames(submissions: readonly Submission[]): Submission[] {
  const count = new Map<string, number>();
  for (const { name } of submissions) count.set(name, (count.get(name) ?? 0) + 1);
  return submissions.map((one) => ((count.get(one.name) ?? 0) > 1 ? { ...one, name: basename(one.path) } : one));
}
