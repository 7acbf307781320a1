import type { Course, Exercise } from '../../course/types.ts';

/** A workbook found among files: the folder that its exercises are in, and each exercise's folder. */
export interface Root {
  /** Forward slashes; empty for the top. */
  path: string;
  exercises: Map<string, string>;
}

/**
 * The workbooks among files, at any depth: folders that hold folders named like exercises. An exercise within an exercise
 * doesn't count.
 * @param files relative paths, forward slashes
 */
export function findRoots(files: readonly string[], course: Course): Root[] {
  const ids = new Set(course.exercises.map((exercise) => exercise.id));
  const roots = new Map<string, Root>();
  for (const file of files) {
    const parts = file.split('/').slice(0, -1);
    const at = parts.findIndex((part) => ids.has(part));
    if (at < 0) continue;
    const path = parts.slice(0, at).join('/');
    const root = roots.get(path) ?? { path, exercises: new Map<string, string>() };
    roots.set(path, root);
    root.exercises.set(parts[at] as string, parts.slice(0, at + 1).join('/'));
  }
  return [...roots.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/**
 * Folders that hold a file of one exercise by its name, for those who hand in the files alone.
 * @param files relative paths, forward slashes
 */
export function findLooseFolders(files: readonly string[], exercise: Exercise): string[] {
  const wanted = new Set(exercise.editable.flatMap((file) => [file, file.replace(/\.ts$/, '.js')]));
  const folders = files.filter((file) => wanted.has(file.split('/').at(-1) ?? '')).map((file) => file.split('/').slice(0, -1).join('/'));
  return [...new Set(folders)].sort();
}
