import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import type { Course, Exercise } from '../course/types.ts';
import { exitCodes, UserError, type ExitCode } from '../errors.ts';
import type { Grader, GradeResult } from '../grading/index.ts';
import { chooseSandbox } from '../submission/choose-sandbox.ts';
import { didYouMean } from '../nearest.ts';
import type { Submission } from '../submission/types.ts';
import { createTally } from '../verdict/report.ts';
import type { SubmissionVerdict } from '../verdict/types.ts';
import { findExercise, matchExercise } from '../workbook/exercises.ts';
import { findWorkbook } from '../workbook/workbook.ts';
import { ClassProgress } from './class/progress.ts';
import { openClassRun } from './class/run.ts';
import { CheckProgress } from './check-progress.ts';
import type { CheckOptions } from './commands/check.ts';
import type { Cli } from './context.ts';
import { openGrader } from './grader.ts';
import { freshSeed, practiseTogether } from './practice.ts';
import { chooseExercise, howToOpen, openSession, type Session } from './session.ts';
import { openReporters } from './reporters.ts';
import { runMeta } from './verdict.ts';

/** One submission and what of it is graded. */
interface Work {
  submission: Submission;
  exercises: Exercise[];
  /** Set where it is the learner's own workbook: the outcome is remembered there. */
  session?: Session;
  /** Named by its exercises: surely the person's own code, which needs no sandbox. */
  own?: true;
}

/** `check`: grades what was named, tells every reporter, and says by the exit code how it went. */
export async function checkTargets(cli: Cli, targets: readonly string[], options: CheckOptions): Promise<ExitCode> {
  const course = await cli.course();
  if (options.shard !== undefined && options.seed === undefined) throw new UserError('--shard needs --seed, so that every part of the class gets the same data.', { wayOut: `For example: --shard ${options.shard} --seed ${freshSeed()}` });
  const work = await findWork(cli, course, targets, options);
  const isClass = work.length > 1 || options.roster !== undefined || options.shard !== undefined;
  const classRun = await openClassRun(cli, course, options);
  const seed = options.seed ?? classRun.seed ?? work[0]?.session?.progress.exercises[work[0].exercises[0]?.id ?? '']?.seed ?? freshSeed();
  const reporters = await openReporters(cli, options.reporter ?? ['pretty'], !isClass, options.assignment);
  const jobs = Math.max(1, Math.min(work.reduce((sum, { exercises }) => sum + exercises.length, 0), options.jobs ?? availableParallelism()));
  const lanes = Math.min(work.length, jobs);
  // Fewer submissions than jobs: those that are left take exercises of one submission side by side.
  const atOnce = Math.floor(jobs / Math.max(1, lanes));
  const bonus = options.all ? course.exercises.filter((exercise) => exercise.kind === 'extension').map((exercise) => exercise.id) : [];
  const sandbox = work.every(({ own }) => own) && options.sandbox === 'auto' ? 'none' : await chooseSandbox(options.sandbox, isClass);
  const watching = isClass ? undefined : new CheckProgress(cli.terminal, work.flatMap(({ exercises }) => exercises));
  const grader = await openGrader(cli, course, {
    engine: options.engine, mongoUri: options.mongoUri, jobs, sandbox, bonus, packages: { own: !isClass, ...packagesFolder(cli, options.packages) }, keepData: work.some(({ session }) => session !== undefined), ...(watching && { onEvent: watching.onEvent }),
    ...(options.timeout === undefined ? {} : { timeoutMs: options.timeout * 1000 }),
  });
  watching?.begin();
  try {
    const meta = await runMeta(cli, grader.engine, seed, grader.sandbox);
    for (const reporter of reporters) reporter.begin(meta);
    const similar = isClass ? await (await import('./class/similar.ts')).findSimilar(course, work) : undefined;
    const progress = isClass ? new ClassProgress(cli.terminal, work.length) : undefined;
    const outcome = await gradeAll({
      work, lanes, failFast: options.failFast ?? false,
      grade: async (one) => {
        const earlier = await classRun.earlier(one, meta);
        const result = earlier ?? (await gradeOne(grader, one, seed, atOnce));
        progress?.step(earlier !== undefined);
        return result;
      },
      report: async (one, result) => {
        const verdict = classRun.decide(similar?.note(result.verdict) ?? result.verdict, new Set(bonus));
        progress?.clear();
        watching?.end();
        for (const reporter of reporters) reporter.submission(verdict, result.traces);
        await classRun.keep(meta, one.submission, verdict, result.traces);
        return verdict;
      },
    });
    const end = { gradedAt: new Date().toISOString(), durationMs: Date.now() - Date.parse(meta.startedAt), totals: outcome.totals(), causes: outcome.causes() };
    for (const reporter of reporters) reporter.end(end);
    await classRun.done();
    return end.totals.errored > 0 ? exitCodes.environment : end.totals.passed === end.totals.submissions ? exitCodes.ok : exitCodes.failed;
  } finally {
    watching?.end();
    await classRun.close();
    await grader.close();
  }
}

function packagesFolder(cli: Cli, folder: string | undefined): { folder?: string } {
  if (folder === undefined) return {};
  const path = resolve(cli.cwd, folder);
  if (!existsSync(path)) throw new UserError(`There is no folder "${folder}" with packages.`, { wayOut: 'Make one: mkdir packages && cd packages && npm install NAME' });
  return { folder: path };
}

interface Lanes {
  work: readonly Work[];
  lanes: number;
  failFast: boolean;
  grade(work: Work): Promise<GradeResult>;
  /** Called in the order of the work; gives the verdict that counts. */
  report(work: Work, result: GradeResult): Promise<SubmissionVerdict>;
}

/** Grades side by side, and reports in the order of the work. */
async function gradeAll({ work, lanes, failFast, grade, report }: Lanes): Promise<ReturnType<typeof createTally>> {
  const tally = createTally();
  const done: (GradeResult | undefined)[] = [];
  let [next, reported, stopped] = [0, 0, false];
  let telling: Promise<void> = Promise.resolve();
  const tell = async (): Promise<void> => {
    for (let ready = done[reported]; ready; ready = done[reported]) {
      const index = reported++;
      done[index] = undefined;
      tally.add(await report(work[index] as Work, ready));
    }
  };
  const lane = async (): Promise<void> => {
    while (!stopped && next < work.length) {
      const index = next++;
      const result = await grade(work[index] as Work);
      done[index] = result;
      if (failFast && result.verdict.status !== 'passed') stopped = true;
      telling = telling.then(tell);
      await telling;
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return tally;
}

async function gradeOne(grader: Grader, { submission, exercises, session }: Work, seed: number, atOnce: number): Promise<GradeResult> {
  return session ? practiseTogether(session, grader, exercises, seed, atOnce) : grader.grade({ submission, exercises, seed, atOnce });
}

async function findWork(cli: Cli, course: Course, targets: readonly string[], options: CheckOptions): Promise<Work[]> {
  const workbook = findWorkbook(cli.cwd);
  const { locateSubmissions, locateWorkbook } = await import('../submission/locate.ts');
  const named = options.exercise?.map((id) => findExercise(course, id));
  if (targets.length === 0 && !named && !options.all) {
    if (!workbook) throw new UserError('There is no workbook in this folder, so it is unclear what to check.', { wayOut: 'Name an exercise folder or a workbook: mongo-course check my-workbook' });
    const session = await openSession(cli, workbook);
    return [await ownWork(session, chooseExercise(session, undefined))];
  }
  const work: Work[] = [];
  // What a class run is told stays as it was handed in, and nothing of it is remembered.
  const isPractice = [options.roster, options.deadline, options.shard, options.resume, options.artifacts, options.feedback, options.gradebook, options.overrides].every((one) => one === undefined);
  for (const target of targets.length === 0 ? [workbook ?? cli.cwd] : targets) {
    const path = resolve(cli.cwd, target);
    const exercise = matchExercise(course, target);
    const isThere = existsSync(path);
    if (exercise && !isThere && !workbook) throw new UserError(`There is no workbook in this folder, so there is no ${exercise.id} to check.`, { wayOut: 'Go to your workbook first, or name its folder: mongo-course check my-workbook' });
    if (!exercise && !isThere && !/[\\/]/.test(target)) throw noSuchTarget(course, target);
    if (exercise && workbook && (!isThere || path === resolve(workbook, exercise.id))) {
      const own = await ownWork(await openSession(cli, workbook), exercise);
      const begun = work.find((one) => one.own);
      if (!begun) work.push(own);
      else if (!begun.exercises.includes(exercise)) begun.exercises.push(exercise);
      continue;
    }
    const session = isPractice && workbook !== undefined && path === workbook ? await openSession(cli, workbook, 'read') : undefined;
    for (const submission of await locateSubmissions(path, course, named?.length === 1 ? named[0] : undefined)) {
      work.push({ submission, exercises: chosen(course, submission, named, options.all ?? false), ...(session?.writable && { session }) });
    }
  }
  if (options.roster === undefined && options.deadline === undefined && options.shard === undefined) return work;
  const { sortIn } = await import('./class/handed-in.ts');
  const sorted = await sortIn(work.map((one) => one.submission), {
    ...(options.roster === undefined ? {} : { roster: resolve(cli.cwd, options.roster) }),
    ...(options.deadline === undefined ? {} : { deadline: options.deadline }), ...(options.shard === undefined ? {} : { shard: options.shard }),
  });
  return sorted.map((submission) => ({ submission, exercises: chosen(course, submission, named, options.all ?? false) }));

  async function ownWork(session: Session, exercise: Exercise): Promise<Work> {
    const submission = await locateWorkbook(session.workbook, course);
    if (!submission.exercises.has(exercise.id)) throw new UserError(`${exercise.id} has not been opened in this workbook yet.`, { wayOut: howToOpen(session, exercise) });
    return { submission, exercises: [exercise], session, own: true };
  }
}

function noSuchTarget(course: Course, target: string): UserError {
  const ids = course.exercises.map((exercise) => exercise.id);
  return new UserError(`There is no exercise and no folder "${target}".`, { wayOut: `${didYouMean(target, ids)}The exercises are: ${ids.join(', ')}.` });
}

/** Of a workbook the core, `--all` adds the extensions; of an exercise's folder that exercise. */
function chosen(course: Course, submission: Submission, named: Exercise[] | undefined, all: boolean): Exercise[] {
  if (named) return named;
  const single = course.exercises.filter((exercise) => submission.exercises.get(exercise.id) === submission.path);
  if (single.length > 0) return single;
  return course.exercises.filter((exercise) => all || exercise.kind === 'core');
}
