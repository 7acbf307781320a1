import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { UserError } from '../errors.ts';
import { checkExerciseFolder } from './exercise-folder.ts';
import { exerciseIds, namesOf, numbered } from './files.ts';
import { headingsOf, splitPage } from './markdown.ts';
import { courseError, type Problem } from './problems.ts';
import { exerciseSchema, lessonSchema, packageSchema, quizSchema } from './schemas.ts';
import type { Course, Exercise, Lesson, Quiz } from './types.ts';
import { placeOfField, readYaml } from './yaml.ts';

/**
 * Reads and checks all of a course's data. Loads zod and yaml: a learner's commands call `loadCourse` instead.
 * @throws UserError that lists every mistake of the author's, with file, line, field and what was expected
 */
export async function validateCourse(folder: string): Promise<Course> {
  const root = resolve(folder);
  const problems: Problem[] = [];
  const ids = await exerciseIds(root);
  const lessonIds = await namesOf(join(root, 'lessons'), '.md');
  if (ids.length === 0 && lessonIds.length === 0) {
    throw new UserError(`There is no course in ${root}.`, { wayOut: 'A course is a folder with lessons/, exercises/ and solutions/.' });
  }
  const lessons = present(await Promise.all(lessonIds.map((id) => readLessonFile(root, id, problems))));
  const quizzes = present(await Promise.all((await namesOf(join(root, 'lessons', 'quizzes'), '.yaml')).map((id) => readQuiz(root, id, problems))));
  const exercises = present(await Promise.all(ids.map((id) => readExercise(root, id, problems))));
  checkQuizzes(lessonIds, lessons, quizzes, problems);
  checkLinks(lessons, lessonIds, exercises, ids, problems);
  for (const exercise of exercises) await checkExerciseFolder(root, exercise, problems);
  const name = await nameOf(root, problems);
  if (problems.length > 0) throw courseError(root, await withPlaces(root, problems));
  return { ...name, root, lessons, quizzes, exercises };
}

/** Whether `lesson-id` or `lesson-id#section` leads somewhere; a sentence about it where it doesn't. */
export function brokenLink(lessons: readonly Lesson[], link: string): string | undefined {
  const [id, section] = link.split('#') as [string, string | undefined];
  const lesson = lessons.find((one) => one.id === id);
  if (!lesson) return `there is no lesson "${id}"; there are ${lessons.map((one) => one.id).join(', ') || 'none'}`;
  if (section === undefined || lesson.sections.includes(section)) return undefined;
  return `lesson ${id} has no heading "#${section}"; it has ${lesson.sections.map((slug) => `#${slug}`).join(', ') || 'none'}`;
}

async function nameOf(root: string, problems: Problem[]): Promise<{ name: string; version: string }> {
  const source = { file: 'package.json', text: (await readText(join(root, 'package.json'))) ?? '{}' };
  const data = readYaml(source, packageSchema, problems);
  return { name: data?.name ?? basename(root), version: data?.version ?? '0.0.0' };
}

async function readLessonFile(root: string, id: string, problems: Problem[]): Promise<Lesson | undefined> {
  const file = `lessons/${id}.md`;
  if (!numbered.test(id)) problems.push({ file, message: 'is not named like a lesson: two digits and words joined by hyphens, such as 02-connecting.md' });
  const page = splitPage((await readText(join(root, file))) ?? '');
  if (page.frontMatter === undefined) {
    problems.push({ file, line: 1, message: 'has no front matter: expected --- on its first line, then title, objectives, minutes, exercises and quiz, then ---' });
    return undefined;
  }
  const data = readYaml({ file, text: page.frontMatter, firstLine: page.frontMatterLine }, lessonSchema, problems);
  if (!data) return undefined;
  const { quiz, ...fields } = data;
  return { id, ...fields, path: file, sections: headingsOf(page.body).map(({ slug }) => slug), ...(quiz ? { quiz: id } : {}) };
}

async function readQuiz(root: string, id: string, problems: Problem[]): Promise<Quiz | undefined> {
  const file = `lessons/quizzes/${id}.yaml`;
  const data = readYaml({ file, text: (await readText(join(root, file))) ?? '' }, quizSchema, problems);
  return data && { id, lesson: id, questions: data.questions };
}

async function readExercise(root: string, id: string, problems: Problem[]): Promise<Exercise | undefined> {
  const file = `exercises/${id}/exercise.yaml`;
  if (!numbered.test(id)) problems.push({ file: `exercises/${id}`, message: 'is not named like an exercise: two digits and words joined by hyphens, such as 02-crud' });
  const text = await readText(join(root, file));
  if (text === undefined) {
    problems.push({ file, message: 'is missing' });
    return undefined;
  }
  const data = readYaml({ file, text }, exerciseSchema, problems);
  return data && { id, ...data };
}

function checkQuizzes(lessonIds: readonly string[], lessons: readonly Lesson[], quizzes: readonly Quiz[], problems: Problem[]): void {
  for (const lesson of lessons) {
    if (lesson.quiz && !quizzes.some((quiz) => quiz.id === lesson.quiz) && !problems.some((problem) => problem.file === `lessons/quizzes/${lesson.id}.yaml`)) {
      problems.push({ file: lesson.path, field: 'quiz', message: `is true, but there is no lessons/quizzes/${lesson.id}.yaml` });
    }
  }
  for (const quiz of quizzes) {
    const lesson = lessons.find((one) => one.id === quiz.lesson);
    const file = `lessons/quizzes/${quiz.id}.yaml`;
    if (!lessonIds.includes(quiz.lesson)) problems.push({ file, message: `belongs to no lesson: there is no lessons/${quiz.id}.md` });
    else if (lesson && !lesson.quiz) problems.push({ file, message: `is never asked: lessons/${quiz.id}.md does not say quiz: true` });
  }
}

function checkLinks(lessons: readonly Lesson[], lessonIds: readonly string[], exercises: readonly Exercise[], ids: readonly string[], problems: Problem[]): void {
  for (const lesson of lessons) {
    for (const [index, id] of lesson.exercises.entries()) {
      if (!ids.includes(id)) problems.push({ file: lesson.path, field: `exercises[${index}]`, message: `there is no exercise "${id}"; there are ${ids.join(', ') || 'none'}` });
    }
  }
  for (const exercise of exercises) {
    // A lesson whose own mistakes are told already may have the heading.
    const unread = lessonIds.includes(exercise.lesson.split('#')[0] as string) && !lessons.some((lesson) => exercise.lesson.startsWith(lesson.id));
    const broken = unread ? undefined : brokenLink(lessons, exercise.lesson);
    if (broken) problems.push({ file: `exercises/${exercise.id}/exercise.yaml`, field: 'lesson', message: broken });
  }
}

/** Adds lines to mistakes that were found in data already read: a file that is missing, a heading that is not there. */
async function withPlaces(root: string, problems: readonly Problem[]): Promise<Problem[]> {
  return Promise.all(
    problems.map(async (problem) => {
      if (problem.field === undefined || problem.line !== undefined) return problem;
      const text = (await readText(join(root, problem.file))) ?? '';
      const page = splitPage(text);
      const source = { file: problem.file, text: page.frontMatter ?? text, firstLine: page.frontMatterLine };
      return { ...problem, ...placeOfField(source, problem.field) };
    }),
  );
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function present<T>(values: readonly (T | undefined)[]): T[] {
  return values.filter((value) => value !== undefined);
}
