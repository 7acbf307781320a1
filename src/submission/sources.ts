import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import type { Course, Exercise } from '../course/types.ts';

/** A copy of what is graded: the learner's files, the given ones as the course has them. */
export interface Sources {
  /** The folder of the copy. */
  folder: string;
  /** Paths relative to it, sorted. */
  files: string[];
  /** SHA-256, hex, of names and contents. */
  digest: string;
  /** Sentences for the report: what was restored. */
  notes: string[];
  /** Where x.ts and x.js were both written: the check `compiles` fails. */
  ambiguous: string[];
}

/** More than this of one file, or of so many files of an exercise, is not graded. */
export const mostBytes = 5 * 1024 * 1024;
export const mostFiles = 500;
const left = new Set(['node_modules', '.git', '.mongo-course', '.vscode', 'dist', 'coverage']);

/** What is graded of an exercise's folder, by path, and its digest. */
export interface ReadSources extends Omit<Sources, 'folder'> {
  contents: Map<string, Buffer>;
}

/** Copies an exercise's folder; links, `.env`, `node_modules` and what is too large stay behind. */
export async function copySources(course: Course, exercise: Exercise, from: string, to: string): Promise<Sources> {
  const { contents, ...sources } = await readSources(course, exercise, from);
  for (const file of sources.files) {
    await mkdir(dirname(join(to, file)), { recursive: true });
    await writeFile(join(to, file), contents.get(file) as Buffer);
  }
  return { folder: to, ...sources };
}

/** The digest that a verdict on these exercises would have: of what would be graded. */
export async function digestSubmission(course: Course, exercises: readonly Exercise[], folders: ReadonlyMap<string, string>): Promise<string> {
  const parts: [string, string][] = [];
  for (const exercise of exercises) {
    const folder = folders.get(exercise.id);
    if (folder !== undefined) parts.push([exercise.id, (await readSources(course, exercise, folder)).digest]);
  }
  return combineDigests(parts);
}

/** One digest of the digests of several exercises, in the order given. */
export function combineDigests(parts: readonly (readonly [id: string, digest: string])[]): string {
  const hash = createHash('sha256');
  for (const [id, digest] of parts) hash.update(`${id}\0${digest}\0`);
  return hash.digest('hex');
}

/** As `copySources`, without the copy. */
export async function readSources(course: Course, exercise: Exercise, from: string): Promise<ReadSources> {
  const starter = join(course.root, 'exercises', exercise.id, 'starter');
  const notes: string[] = [];
  const chosen = new Map<string, Buffer>();
  for (const file of await walk(from)) {
    const { size } = await stat(join(from, file));
    if (size > mostBytes || chosen.size >= mostFiles) notes.push(`${file} was left out: it is too large, or one of too many files.`);
    else chosen.set(file, await readFile(join(from, file)));
  }
  await restoreGiven(exercise, starter, chosen, notes);
  const ambiguous = await chooseEndings(exercise, starter, chosen);
  const hash = createHash('sha256');
  const files = [...chosen.keys()].sort();
  for (const file of files) {
    const bytes = chosen.get(file) as Buffer;
    hash.update(`${file}\0${bytes.length}\0`).update(bytes);
  }
  return { contents: chosen, files, digest: hash.digest('hex'), notes, ambiguous };
}

async function walk(root: string): Promise<string[]> {
  const files: string[] = [];
  const visit = async (folder: string): Promise<void> => {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory() && !left.has(entry.name)) await visit(path);
      else if (entry.isFile() && !/^\.env(\..*)?$/.test(entry.name)) files.push(relative(root, path).split(sep).join('/'));
    }
  };
  await visit(root);
  return files.sort();
}

async function restoreGiven(exercise: Exercise, starter: string, chosen: Map<string, Buffer>, notes: string[]): Promise<void> {
  for (const file of exercise.given) {
    const original = await readFile(join(starter, file));
    const theirs = chosen.get(file);
    if (theirs && !theirs.equals(original)) notes.push(`${file} is given by the course; your changed copy was not used.`);
    const other = twin(file);
    if (chosen.delete(other)) notes.push(`${other} was left out: the course gives ${file}.`);
    chosen.set(file, original);
  }
}

const twin = (file: string): string => (file.endsWith('.ts') ? file.replace(/\.ts$/, '.js') : file.replace(/\.js$/, '.ts'));

/** Of x.ts and x.js the one that differs from the starter counts; where both do, nobody can tell. */
async function chooseEndings(exercise: Exercise, starter: string, chosen: Map<string, Buffer>): Promise<string[]> {
  const ambiguous: string[] = [];
  for (const file of exercise.editable) {
    const other = twin(file);
    const [mine, second] = [chosen.get(file), chosen.get(other)];
    if (other === file || !mine || !second) continue;
    const original = await readFile(join(starter, file)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (original?.equals(mine)) chosen.delete(file);
    else ambiguous.push(`${file} and ${other}`);
  }
  return ambiguous;
}
