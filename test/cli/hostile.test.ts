import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { reportSchema } from '../../src/verdict/schema.ts';
import type { ExerciseVerdict, Report } from '../../src/verdict/types.ts';
import { Place, root, type Ended } from './place.ts';

// One run over all of them: each in 00-hello, and with our solution of 02-crud, which has to be judged right all the same.
const submissions: Record<string, { check: string; said: RegExp; at?: RegExp }> = {
  'loops-forever': { check: 'stores-the-greeting', said: /sayHello\(\) had not finished after \d+ seconds\./ },
  'exits-early': { check: 'compiles', said: /ended its process \(exit code 0\) before loading hello\.ts finished/ },
  'throws-at-import': { check: 'compiles', said: /loading hello\.ts threw an error: TypeError/, at: /^hello\.ts:3:\d+$/ },
  'prints-a-report': { check: 'stores-the-greeting', said: /Nothing was written to the database/ },
  'floods-stdout': { check: 'stores-the-greeting', said: /printed more than 16 MB/ },
  'leaves-children': { check: 'stores-the-greeting', said: /Nothing was written to the database/ },
  'does-not-compile': { check: 'compiles', said: /The code does not compile: hello\.ts:4:37\./, at: /^hello\.ts:4:37$/ },
  'exits-in-a-function': { check: 'reads-it-back', said: /ended its process \(exit code 0\) before sayHello\(\) finished/ },
  'tampers-with-prototypes': { check: 'compiles', said: /./ },
  'eats-memory': { check: 'stores-the-greeting', said: /used more than 512 MB of memory/ },
  'writes-to-the-channel': { check: 'stores-the-greeting', said: /file descriptor 3|Nothing was written/ },
};

const slow = 'starts-slowly-once';

const place = new Place();
let ended: Ended;
let report: Report;

beforeAll(async () => {
  for (const name of [...Object.keys(submissions), slow]) {
    cpSync(join(root, 'test', 'fixtures', 'submissions', name), place.path('class', name), { recursive: true });
    cpSync(join(root, 'solutions', '02-crud'), place.path('class', name, '02-crud'), { recursive: true });
  }
  ended = await place.run(['check', 'class', '--exercise', '00-hello', '02-crud', '--sandbox', 'none', '--jobs', '2', '--seed', '1', '--reporter', 'json']);
  report = reportSchema.parse(JSON.parse(ended.stdout)) as Report;
}, 600_000);
afterAll(() => place.dispose());

function verdictOn(name: string, exercise: string): ExerciseVerdict {
  const verdict = report.submissions.find((one) => one.name === name)?.exercises.find((one) => one.id === exercise);
  if (!verdict) throw new Error(`there is no verdict on ${exercise} of ${name}`);
  return verdict;
}

test('the run ends with 1, and nothing of it is our fault', () => {
  expect(ended.code).toBe(1);
  expect(report.totals).toMatchObject({ submissions: Object.keys(submissions).length + 1, passed: 1, errored: 0 });
});

test.each(Object.entries(submissions))('%s fails, and the reason is told', (name, { check, said, at }) => {
  const verdict = verdictOn(name, '00-hello');
  const failed = verdict.checks.find((one) => one.status === 'failed');
  expect({ status: verdict.status, check: failed?.id, message: failed?.message }).toMatchObject({ status: 'failed', check, message: expect.stringMatching(said) as unknown });
  if (at) expect(failed?.evidence?.[0]?.at).toMatch(at);
});

test('a start that took too long is tried once more, alone, and counts', () => {
  expect(verdictOn(slow, '00-hello').checks.map(({ id, status }) => `${id} ${status}`)).toEqual(expect.arrayContaining(['compiles passed', 'closes-its-client passed']));
});

test('where code does not compile, a caret stands under the learner\'s own place', () => {
  const [evidence] = verdictOn('does-not-compile', '00-hello').checks[0]?.evidence ?? [];
  const [, code = '', caret = ''] = evidence?.text.split('\n') ?? [];
  expect(code).toContain('const client = new MongoClient(uri;');
  expect(code[caret.indexOf('^')]).toBe(';');
});

test.each(Object.keys(submissions))('after %s, the next exercise is judged right', (name) => {
  const verdict = verdictOn(name, '02-crud');
  expect({ status: verdict.status, score: verdict.score, wrong: verdict.checks.filter((one) => one.status !== 'passed').map((one) => one.message) }).toEqual({ status: 'passed', score: verdict.maxScore, wrong: [] });
});

test('nothing that they started still runs, and nothing lies about', async () => {
  await expect.poll(() => place.leftovers()).toEqual({ processes: [], files: [] });
});
