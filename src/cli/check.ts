import { existsSync, mkdirSync, writeFileSync, appendFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, resolve } from 'node:path';
import type { Course, Exercise } from '../course/types.ts';
import { exitCodes, UserError, type ExitCode } from '../errors.ts';
import type { Grader } from '../grading/index.ts';
import { createReporter, reporterNames, type Reporter } from '../report/index.ts';
import type { Submission } from '../submission/types.ts';
import { createTally } from '../verdict/report.ts';
import type { SubmissionVerdict } from '../verdict/types.ts';
import { findExercise } from '../workbook/exercises.ts';
import { findWorkbook } from '../workbook/workbook.ts';
import type { CheckOptions } from './commands/check.ts';
import type { Cli } from './context.ts';
import { openGrader } from './grader.ts';
import { freshSeed, practise } from './practice.ts';
import { chooseExercise, openSession, type Session } from './session.ts';
import { prettyReporter, runMeta } from './verdict.ts';

/** One submission and what of it is graded. */
interface Work {
  submission: Submission;
  exercises: Exercise[];
  /** Set where it is the learner's own workbook: the outcome is remembered there. */
  session?: Session;
}

/** `check`: grades what was named, tells every reporter, and says by the exit code how it went. */
export async function checkTargets(cli: Cli, targets: readonly string[], options: CheckOptions): Promise<ExitCode> {
  const course = await cli.course();
  const work = await findWork(cli, course, targets, options);
  const several = work.length > 1;
  const seed = options.seed ?? work[0]?.session?.progress.exercises[work[0].exercises[0]?.id ?? '']?.seed ?? freshSeed();
  const reporters = await openReporters(cli, options.reporter ?? ['pretty'], !several);
  const jobs = Math.min(work.length, options.jobs ?? availableParallelism());
  const grader = await openGrader(cli, course, {
    engine: options.engine, mongoUri: options.mongoUri, jobs, sandbox: options.sandbox,
    ...(options.timeout === undefined ? {} : { timeoutMs: options.timeout * 1000 }),
    bonus: options.all ? course.exercises.filter((exercise) => exercise.kind === 'extension').map((exercise) => exercise.id) : [],
  });
  try {
    const meta = await runMeta(cli, grader.engine, seed, grader.sandbox);
    for (const reporter of reporters) reporter.begin(meta);
    const outcome = await gradeAll(grader, work, seed, jobs, options.failFast ?? false, (verdict) => {
      for (const reporter of reporters) reporter.submission(verdict);
    });
    const startedAt = Date.parse(meta.startedAt);
    const end = { gradedAt: new Date().toISOString(), durationMs: Date.now() - startedAt, totals: outcome.totals(), causes: outcome.causes() };
    for (const reporter of reporters) reporter.end(end);
    return end.totals.errored > 0 ? exitCodes.environment : end.totals.passed === end.totals.submissions ? exitCodes.ok : exitCodes.failed;
  } finally {
    await grader.close();
  }
}

/** Grades side by side, and reports in the order of the work. */
async function gradeAll(grader: Grader, work: readonly Work[], seed: number, jobs: number, failFast: boolean, report: (verdict: SubmissionVerdict) => void): Promise<ReturnType<typeof createTally>> {
  const tally = createTally();
  const done: (SubmissionVerdict | undefined)[] = [];
  let [next, reported, stopped] = [0, 0, false];
  const lane = async (): Promise<void> => {
    while (!stopped && next < work.length) {
      const index = next++;
      const verdict = await gradeOne(grader, work[index] as Work, seed);
      done[index] = verdict;
      if (failFast && verdict.status !== 'passed') stopped = true;
      for (let ready = done[reported]; ready; ready = done[++reported]) {
        tally.add(ready);
        report(ready);
        done[reported] = undefined;
      }
    }
  };
  await Promise.all(Array.from({ length: jobs }, lane));
  return tally;
}

async function gradeOne(grader: Grader, { submission, exercises, session }: Work, seed: number): Promise<SubmissionVerdict> {
  const [only] = exercises;
  if (session && exercises.length === 1 && only) return (await practise(session, grader, only, seed)).result.verdict;
  return (await grader.grade({ submission, exercises, seed })).verdict;
}

async function findWork(cli: Cli, course: Course, targets: readonly string[], options: CheckOptions): Promise<Work[]> {
  const workbook = await findWorkbook(cli.cwd);
  const { locateSubmissions, locateWorkbook } = await import('../submission/locate.ts');
  const named = options.exercise?.map((id) => findExercise(course, id));
  if (targets.length === 0 && !named && !options.all) {
    if (!workbook) throw new UserError('There is no workbook in this folder, so it is unclear what to check.', { wayOut: 'Name an exercise folder or a workbook: mongo-course check my-workbook' });
    const session = await openSession(cli, workbook);
    return [await ownWork(session, chooseExercise(session, undefined))];
  }
  const work: Work[] = [];
  for (const target of targets.length === 0 ? [workbook ?? cli.cwd] : targets) {
    const exercise = course.exercises.find((one) => one.id === target || one.id.slice(0, 2) === target);
    if (exercise && workbook && !existsSync(resolve(cli.cwd, target))) {
      work.push(await ownWork(await openSession(cli, workbook), exercise));
      continue;
    }
    const own = exercise && workbook && resolve(cli.cwd, target) === resolve(workbook, exercise.id);
    if (own) work.push(await ownWork(await openSession(cli, workbook), exercise));
    else for (const submission of await locateSubmissions(resolve(cli.cwd, target), course)) work.push({ submission, exercises: chosen(course, submission, named, options.all ?? false) });
  }
  return work;

  async function ownWork(session: Session, exercise: Exercise): Promise<Work> {
    const submission = await locateWorkbook(session.workbook, course);
    if (!submission.exercises.has(exercise.id)) {
      throw new UserError(`${exercise.id} has not been opened in this workbook yet.`, { wayOut: 'Go on with: npx mongo-course next' });
    }
    return { submission, exercises: [exercise], session };
  }
}

/** Of a workbook the core, `--all` adds the extensions; of an exercise's folder that exercise. */
function chosen(course: Course, submission: Submission, named: Exercise[] | undefined, all: boolean): Exercise[] {
  if (named) return named;
  const single = course.exercises.filter((exercise) => submission.exercises.get(exercise.id) === submission.path);
  if (single.length > 0) return single;
  return course.exercises.filter((exercise) => all || exercise.kind === 'core');
}

/** `name` writes to stdout, `name=file` into a file. */
async function openReporters(cli: Cli, wanted: readonly string[], practice: boolean): Promise<Reporter[]> {
  const reporters: Reporter[] = [];
  const toStdout = wanted.filter((one) => !one.includes('='));
  if (toStdout.length > 1) throw new UserError(`Only one reporter can write to the screen, not ${toStdout.join(' and ')}.`, { wayOut: `Give the others a file: --reporter ${toStdout[1]}=report.txt` });
  for (const one of wanted) {
    const [name = '', ...rest] = one.split('=');
    const file = rest.length > 0 ? resolve(cli.cwd, rest.join('=')) : undefined;
    if (!reporterNames().includes(name)) throw new UserError(`There is no reporter "${name}".`, { wayOut: `The reporters are: ${reporterNames().join(', ')}.` });
    if (file === undefined && name === 'pretty') reporters.push(await prettyReporter(cli, practice));
    else if (file === undefined) reporters.push(await createReporter(name, { write: (text) => void cli.terminal.stdout.write(text), practice }));
    else reporters.push(await createReporter(name, { write: fileWriter(file), practice }));
  }
  return reporters;
}

/** Creates the file at once, so that a wrong path is known before anything is graded. */
function fileWriter(file: string): (text: string) => void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, '');
  } catch (error) {
    throw new UserError(`${file} can't be written: ${(error as Error).message}.`, { wayOut: 'Name another file for the report.', cause: error });
  }
  return (text) => appendFileSync(file, text);
}
