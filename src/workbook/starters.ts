import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Course, Exercise } from '../course/types.ts';
import { writeFileAtomic } from './atomic.ts';
import { backupExercise } from './backups.ts';
import { stateFolder } from './state-folder.ts';

const record = (workbook: string, exercise: string): string => join(workbook, stateFolder, 'starters', `${exercise}.json`);

/** SHA-256, hex. Most commands never ask, and loading this part of Node.js delays them. */
const digestOf = (bytes: Buffer): string => process.getBuiltinModule('node:crypto').createHash('sha256').update(bytes).digest('hex');

/** What starter files were when they were put into the workbook, by path: whether a learner touched them can be told after an upgrade too. */
export async function givenDigests(workbook: string, exercise: string): Promise<Record<string, string>> {
  const text = await readFile(record(workbook, exercise), 'utf8').catch(missing);
  if (text === undefined) return {};
  try {
    return JSON.parse(text) as Record<string, string>;
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

/** True where these bytes are what the course once put there. */
export function isAsGiven(bytes: Buffer, file: string, digests: Readonly<Record<string, string>>): boolean {
  return digests[file] === digestOf(bytes);
}

/** Notes what was put into the workbook. */
export async function noteGiven(workbook: string, exercise: string, folder: string, files: readonly string[]): Promise<void> {
  if (files.length === 0) return;
  const digests = await givenDigests(workbook, exercise);
  for (const file of files) digests[file] = digestOf(await readFile(join(folder, file)));
  await writeFileAtomic(record(workbook, exercise), `${JSON.stringify(digests)}\n`);
}

/**
 * Puts a newer course's starter files in place of those the learner never touched; a backup is made first.
 * @returns the files that are new
 */
export async function refreshStarters(workbook: string, course: Course, exercise: Exercise): Promise<string[]> {
  const digests = await givenDigests(workbook, exercise.id);
  const from = join(course.root, 'exercises', exercise.id, 'starter');
  const outdated: string[] = [];
  for (const file of [...exercise.editable, ...exercise.given]) {
    const [ours, theirs] = await Promise.all([readFile(join(from, file)).catch(missing), readFile(join(workbook, exercise.id, file)).catch(missing)]);
    if (ours && theirs && !ours.equals(theirs) && isAsGiven(theirs, file, digests)) outdated.push(file);
  }
  if (outdated.length === 0) return [];
  await backupExercise(workbook, exercise.id);
  for (const file of outdated) await copyFile(join(from, file), join(workbook, exercise.id, file));
  await noteGiven(workbook, exercise.id, from, outdated);
  return outdated;
}

function missing(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR' || error.code === 'EISDIR') return undefined;
  throw error;
}
