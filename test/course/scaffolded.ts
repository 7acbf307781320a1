import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newExercise } from '../../src/author/new.ts';
import { writeCourse } from '../unit/course/small-course.ts';

/** The exercise of `scaffoldedCourse`. */
export const id = '10-count';

/** A course of one scaffolded exercise. */
export async function scaffoldedCourse(): Promise<string> {
  const root = await writeCourse(Object.fromEntries(['exercise.yaml', 'task.md', 'check.ts', 'starter/hello.ts', 'mistakes/forgets/expect.yaml', 'mistakes/forgets/hello.ts', 'variants/javascript/hello.js']
    .map((file): [string, null] => [`exercises/00-hello/${file}`, null])
    .concat([['solutions/00-hello/hello.ts', null]])));
  const lesson = join(root, 'lessons/00-welcome.md');
  await writeFile(lesson, (await readFile(lesson, 'utf8')).replace('[00-hello]', `[${id}]`));
  await newExercise(root, id);
  return root;
}
