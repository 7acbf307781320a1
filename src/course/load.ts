import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UserError } from '../errors.ts';
import { readCourseFile } from './cache.ts';
import { splitPage } from './markdown.ts';
import type { Course } from './types.ts';

/** Absolute path of the course that ships with this program: the package's own folder. */
export function courseRoot(): string {
  return dirname(dirname(dirname(fileURLToPath(import.meta.url))));
}

/**
 * Loads a course, by default the one that ships. While `dist/course.json` matches its sources it is all that is read;
 * else everything is validated anew.
 * @throws UserError where the folder holds no course, or listing the mistakes in it
 */
export async function loadCourse(root: string = courseRoot()): Promise<Course> {
  const folder = resolve(root);
  const built = readCourseFile(folder);
  if (built) return built;
  const { validateCourse } = await import('./validate.ts');
  return validateCourse(folder);
}

/**
 * A lesson's Markdown, front matter left out.
 * @throws UserError naming the lessons there are
 */
export async function readLesson(course: Course, id: string): Promise<string> {
  const lesson = course.lessons.find((one) => one.id === id);
  if (!lesson) {
    throw new UserError(`There is no lesson "${id}".`, { wayOut: `The lessons are: ${course.lessons.map((one) => one.id).join(', ')}.` });
  }
  return splitPage(await readFile(join(course.root, lesson.path), 'utf8')).body;
}

/**
 * An exercise's task, Markdown.
 * @throws UserError naming the exercises there are
 */
export async function readTask(course: Course, id: string): Promise<string> {
  if (!course.exercises.some((exercise) => exercise.id === id)) {
    throw new UserError(`There is no exercise "${id}".`, { wayOut: `The exercises are: ${course.exercises.map((exercise) => exercise.id).join(', ')}.` });
  }
  return readFile(join(course.root, 'exercises', id, 'task.md'), 'utf8');
}
