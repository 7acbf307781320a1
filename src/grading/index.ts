import type { ChildProcess } from 'node:child_process';
import { pointsOutOf } from '../course/points.ts';
import type { Exercise } from '../course/types.ts';
import { UserError, exitCodes, type ExitCode } from '../errors.ts';
import { endRun } from '../submission/process/end.ts';
import { ArchiveError } from '../submission/intake/archive.ts';
import { openSubmission, type OpenedSubmission } from '../submission/intake/opened.ts';
import { combineDigests } from '../submission/sources.ts';
import type { Submission } from '../submission/types.ts';
import { scoreSubmission, unreadableVerdict } from '../verdict/score.ts';
import type { CheckVerdict, ExerciseVerdict, SubmissionVerdict } from '../verdict/types.ts';
import type { ExerciseOutcome } from './exercise.ts';
import type { SlotOrder, SlotReport } from './slot.ts';
import { takeSlotProcess } from './slot-process.ts';
import type { Grader, GradeJob, GradeResult, GraderOptions } from './types.ts';

export type { Grader, GradeResult, GraderEvent, GraderOptions } from './types.ts';

/** Beyond an exercise's own limit, for preparing and tidying up; then the slot is taken to be stuck. */
const graceMs = 20_000;

/**
 * Starts a grader. Each of its jobs has a process, the slot, which holds engine, tap and checkers; it is killed and
 * started anew where a submission gets it stuck.
 * @throws UserError where the engine can't be started
 */
export async function createGrader(options: GraderOptions): Promise<Grader> {
  const pool = new Pool(options);
  const version = await pool.begin();
  return {
    engine: { kind: options.engine.kind, version }, sandbox: options.sandbox ?? 'none',
    grade: (job) => gradeJob(pool, options, job),
    close: () => pool.close(),
  };
}

async function gradeJob(pool: Pool, options: GraderOptions, job: GradeJob): Promise<GradeResult> {
  const { submission } = job;
  const maxScore = job.exercises.reduce((sum, exercise) => sum + pointsOutOf(exercise), 0);
  if (submission.unreadable !== undefined) {
    return { verdict: { ...unreadableVerdict({ name: submission.name, path: submission.path, digest: '', maxScore }, submission.unreadable), ...handedIn(submission) }, traces: {} };
  }
  let opened: OpenedSubmission;
  try {
    opened = await openSubmission(submission);
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error;
    return { verdict: { ...unreadableVerdict({ name: submission.name, path: submission.path, digest: '', maxScore }, error.message), ...handedIn(submission) }, traces: {} };
  }
  let done: (ExerciseOutcome | undefined)[];
  try {
    done = await gradeExercises(pool, options, job, opened.exercises);
  } finally {
    await opened.close();
  }
  const exercises = job.exercises.map((exercise, index) => done[index]?.verdict ?? missingVerdict(exercise));
  const traces: GradeResult['traces'] = {};
  const data: NonNullable<GradeResult['data']> = {};
  const digests: [string, string][] = [];
  for (const [index, exercise] of job.exercises.entries()) {
    const outcome = done[index];
    if (!outcome) continue;
    traces[exercise.id] = outcome.trace;
    if (outcome.data) data[exercise.id] = outcome.data;
    digests.push([exercise.id, outcome.digest]);
  }
  const verdict = { name: submission.name, path: submission.path, digest: digests.length === 0 ? '' : combineDigests(digests), ...handedIn(submission), ...scoreSubmission(exercises, new Set(options.bonus)), exercises };
  return { verdict, traces, data };
}

/** As many side by side as the job wants; in the order of its exercises, undefined where one was not handed in. */
async function gradeExercises(pool: Pool, options: GraderOptions, job: GradeJob, folders: ReadonlyMap<string, string>): Promise<(ExerciseOutcome | undefined)[]> {
  const outcomes: (ExerciseOutcome | undefined)[] = [];
  const submission = job.submission.name;
  const left = [...job.exercises.entries()];
  const lane = async (): Promise<void> => {
    for (let next = left.shift(); next; next = left.shift()) {
      const [index, exercise] = next;
      const folder = folders.get(exercise.id);
      if (folder === undefined) continue;
      const slot = await pool.take();
      try {
        options.onEvent?.({ kind: 'exercise-started', submission, exercise: exercise.id });
        const outcome = await slot.grade(exercise, folder, job, (check) => options.onEvent?.({ kind: 'check-done', submission, exercise: exercise.id, check }));
        outcomes[index] = outcome;
        options.onEvent?.({ kind: 'exercise-done', submission, exercise: outcome.verdict });
      } finally {
        pool.give(slot);
      }
    }
  };
  // All of them, so that nothing is still at work in a folder that goes away.
  for (const result of await Promise.allSettled(Array.from({ length: job.atOnce ?? 1 }, lane))) if (result.status === 'rejected') throw result.reason;
  return outcomes;
}

/** What is known of who handed it in, and when. */
function handedIn({ submittedAt, lateBy, student }: Submission): Pick<SubmissionVerdict, 'submittedAt' | 'lateBy' | 'student'> {
  return { ...(submittedAt === undefined ? {} : { submittedAt }), ...(lateBy === undefined ? {} : { lateBy }), ...(student === undefined ? {} : { student }) };
}

function missingVerdict(exercise: Exercise): ExerciseVerdict {
  return { id: exercise.id, title: exercise.title, status: 'missing', score: 0, maxScore: pointsOutOf(exercise), durationMs: 0, checkerDigest: '', checks: [] };
}

/** Slots, as many as jobs, each started when it is first needed. */
class Pool {
  readonly #options: GraderOptions;
  readonly #idle: Slot[] = [];
  readonly #waiting: ((slot: Slot) => void)[] = [];
  #count = 0;

  constructor(options: GraderOptions) {
    this.#options = options;
    options.signal?.addEventListener('abort', () => this.#kill(), { once: true });
  }

  readonly #all = new Set<Slot>();

  async begin(): Promise<string> {
    const slot = await this.take();
    this.give(slot);
    return slot.version;
  }

  async take(): Promise<Slot> {
    this.#options.signal?.throwIfAborted();
    const idle = this.#idle.pop();
    if (idle) return idle;
    if (this.#count < (this.#options.jobs ?? 1)) {
      this.#count++;
      const slot = new Slot(this.#options);
      this.#all.add(slot);
      await slot.start();
      return slot;
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  give(slot: Slot): void {
    const next = this.#waiting.shift();
    if (next) next(slot);
    else this.#idle.push(slot);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#all].map((slot) => slot.stop()));
  }

  #kill(): void {
    for (const slot of this.#all) slot.kill();
  }
}

class Slot {
  readonly #options: GraderOptions;
  #process: ChildProcess | undefined;
  #heard: ((report: SlotReport | undefined) => void) | undefined;
  version = '';

  constructor(options: GraderOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    const child = takeSlotProcess();
    this.#process = child;
    // A slot that is killed can't tidy up itself.
    const runs = new Map<string, string>();
    child.on('message', (report: SlotReport) => {
      if (report.type !== 'run') this.#heard?.(report);
      else if (report.event.open) runs.set(report.event.run, report.event.folder);
      else runs.delete(report.event.run);
    });
    child.once('exit', () => {
      for (const [run, folder] of runs) endRun(run, folder);
      if (this.#process === child) this.#process = undefined;
      this.#heard?.(undefined);
    });
    const { course, engine, sandbox = 'none', packages = { own: true }, timeoutMs, keepData = false } = this.#options;
    const report = await this.#ask({ type: 'start', options: { course, engine, sandbox, packages, keepData, ...(timeoutMs === undefined ? {} : { timeoutMs }) } }, 60_000);
    if (report?.type === 'failed') {
      this.kill();
      // With the stack from over there, for --debug.
      if (report.user) throw Object.assign(new UserError(report.message, { exitCode: report.user.exitCode as ExitCode, ...(report.user.wayOut === undefined ? {} : { wayOut: report.user.wayOut }) }), { stack: report.stack });
      throw new Error(`the grading process did not start: ${report.stack}`);
    }
    if (report?.type !== 'ready') throw new UserError('The grading process did not start.', { exitCode: exitCodes.environment, wayOut: 'Run mongo-course doctor to see what this machine lacks.' });
    this.version = report.version;
  }

  async grade(exercise: Exercise, folder: string, { seed, secondTry = true }: Pick<GradeJob, 'seed' | 'secondTry'>, onCheck: (check: CheckVerdict) => void): Promise<ExerciseOutcome> {
    if (!this.#process) await this.start();
    const checks: CheckVerdict[] = [];
    const limit = (this.#options.timeoutMs ?? exercise.timeoutSeconds * 1000) + graceMs;
    const report = await this.#ask({ type: 'grade', exercise, folder, seed, secondTry }, limit, (check) => {
      checks.push(check);
      onCheck(check);
    });
    if (report?.type === 'graded') return report.outcome;
    this.#options.signal?.throwIfAborted();
    const why = report?.type === 'failed' ? report.stack : 'The grading process got stuck or ended, and was started anew.';
    if (report?.type !== 'failed') this.kill();
    return { verdict: erroredVerdict(exercise, checks, why), trace: [], digest: '' };
  }

  async stop(): Promise<void> {
    const child = this.#process;
    if (!child) return this.#ending;
    const gone = new Promise<void>((done) => child.once('exit', () => done()));
    if (child.connected) child.send({ type: 'stop' } satisfies SlotOrder);
    const timer = setTimeout(() => child.kill('SIGTERM'), 3000);
    await gone;
    clearTimeout(timer);
  }

  /** SIGTERM, so that its exit handler ends what submissions still run. */
  kill(): void {
    const child = this.#process;
    this.#process = undefined;
    if (!child) return;
    const timer = setTimeout(() => child.kill('SIGKILL'), 2000);
    this.#ending = new Promise((done) => {
      child.once('exit', () => {
        clearTimeout(timer);
        done();
      });
    });
    child.kill('SIGTERM');
  }

  /** Settles when the process that was killed last is gone, with all it had started. */
  #ending: Promise<void> = Promise.resolve();

  /** Sends an order and waits for what ends it; undefined where the slot ends or the time is over. */
  #ask(order: SlotOrder, limitMs: number, onCheck?: (check: CheckVerdict) => void): Promise<SlotReport | undefined> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => settle(undefined), limitMs);
      const settle = (report: SlotReport | undefined): void => {
        clearTimeout(timer);
        this.#heard = undefined;
        resolve(report);
      };
      this.#heard = (report) => {
        if (report?.type === 'check') onCheck?.(report.check);
        else settle(report);
      };
      this.#process?.send(order, (error) => {
        if (error) settle(undefined);
      });
    });
  }
}

function erroredVerdict(exercise: Exercise, checks: CheckVerdict[], why: string): ExerciseVerdict {
  const stuck: CheckVerdict = {
    id: 'grading', title: 'the grader itself', status: 'errored', points: null, maxPoints: 0, durationMs: 0,
    message: 'Grading did not finish. This is our mistake and does not count against you.', cause: 'the grader failed', evidence: [{ kind: 'error', text: why }],
  };
  return { id: exercise.id, title: exercise.title, status: 'errored', score: checks.reduce((sum, check) => sum + (check.points ?? 0), 0), maxScore: pointsOutOf(exercise), durationMs: 0, checkerDigest: '', checks: [...checks, stuck] };
}
