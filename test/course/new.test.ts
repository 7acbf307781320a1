import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { newExercise } from '../../src/author/new.ts';
import { problemText, verify, type VerifyResult } from '../../src/author/verify.ts';
import { validateCourse } from '../../src/course/validate.ts';
import { createGrader } from '../../src/grading/index.ts';
import { scaffold } from '../../src/workbook/scaffold.ts';
import { id, scaffoldedCourse } from './scaffolded.ts';

async function prove(root: string): Promise<VerifyResult> {
  const course = await validateCourse(root);
  const grader = await createGrader({ course, engine: { kind: 'embedded' }, jobs: 2 });
  try {
    return await verify({ course, exercises: course.exercises, grader, seed: 7, jobs: 2, tsconfig: scaffold(course, 'allow')['tsconfig.json'] as string });
  } finally {
    await grader.close();
  }
}

test('a scaffolded exercise lacks nothing but more mistakes and variants', async () => {
  const result = await prove(await scaffoldedCourse());
  expect(result.problems.map(problemText)).toEqual([`${id}: needs at least 8 mistakes, has 1`, `${id}: needs at least 5 variants, has 1`]);
  expect(result.counts).toEqual({ exercises: 1, checks: 1, mistakes: 1, variants: 1 });
});

test('an author is told about wrong expectations, a starter that scores, types that are wrong, and points that name no check', async () => {
  const root = await scaffoldedCourse();
  const folder = join(root, 'exercises', id);
  const yaml = join(folder, 'exercise.yaml');
  await writeFile(yaml, `${await readFile(yaml, 'utf8')}  no-such-check: 1\n`);
  await cp(join(root, 'solutions', id, 'answer.ts'), join(folder, 'starter/answer.ts'));
  await writeFile(join(folder, 'starter/answer.ts'), `${await readFile(join(folder, 'starter/answer.ts'), 'utf8')}\nexport const wrong: number = 'text';\n`);
  await writeFile(join(folder, 'mistakes/counts-another-collection/expect.yaml'), 'fails: [no-such-check]\nwhy: x\n');
  const lines = (await prove(root)).problems.map(problemText);
  expect(lines).toEqual(expect.arrayContaining([
    expect.stringMatching(new RegExp(`^${id} starter: does not type-check: answer\\.ts\\(\\d+,14\\): error TS2322`)),
    `${id} starter: should score 0, but counts-documents gave points (let such a check need one that the starter fails)`,
    expect.stringMatching(new RegExp(`^${id} mistake counts-another-collection: should fail \\[no-such-check\\], fails \\[counts-documents\\]`)),
    `${id}: no mistake fails the check no-such-check`,
    `${id}: no rule of contract.yaml names the check no-such-check: what a task does not say must not be judged`,
    `${id}: points in exercise.yaml names no-such-check, which is no check of check.ts`,
  ]));
});

test('nothing selected is an error', async () => {
  const course = await validateCourse(await scaffoldedCourse());
  await expect(verify({ course, exercises: [], grader: { grade: () => Promise.reject(new Error('not reached')) }, seed: 1, jobs: 1 })).rejects.toThrow('There is no exercise to verify.');
});

test.each(['count', '1-count', '10-Count', '../10-x'])('%s is no name for an exercise', async (name) => {
  const root = await mkdtemp(join(tmpdir(), 'mongo-course-test-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  await expect(newExercise(root, name)).rejects.toThrow("can't be the name of an exercise");
});

test('an exercise that is there is not overwritten', async () => {
  await expect(newExercise(await scaffoldedCourse(), id)).rejects.toThrow(`exercises/${id} is there already.`);
});
