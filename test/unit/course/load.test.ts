import { readFile, rm, unlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeCourseFile } from '../../../src/course/cache.ts';
import { loadCourse, readLesson, readTask } from '../../../src/course/load.ts';
import { validateCourse } from '../../../src/course/validate.ts';
import { writeCourse } from './small-course.ts';

/** A built course whose course.json says another title, so that one can tell where it was read from. */
async function built(): Promise<string> {
  const root = await writeCourse();
  await writeCourseFile(await validateCourse(root));
  const path = join(root, 'dist', 'course.json');
  await writeFile(path, (await readFile(path, 'utf8')).replace('Say hello', 'From the build'));
  return root;
}

const title = async (root: string): Promise<string | undefined> => (await loadCourse(root)).exercises[0]?.title;

test('a built course is read from course.json alone', async () => {
  const root = await built();
  expect(await title(root)).toBe('From the build');
  expect(await loadCourse(root)).toMatchObject({ root, name: 'small' });
});

test('a course that was installed, so that its files have new times, is still read from course.json', async () => {
  const root = await built();
  await utimes(join(root, 'exercises/00-hello/exercise.yaml'), new Date(0), new Date(0));
  expect(await title(root)).toBe('From the build');
});

test('a changed source counts at once', async () => {
  const root = await built();
  const path = join(root, 'exercises/00-hello/exercise.yaml');
  await writeFile(path, (await readFile(path, 'utf8')).replace('Say hello', 'Say hullo'));
  await utimes(path, new Date(0), new Date(0));
  expect(await title(root)).toBe('Say hullo');
});

test('a source that came counts at once', async () => {
  const root = await built();
  await writeFile(join(root, 'lessons/01-more.md'), '---\ntitle: More\nobjectives: [x]\nminutes: 1\n---\n');
  expect((await loadCourse(root)).lessons.map((lesson) => lesson.id)).toEqual(['00-welcome', '01-more']);
});

test('a source that went is noticed', async () => {
  const root = await built();
  await unlink(join(root, 'exercises/00-hello/exercise.yaml'));
  await expect(loadCourse(root)).rejects.toThrow('exercise.yaml is missing');
});

test.each(['{', '{"format":0}', ''])('a course.json that is damaged or of another version (%j) is passed over', async (text) => {
  const root = await built();
  await writeFile(join(root, 'dist/course.json'), text);
  expect(await title(root)).toBe('Say hello');
});

test('a course needs no dist', async () => {
  const root = await built();
  await rm(join(root, 'dist'), { recursive: true });
  expect(await title(root)).toBe('Say hello');
});

test('lessons and tasks are read as Markdown', async () => {
  const course = await loadCourse(await writeCourse());
  expect(await readLesson(course, '00-welcome')).toBe('# Welcome\n\n## One client\n');
  expect(await readTask(course, '00-hello')).toBe('# Say hello\n');
  await expect(readLesson(course, '09-none')).rejects.toThrow('There is no lesson "09-none".');
  await expect(readTask(course, '09-none')).rejects.toThrow('There is no exercise "09-none".');
});
