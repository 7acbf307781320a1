import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Course, Exercise } from '../course/types.ts';
import { readContract } from '../course/exercise-folder.ts';
import { brokenLink } from '../course/validate.ts';
import { UserError } from '../errors.ts';
import type { Grader } from '../grading/types.ts';
import type { ExerciseVerdict, SubmissionVerdict } from '../verdict/types.ts';
import { assemble, casesOf, type Case, type CaseKind } from './cases.ts';
import { failing, judge } from './judge.ts';
import { checkTypes } from './types-check.ts';

/** Fewer than these prove too little. */
export const least = { mistakes: 8, variants: 5 } as const;

/** How many cases are best graded at once on this machine. */
export function jobsHere(): number {
  return availableParallelism() * 3;
}

export interface VerifyOptions {
  course: Course;
  /** What to prove; at least one. */
  exercises: readonly Exercise[];
  /** Stays open; whoever made it closes it. */
  grader: Pick<Grader, 'grade'>;
  seed: number;
  /** Cases graded at once. */
  jobs: number;
  /** Text of a workbook's `tsconfig.json`, for type-checking starters and solutions; left out, types are not checked. */
  tsconfig?: string;
  signal?: AbortSignal;
  /** Told of every case as it is graded. */
  onCase?: (one: Case, verdict: SubmissionVerdict, problems: readonly string[]) => void;
  /** Which cases are graded; default: all. */
  isWanted?: (one: Case) => boolean;
}

/** Something that keeps a course from being proved. */
export interface VerifyProblem {
  exercise: string;
  kind: CaseKind | 'exercise';
  /** Of a mistake or variant. */
  name?: string;
  message: string;
}

export interface VerifyResult {
  problems: VerifyProblem[];
  counts: { exercises: number; checks: number; mistakes: number; variants: number };
  /** Cases that were graded once more, alone: many of them say that the machine was too busy for so many at once. */
  gradedAgain: number;
  /** False where no TypeScript was there to check types with. */
  typesChecked: boolean;
}

/**
 * Proves exercises: solutions and variants score in full, starters nothing, and every mistake fails exactly the checks
 * it names.
 * @throws UserError where nothing is selected, or the data is wrong
 */
export async function verify(options: VerifyOptions): Promise<VerifyResult> {
  const { course, exercises } = options;
  if (exercises.length === 0) throw new UserError('There is no exercise to verify.', { wayOut: `Name some of: ${course.exercises.map((exercise) => exercise.id).join(', ') || 'none yet'}.` });
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'mongo-course-verify-')));
  try {
    const cases = (await Promise.all(exercises.map((exercise) => casesOf(course, exercise)))).flat().filter(options.isWanted ?? (() => true));
    const types = options.tsconfig === undefined ? undefined : await checkTypes(course, exercises, options.tsconfig, join(folder, 'types'));
    const { graded: verdicts, again } = await gradeAll(options, cases, folder);
    const problems = [
      ...(types ?? []).map(({ exercise, kind, message }): VerifyProblem => ({ exercise, kind, message: `does not type-check: ${message}` })),
      ...(await Promise.all(exercises.map((exercise) => checksWithoutRule(course, exercise)))).flat(),
      ...exercises.flatMap((exercise) => problemsOf(course, exercise, verdicts.filter((graded) => graded.one.exercise.id === exercise.id))),
    ];
    const count = (kind: CaseKind): number => cases.filter((one) => one.kind === kind).length;
    const checks = exercises.reduce((sum, exercise) => sum + Object.keys(exercise.points).length, 0);
    return { problems, counts: { exercises: exercises.length, checks, mistakes: count('mistake'), variants: count('variant') }, gradedAgain: again, typesChecked: types !== undefined };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** `02-crud mistake sorts-in-code: should fail […], fails […]`. */
export function problemText(problem: VerifyProblem): string {
  const kind = problem.kind === 'exercise' ? '' : ` ${problem.kind}`;
  return `${problem.exercise}${kind}${problem.name === undefined ? '' : ` ${problem.name}`}: ${problem.message}`;
}

interface Graded {
  one: Case;
  submission: SubmissionVerdict;
  verdict: ExerciseVerdict;
  problems: string[];
}

/**
 * Grades as many at once as there are jobs; results in the order of the cases. Most of a check is waiting, so far more
 * run side by side than there are cores, and what has a problem then is graded once more, alone: its verdict must not
 * come from a busy machine. Where very many have one, it is not the machine.
 */
async function gradeAll(options: VerifyOptions, cases: readonly Case[], folder: string): Promise<{ graded: Graded[]; again: number }> {
  const graded: Graded[] = Array.from({ length: cases.length });
  const grade = async (index: number, alone: boolean): Promise<Graded> =>
    (graded[index] = await gradeCase(options, cases[index] as Case, join(folder, `${index}${alone ? '-alone' : ''}`), alone));
  const suspicious: number[] = [];
  const waiting = mixed(cases);
  const worker = async (): Promise<void> => {
    for (let index = waiting.shift(); index !== undefined; index = waiting.shift()) {
      options.signal?.throwIfAborted();
      const result = await grade(index, false);
      if (result.problems.length > 0) suspicious.push(index);
      else tell(options, result);
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, Math.min(options.jobs, cases.length)) }, worker));
  const worthwhile = suspicious.length <= Math.max(8, cases.length / 4);
  for (const index of suspicious.sort((x, y) => x - y)) {
    options.signal?.throwIfAborted();
    tell(options, worthwhile ? await grade(index, true) : (graded[index] as Graded));
  }
  return { graded, again: worthwhile ? suspicious.length : 0 };
}

/** Places of the cases, each exercise's spread evenly: some mostly wait and some mostly compute, and so they fill each other's gaps. */
function mixed(cases: readonly Case[]): number[] {
  const seen = new Map<string, number>();
  const counts = new Map<string, number>();
  for (const { exercise } of cases) counts.set(exercise.id, (counts.get(exercise.id) ?? 0) + 1);
  const shares = cases.map(({ exercise: { id } }) => {
    const place = seen.get(id) ?? 0;
    seen.set(id, place + 1);
    return place / (counts.get(id) as number);
  });
  return cases.map((_, index) => index).sort((x, y) => (shares[x] as number) - (shares[y] as number));
}

const tell = ({ onCase }: VerifyOptions, { one, submission, problems }: Graded): void => onCase?.(one, submission, problems);

async function gradeCase(options: VerifyOptions, one: Case, folder: string, alone: boolean): Promise<Graded> {
  const submission = await assemble(options.course, one, folder);
  const { verdict } = await options.grader.grade({ submission, exercises: [one.exercise], seed: options.seed, secondTry: alone });
  const exercise = verdict.exercises.find((candidate) => candidate.id === one.exercise.id);
  if (!exercise) throw new Error(`${one.exercise.id} ${one.kind} ${one.name} got no verdict: ${verdict.error ?? verdict.status}`);
  await rm(folder, { recursive: true, force: true });
  return { one, submission: verdict, verdict: exercise, problems: judge(one, exercise) };
}

function problemsOf(course: Course, exercise: Exercise, graded: readonly Graded[]): VerifyProblem[] {
  const about = (message: string): VerifyProblem => ({ exercise: exercise.id, kind: 'exercise', message });
  const mistakes = graded.filter(({ one }) => one.kind === 'mistake');
  const variants = graded.filter(({ one }) => one.kind === 'variant');
  const messages = graded.flatMap(({ one, problems }) =>
    problems.map((message): VerifyProblem => ({ exercise: exercise.id, kind: one.kind, ...(one.from ? { name: one.name } : {}), message })),
  );
  return [
    ...messages,
    ...(mistakes.length < least.mistakes ? [about(`needs at least ${least.mistakes} mistakes, has ${mistakes.length}`)] : []),
    ...(variants.length < least.variants ? [about(`needs at least ${least.variants} variants, has ${variants.length}`)] : []),
    ...unprovedChecks(exercise, mistakes).map((id) => about(`no mistake fails the check ${id}`)),
    ...namesOfChecks(exercise, graded).map(about),
    ...links(course, graded).map(about),
  ];
}

/** Checks that ask for what no rule of `contract.yaml` says. Without that file nothing is known. */
async function checksWithoutRule(course: Course, exercise: Exercise): Promise<VerifyProblem[]> {
  const rules = await readContract(course.root, exercise, []);
  const named = new Set(rules.flatMap(({ checks }) => checks));
  return Object.keys(exercise.points).filter((id) => rules.length > 0 && !named.has(id))
    .map((id) => ({ exercise: exercise.id, kind: 'exercise', message: `no rule of contract.yaml names the check ${id}: what a task does not say must not be judged` }));
}

function unprovedChecks(exercise: Exercise, mistakes: readonly Graded[]): string[] {
  const failed = new Set(mistakes.flatMap(({ verdict }) => failing(verdict.checks).map((check) => check.id)));
  return idsHere(exercise).filter((id) => !failed.has(id));
}

/** Ids that an exercise's points name; Windows has no signals, so the bonus checks that need one are left out there. */
function idsHere(exercise: Exercise): string[] {
  return Object.keys(exercise.points).filter((id) => process.platform !== 'win32' || !exercise.bonus.includes(id));
}

/** The checker module has exactly the checks under `points`, each with a title of its own. */
function namesOfChecks(exercise: Exercise, graded: readonly Graded[]): string[] {
  const checks = graded.find(({ one }) => one.kind === 'solution')?.verdict.checks ?? [];
  const unknown = checks.filter((check) => check.id !== 'compiles' && !(check.id in exercise.points)).map((check) => `points in exercise.yaml does not name the check ${check.id}`);
  const absent = idsHere(exercise).filter((id) => !checks.some((check) => check.id === id)).map((id) => `points in exercise.yaml names ${id}, which is no check of check.ts`);
  const titles = checks.map((check) => check.title);
  const twice = [...new Set(titles.filter((title, index) => titles.indexOf(title) !== index))].map((title) => `two checks are called "${title}"`);
  const bonus = checks.filter((check) => (check.bonus ?? false) !== exercise.bonus.includes(check.id)).map((check) => (check.bonus ? `bonus in exercise.yaml lacks ${check.id}, a bonus check of check.ts` : `bonus in exercise.yaml names ${check.id}, which check.ts does not call a bonus`));
  return [...unknown, ...absent, ...twice, ...bonus];
}

/** Links that verdicts give a learner to read on. */
function links(course: Course, graded: readonly Graded[]): string[] {
  const found = new Map<string, string>();
  for (const { verdict } of graded) for (const check of verdict.checks) if (check.lesson !== undefined) found.set(check.lesson, check.id);
  return [...found].flatMap(([link, id]) => {
    const broken = brokenLink(course.lessons, link);
    return broken ? [`the check ${id} links to ${link}: ${broken}`] : [];
  });
}
