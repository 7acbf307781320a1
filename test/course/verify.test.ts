import { mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { assemble, casesOf, type Case } from '../../src/author/cases.ts';
import { jobsHere, problemText, verify, type VerifyResult } from '../../src/author/verify.ts';
import { namesOf } from '../../src/course/files.ts';
import { courseRoot } from '../../src/course/load.ts';
import { validateCourse } from '../../src/course/validate.ts';
import { createGrader, type Grader } from '../../src/grading/index.ts';
import { buildReport } from '../../src/verdict/report.ts';
import { reportSchema } from '../../src/verdict/schema.ts';
import type { SubmissionVerdict } from '../../src/verdict/types.ts';
import { scaffold } from '../../src/workbook/scaffold.ts';
import { feedbackOn } from './feedback.ts';

// Recorded feedback is compared for one seed; `author verify --seed N` proves the course for any other.
const seed = 1;
const whole = await validateCourse(courseRoot());
// EXERCISES=06-odm,07-orm proves, and records with -u, these alone.
const wanted = process.env.EXERCISES?.split(',');
const course = { ...whole, exercises: whole.exercises.filter((exercise) => wanted?.includes(exercise.id) ?? true) };
const cases = (await Promise.all(course.exercises.map((exercise) => casesOf(course, exercise)))).flat();
/**
 * Of mistakes that fail the same checks of an exercise with servers and long waits, one is proved here: the others would
 * take minutes more. PROOF=all proves them all, as EXERCISES (but with PROOF=some) and `author verify` do, which public CI runs.
 */
const long = new Set(['04-api', '05-api-detail', '06-odm', '07-orm', '08-polyglot']);
const provesAll = (process.env.PROOF ?? (wanted ? 'all' : 'some')) === 'all';
const sameChecks = (a: Case, b: Case): boolean => a.kind === 'mistake' && b.kind === 'mistake' && a.exercise.id === b.exercise.id && [...a.fails].sort().join() === [...b.fails].sort().join();
const isProved = (one: Case): boolean => provesAll || !long.has(one.exercise.id) || one.kind !== 'mistake' || cases.find((other) => sameChecks(one, other))?.name === one.name;
const keyOf = (one: Case): string => `${one.exercise.id} ${one.kind} ${one.name}`;

let result: VerifyResult;
let grader: Grader;
const graded = new Map<string, { verdict: SubmissionVerdict; problems: readonly string[] }>();

beforeAll(async () => {
  const jobs = jobsHere();
  grader = await createGrader({ course, engine: { kind: 'embedded' }, jobs });
  result = await verify({
    course, exercises: course.exercises, grader, seed, jobs, isWanted: isProved, tsconfig: scaffold(course, 'allow')['tsconfig.json'] as string,
    onCase: (one, verdict, problems) => graded.set(keyOf(one), { verdict, problems }),
  });
}, 3_600_000);

afterAll(() => grader.close());

/** The feedback that the run above gave; where it is another than the one on record, what is said with nothing else running. */
async function feedbackFor(one: Case, recorded: URL): Promise<string> {
  const first = await feedbackOn((graded.get(keyOf(one)) as { verdict: SubmissionVerdict }).verdict);
  const known = await readFile(recorded, 'utf8').catch(() => first);
  if (known === first) return first;
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'mongo-course-test-')));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const { verdict } = await grader.grade({ submission: await assemble(course, one, folder), exercises: [one.exercise], seed });
  return feedbackOn(verdict);
}

test('the course is proved', () => {
  expect(result.problems.map(problemText)).toEqual([]);
  expect(result.typesChecked).toBe(true);
});

test('a report of all these verdicts keeps to its schema', () => {
  const meta = {
    course: { name: course.name, version: course.version }, engine: { kind: 'embedded', version: '8.2.0' }, seed, sandbox: 'unsandboxed',
    platform: { os: process.platform, arch: process.arch, node: process.versions.node }, startedAt: new Date().toISOString(),
  };
  const report = buildReport(meta, [...graded.values()].map(({ verdict }) => verdict), { gradedAt: new Date().toISOString(), durationMs: 1 });
  expect(reportSchema.parse(JSON.parse(JSON.stringify(report)))).toEqual(report);
});

describe.each(course.exercises)('$id', (exercise) => {
  const own = cases.filter((one) => one.exercise.id === exercise.id);
  const proved = own.filter(isProved);

  test.each(proved.map((one) => [one.kind, one.name, keyOf(one)]))('%s %s is judged as expected', (_kind, _name, key) => {
    expect(graded.get(key)?.problems).toEqual([]);
  });

  test.each(proved.filter((one) => one.kind === 'mistake').map((one) => [one.name, one] as const))('the mistake %s gets the feedback on record', async (name, one) => {
    const file = `./feedback/${exercise.id}/${name}.txt`;
    await expect(await feedbackFor(one, new URL(file, import.meta.url))).toMatchFileSnapshot(file);
  }, 120_000);

  test('no feedback is on record for mistakes that are gone', async () => {
    const recorded = await namesOf(fileURLToPath(new URL(`./feedback/${exercise.id}`, import.meta.url)), '.txt');
    const names = own.filter((one) => one.kind === 'mistake').map((one) => one.name);
    expect(recorded.filter((name) => !names.includes(name))).toEqual([]);
  });
});
