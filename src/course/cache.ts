import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sourceFiles } from './files.ts';
import type { Course } from './types.ts';

/** Raised when what the file holds, or means, changes. */
const format = 1;

interface SourceStamp {
  path: string;
  size: number;
  mtimeMs: number;
  /** SHA-256, hex. */
  hash: string;
}

interface CourseFile {
  format: number;
  sources: SourceStamp[];
  /** Without its root: an install is somewhere else than its build. */
  course: Omit<Course, 'root'>;
}

const pathOf = (root: string): string => join(root, 'dist', 'course.json');

/** Writes `dist/course.json`: a validated course and the hashes of what it was made from. */
export async function writeCourseFile(course: Course): Promise<void> {
  const { root, ...data } = course;
  const sources = await Promise.all((await sourceFiles(root)).map((path) => stamp(root, path)));
  const file: CourseFile = { format, sources, course: data };
  await mkdir(join(root, 'dist'), { recursive: true });
  const path = pathOf(root);
  await writeFile(`${path}.${process.pid}`, `${JSON.stringify(file)}\n`);
  await rename(`${path}.${process.pid}`, path);
}

/**
 * The course as `dist/course.json` has it, or undefined where there is no such file or its sources have changed since.
 * A source whose size and time are as they were is taken to be unchanged; else its hash decides, since an installation
 * gives files new times.
 */
export async function readCourseFile(root: string): Promise<Course | undefined> {
  const file = await parse(pathOf(root));
  if (!file) return undefined;
  const paths = await sourceFiles(root);
  if (paths.length !== file.sources.length) return undefined;
  const same = await Promise.all(file.sources.map((source, index) => source.path === paths[index] && unchanged(root, source)));
  return same.every(Boolean) ? { ...file.course, root } : undefined;
}

async function parse(path: string): Promise<CourseFile | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
  try {
    const file = JSON.parse(text) as CourseFile;
    return file.format === format ? file : undefined;
  } catch (error) {
    // Half written or damaged: the sources are there to read instead.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

async function unchanged(root: string, source: SourceStamp): Promise<boolean> {
  const now = await stat(join(root, source.path)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (now?.size !== source.size) return false;
  return now.mtimeMs === source.mtimeMs || (await hashOf(join(root, source.path))) === source.hash;
}

async function stamp(root: string, path: string): Promise<SourceStamp> {
  const { size, mtimeMs } = await stat(join(root, path));
  return { path, size, mtimeMs, hash: await hashOf(join(root, path)) };
}

async function hashOf(path: string): Promise<string> {
  // Loaded only here: a learner's command mostly finds sizes and times unchanged, and starts faster without it.
  const { createHash } = await import('node:crypto');
  return createHash('sha256').update(await readFile(path)).digest('hex');
}
