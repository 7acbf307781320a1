import { readFileSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sourceFiles } from './files.ts';
import type { Course } from './types.ts';

/** Raised when what the file holds, or means, changes. */
const format = 2;

interface CourseFile {
  format: number;
  /** The files it was made from, by path, each with the CRC-32 of its bytes. */
  sources: Record<string, number>;
  /** Without its root: an install is somewhere else than its build. */
  course: Omit<Course, 'root'>;
}

const pathOf = (root: string): string => join(root, 'dist', 'course.json');

/** Writes `dist/course.json`: a validated course and the checksums of what it was made from. */
export async function writeCourseFile(course: Course): Promise<void> {
  const { root, ...data } = course;
  const file: CourseFile = { format, sources: checksums(root), course: data };
  await mkdir(join(root, 'dist'), { recursive: true });
  const path = pathOf(root);
  await writeFile(`${path}.${process.pid}`, `${JSON.stringify(file)}\n`);
  await rename(`${path}.${process.pid}`, path);
}

/**
 * The course as `dist/course.json` has it, or undefined where there is no such file or its sources have changed since.
 * Their bytes decide: an installation gives files new times. Nearly every command waits for this and has nothing else to
 * do meanwhile, so it reads at once: each of these small files takes longer to wait for than to read.
 */
export function readCourseFile(root: string): Course | undefined {
  const file = parse(pathOf(root));
  if (!file) return undefined;
  const now = checksums(root);
  const paths = Object.keys(now);
  const same = paths.length === Object.keys(file.sources).length && paths.every((path) => now[path] === file.sources[path]);
  return same ? { ...file.course, root } : undefined;
}

function parse(path: string): CourseFile | undefined {
  const text = read(path);
  if (text === undefined) return undefined;
  try {
    const file = JSON.parse(text.toString()) as CourseFile;
    return file.format === format ? file : undefined;
  } catch (error) {
    // Half written or damaged: the sources are there to read instead.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Of every source that is there. A checksum tells an edit as surely as a digest would, and node:crypto loads slowly. */
function checksums(root: string): Record<string, number> {
  const { crc32 } = process.getBuiltinModule('node:zlib');
  const sums: Record<string, number> = {};
  for (const path of sourceFiles(root)) {
    const bytes = read(join(root, path));
    if (bytes) sums[path] = crc32(bytes);
  }
  return sums;
}

/** Undefined where there is no such file. */
function read(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}
