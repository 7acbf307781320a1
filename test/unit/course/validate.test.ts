import { describe, expect, test } from 'vitest';
import { validateCourse } from '../../../src/course/validate.ts';
import { isUserError } from '../../../src/errors.ts';
import { smallCourse, writeCourse } from './small-course.ts';

const yaml = 'exercises/00-hello/exercise.yaml';
const exercise = smallCourse[yaml] as string;

/** The lines that an author sees. */
async function mistakesIn(changes: Record<string, string | null>): Promise<string[]> {
  const root = await writeCourse(changes);
  const error: unknown = await validateCourse(root).then(() => undefined, (reason: unknown) => reason);
  if (!isUserError(error)) throw error ?? new Error('the course is valid');
  return error.message.split('\n').slice(1).map((line) => line.trim());
}

test('a right course is read as data', async () => {
  const course = await validateCourse(await writeCourse());
  expect(course).toMatchObject({
    name: 'small', version: '1.2.3',
    lessons: [{ id: '00-welcome', path: 'lessons/00-welcome.md', sections: ['welcome', 'one-client'], quiz: '00-welcome', exercises: ['00-hello'] }],
    quizzes: [{ id: '00-welcome', lesson: '00-welcome' }],
    exercises: [{ id: '00-hello', given: [], entryKind: 'module', timeoutSeconds: 60, points: { stores: 2, reads: 1 } }],
  });
});

test('a folder without a course is no course', async () => {
  await expect(validateCourse(`${await writeCourse()}/solutions`)).rejects.toThrow('There is no course in');
});

describe('an author is told file, line, field and what was expected', () => {
  test.each<[string, Record<string, string | null>, string[]]>([
    ['a wrong type', { [yaml]: exercise.replace('minutes: 10', 'minutes: ten') }, [`${yaml}:2:1 minutes: expected a number, found "ten"`]],
    ['a wrong choice', { [yaml]: exercise.replace('kind: core', 'kind: main') }, [`${yaml}:3:1 kind: expected core or extension, found "main"`]],
    ['a missing field', { [yaml]: exercise.replace('title: Say hello\n', '') }, [`${yaml}:1:1 title: is missing: expected text`]],
    ['an unknown field', { [yaml]: exercise.replace('packages:', 'package:') }, [`${yaml}:7:1 package: is no field here; look for a typing error`]],
    ['no hints', { [yaml]: exercise.replace('[Look closely]', '[]') }, [`${yaml}:8:1 hints: needs at least 1`]],
    ['points that are no integer', { [yaml]: exercise.replace('stores: 2', 'stores: 1.5') }, [`${yaml}:9:11 points.stores: expected a whole number, found 1.5`]],
    ['a check id in camel case', { [yaml]: exercise.replace('reads: 1', 'readsIt: 1') }, [`${yaml}:9:22 points.readsIt: expected words in lower case joined by hyphens, such as stores-the-message`]],
    ['a path that leads out', { [yaml]: exercise.replace('editable: [hello.ts]', 'editable: [hello.ts, ../x.ts]') }, [`${yaml}:4:22 editable[1]: expected a path inside the exercise, with forward slashes`]],
    ['a file that is not there', { 'exercises/00-hello/starter/hello.ts': null }, [`${yaml}:4:12 editable[0]: there is no exercises/00-hello/starter/hello.ts`]],
    ['a starter file that belongs to nothing', { 'exercises/00-hello/starter/x.ts': '' }, ['exercises/00-hello/starter/x.ts is neither editable nor given in exercise.yaml']],
    ['a bonus check that is not there', { [yaml]: `${exercise}bonus: [readz]\n` }, [`${yaml}:10:9 bonus[0]: there is no check "readz" under points`]],
    ['no task', { 'exercises/00-hello/task.md': null }, ['exercises/00-hello/task.md is missing']],
    ['no checker', { 'exercises/00-hello/check.ts': null }, ['exercises/00-hello/check.ts is missing: an exercise has check.ts or checks/*.ts']],
    ['no solution', { 'solutions/00-hello/hello.ts': null }, ['solutions/00-hello/hello.ts is missing: a solution has every editable file']],
    ['a heading that is not there', { [yaml]: exercise.replace('#one-client', '#two-clients') }, [`${yaml}:6:1 lesson: lesson 00-welcome has no heading "#two-clients"; it has #welcome, #one-client`]],
    ['a lesson that is not there', { [yaml]: exercise.replace('00-welcome#one-client', '07-none') }, [`${yaml}:6:1 lesson: there is no lesson "07-none"; there are 00-welcome`]],
    ['an exercise without data', { [yaml]: null }, [`${yaml} is missing`]],
    ['YAML that is none', { [yaml]: `${exercise}\n  : :\n x` }, [expect.stringContaining(`${yaml}:11:5 not valid YAML:`) as string]],
    ['a lesson without front matter', { 'lessons/00-welcome.md': '# Welcome\n\n## One client\n' }, [expect.stringContaining('lessons/00-welcome.md:1 has no front matter') as string]],
    ['a mistake in front matter, by the line of the file', { 'lessons/00-welcome.md': (smallCourse['lessons/00-welcome.md'] as string).replace('minutes: 5', 'minutes: 0') }, ['lessons/00-welcome.md:4:1 minutes: expected more than 0, found 0']],
    ['an unknown exercise in a lesson', { 'lessons/00-welcome.md': (smallCourse['lessons/00-welcome.md'] as string).replace('00-hello', '05-none') }, ['lessons/00-welcome.md:5:13 exercises[0]: there is no exercise "05-none"; there are 00-hello']],
    ['a quiz that is not there', { 'lessons/quizzes/00-welcome.yaml': null }, ['lessons/00-welcome.md:6:1 quiz: is true, but there is no lessons/quizzes/00-welcome.yaml']],
    ['an answer without an explanation', { 'lessons/quizzes/00-welcome.yaml': (smallCourse['lessons/quizzes/00-welcome.yaml'] as string).replace(', explanation: It is not.', '') }, ['lessons/quizzes/00-welcome.yaml:5:9 questions[0].answers[1].explanation: is missing: expected text']],
    ['no right answer', { 'lessons/quizzes/00-welcome.yaml': (smallCourse['lessons/quizzes/00-welcome.yaml'] as string).replace('true', 'false') }, ['lessons/quizzes/00-welcome.yaml:3:5 questions[0].answers: no answer is correct']],
    ['a mistake without its expectation', { 'exercises/00-hello/mistakes/forgets/expect.yaml': null }, ['exercises/00-hello/mistakes/forgets/expect.yaml is missing: it names the checks that fail, and why']],
    ['a mistake that fails an unknown check', { 'exercises/00-hello/mistakes/forgets/expect.yaml': 'fails: [stores, store]\nwhy: x\n' }, ['exercises/00-hello/mistakes/forgets/expect.yaml:1:17 fails[1]: there is no check "store" under points in exercise.yaml']],
    ['a variant that changes nothing', { 'exercises/00-hello/variants/javascript/hello.js': null, 'exercises/00-hello/variants/javascript/variant.yaml': 'why: x\n' }, ['exercises/00-hello/variants/javascript has no file that differs from the solution']],
  ])('%s', async (_, changes, lines) => {
    expect(await mistakesIn(changes)).toEqual(lines);
  });

  test('all mistakes at once, by file and line', async () => {
    const lines = await mistakesIn({ [yaml]: exercise.replace('minutes: 10', 'minutes: ten').replace('kind: core', 'kind: main'), 'lessons/00-welcome.md': '' });
    expect(lines.map((line) => line.split(' ')[0])).toEqual([`${yaml}:2:1`, `${yaml}:3:1`, 'lessons/00-welcome.md:1']);
  });
});
