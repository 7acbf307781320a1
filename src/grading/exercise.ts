import { showForPeople } from '../checker/difference.ts';
import { CheckFailure, isCheckFailure, isSubmissionError } from '../checker/failure.ts';
import type { Failure } from '../checker/types.ts';
import type { Course, Exercise } from '../course/types.ts';
import type { Engine } from '../engine/engine.ts';
import { takeSnapshot } from '../engine/snapshot.ts';
import { loadChecker } from '../submission/checkers.ts';
import type { PackageSources } from '../submission/compile/packages.ts';
import type { Sandbox } from '../submission/sandbox.ts';
import { pointsFor, scoreExercise } from '../verdict/score.ts';
import type { CheckVerdict, ExerciseVerdict, TraceEntry } from '../verdict/types.ts';
import type { DirectClient } from '../wire/client.ts';
import { compilesId, planChecks, type PlannedCheck } from './checks.ts';
import { createContext } from './context.ts';
import { outputEvidence } from './failures.ts';
import { prepare, type Prepared } from './prepared.ts';
import { loadTimeoutMs, Scene } from './scene.ts';
import { Starts } from './starts.ts';

/** What a database of a run is called in its snapshot: the exercises' default. */
const defaultDatabase = 'my_node_mongo_db';

export interface ExerciseRun {
  course: Course;
  exercise: Exercise;
  /** The submission's folder of this exercise. */
  folder: string;
  seed: number;
  engine: Engine;
  client: DirectClient;
  sandbox: Sandbox;
  /** False: a failure that hangs on a deadline is not tried once more. */
  secondTry: boolean;
  packages: PackageSources & { bundles: boolean };
  timeoutMs?: number;
  /** Bring back what was stored. */
  keepData?: boolean;
  onCheck?: (check: CheckVerdict) => void;
}

export interface ExerciseOutcome {
  verdict: ExerciseVerdict;
  trace: TraceEntry[];
  /** Digest of the graded files. */
  digest: string;
  /** With `keepData`: a snapshot of the database. */
  data?: Uint8Array;
}

/** Grades one exercise of one submission: scenes side by side, the checks of a scene in order. */
export async function gradeExercise(run: ExerciseRun): Promise<ExerciseOutcome> {
  const startedAt = performance.now();
  const checker = await loadChecker(run.course, run.exercise);
  const prepared = await prepare(run.course, run.exercise, run.folder, checker, run.packages);
  try {
    const grading = new Grading(run, prepared, planChecks(checker.exports, run.exercise, prepared));
    const checks = await grading.all();
    const verdict: ExerciseVerdict = {
      id: run.exercise.id, title: run.exercise.title, ...scoreExercise(checks), durationMs: Math.round(performance.now() - startedAt), checkerDigest: checker.digest, checks,
      ...(prepared.sources.notes.length > 0 ? { notes: prepared.sources.notes } : {}),
    };
    return { verdict, trace: grading.trace.sort((a, b) => a.at - b.at), digest: prepared.sources.digest, ...(grading.data ? { data: grading.data } : {}) };
  } finally {
    await prepared.dispose();
  }
}

class Grading {
  readonly trace: TraceEntry[] = [];
  data: Uint8Array | undefined;
  readonly #run: ExerciseRun;
  readonly #prepared: Prepared;
  readonly #planned: readonly PlannedCheck[];
  readonly #verdicts = new Map<string, CheckVerdict>();
  readonly #deadline: number;
  readonly #startedAt = performance.now();

  constructor(run: ExerciseRun, prepared: Prepared, planned: readonly PlannedCheck[]) {
    this.#run = run;
    this.#prepared = prepared;
    this.#planned = planned;
    this.#deadline = performance.now() + (run.timeoutMs ?? run.exercise.timeoutSeconds * 1000);
  }

  async all(): Promise<CheckVerdict[]> {
    const [first] = this.#planned as [PlannedCheck];
    const scenes = bySceneName(this.#planned);
    const main = (scenes.get(first.scene) ?? []).slice(1);
    scenes.delete(first.scene);
    const scene = await this.#open(first.scene);
    try {
      await this.#judge(first, scene);
      const others = [...scenes].sort(([, a], [, b]) => longestWait(b) - longestWait(a));
      this.#starts = new Starts(others.map(([name]) => name));
      await Promise.all([
        this.#inOrder(main, first.scene, scene),
        ...others.map(async ([name, checks]) => {
          await this.#starts?.turnOf(name);
          await this.#inOrder(checks, name, undefined);
        }),
      ]);
    } finally {
      await this.#close(first.scene);
    }
    if (this.#run.secondTry) await this.#againAlone();
    return this.#planned.map((check) => this.#verdicts.get(check.id) as CheckVerdict);
  }

  readonly #scenes = new Map<string, Scene>();

  #starts: Starts | undefined;

  async #open(name: string): Promise<Scene> {
    const { engine, client, sandbox } = this.#run;
    const scene = await Scene.open({ name, prepared: this.#prepared, engine, client, sandbox, onLoaded: () => this.#starts?.underWay(name) });
    this.#scenes.set(name, scene);
    return scene;
  }

  async #close(name: string): Promise<void> {
    const scene = this.#scenes.get(name);
    this.#scenes.delete(name);
    await scene?.close();
  }

  /** Runs the checks of a scene, each after those it needs, which may be in another scene. */
  async #inOrder(checks: readonly PlannedCheck[], name: string, open: Scene | undefined): Promise<void> {
    let scene = open;
    try {
      for (const check of checks) {
        await this.#waitFor(check.needs);
        if (this.#blocked(check)) {
          this.#skip(check);
          continue;
        }
        scene = this.#scenes.get(name) ?? (await this.#open(name));
        await this.#judge(check, scene);
      }
    } finally {
      this.#starts?.underWay(name);
      if (!open) await this.#close(name);
    }
  }

  readonly #waiting = new Map<string, (() => void)[]>();

  async #waitFor(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      if (this.#verdicts.has(id) || !this.#planned.some((check) => check.id === id)) continue;
      await new Promise<void>((done) => this.#waiting.set(id, [...(this.#waiting.get(id) ?? []), done]));
    }
  }

  #blocked(check: PlannedCheck): boolean {
    return check.needs.some((id) => this.#verdicts.get(id)?.status !== 'passed');
  }

  #skip(check: PlannedCheck): void {
    const blocker = check.needs.find((id) => this.#verdicts.get(id)?.status !== 'passed');
    const title = this.#planned.find((one) => one.id === blocker)?.title ?? blocker;
    this.#settle({ ...this.#blank(check), status: 'skipped', message: `Not tried: "${title}" has to pass first.`, durationMs: 0 });
  }

  #blank(check: PlannedCheck): Omit<CheckVerdict, 'status' | 'message' | 'durationMs'> {
    return {
      id: check.id, title: check.title, points: 0, maxPoints: check.maxPoints, lesson: check.lesson,
      ...(check.bonus ? { bonus: true } : {}), ...(check.needs.length > 0 ? { dependsOn: check.needs } : {}),
    };
  }

  /** Runs one check, and says what became of it. */
  async #judge(check: PlannedCheck, scene: Scene): Promise<void> {
    const startedAt = performance.now();
    let mark = scene.tap.mark();
    let printedBefore = new Map<object, number>();
    const left = Math.min(check.timeoutMs, this.#deadline - startedAt);
    const outcome = await within(Math.max(0, left), async () => {
      await scene.between();
      mark = scene.tap.mark();
      printedBefore = scene.printed(new Map()).marks;
      await check.run(createContext(scene, this.#prepared, this.#run.seed, check.id), scene);
      if (scene.tap.flooded) throw new CheckFailure({ message: 'The database was sent so much, thousands of commands or many megabytes, that it was not all looked at.', cause: 'floods the database' });
    });
    const offset = this.#startedAt;
    this.trace.push(...scene.tap.timeline(check.id, mark).map((entry) => ({ ...entry, at: entry.at + scene.tap.startedAt - offset })));
    if (this.#run.keepData) await this.#keep(scene, outcome);
    const durationMs = Math.round(performance.now() - startedAt);
    const { text } = scene.printed(printedBefore);
    this.#settle({ ...this.#blank(check), ...this.#outcome(check, outcome, text), durationMs });
    // What a check that ran out of time still does must not reach the next one.
    if (outcome === 'late') await this.#close(check.scene);
  }

  #keptFailure = false;

  /** The first failure's data says most; without one, the last that there was. */
  async #keep(scene: Scene, outcome: Outcome): Promise<void> {
    if (this.#keptFailure) return;
    const { documents, snapshot } = await takeSnapshot(this.#run.engine.backend, { only: scene.database.name, as: defaultDatabase });
    if (documents === 0) return;
    this.data = snapshot;
    this.#keptFailure = outcome !== 'passed';
  }

  #outcome(check: PlannedCheck, outcome: Outcome, printed: string): Pick<CheckVerdict, 'status' | 'message'> & Partial<CheckVerdict> {
    if (outcome === 'passed') return { status: 'passed', points: check.maxPoints, message: '' };
    const shown = outputEvidence(this.#prepared.places.stack(printed));
    if (outcome === 'late') {
      const seconds = Math.round(check.timeoutMs / 1000);
      return { status: 'timeout', message: `This took longer than the ${seconds} seconds it may take, so it was stopped.`, cause: 'too slow, or never finishes', ...(shown.length > 0 ? { evidence: shown } : {}) };
    }
    const { error } = outcome;
    if (!isCheckFailure(error) && !isSubmissionError(error)) {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      return { status: 'errored', points: pointsFor('errored', check.maxPoints), message: 'The check itself failed. This is our mistake and does not count against you.', cause: 'the checker failed', evidence: [{ kind: 'error', text }] };
    }
    return { status: 'failed', ...told(error.failure, shown) };
  }

  /** A failure that hangs on a deadline is tried once more, with nothing else running, before it counts. */
  async #againAlone(): Promise<void> {
    const opened = new Set<string>();
    try {
      for (const check of this.#planned) {
        const verdict = this.#verdicts.get(check.id);
        const deadlineFailed = hangsOnTime(check, verdict) && (verdict?.status === 'failed' || verdict?.status === 'timeout');
        const nowPossible = verdict?.status === 'skipped' && !this.#blocked(check);
        if ((!deadlineFailed && !nowPossible) || performance.now() > this.#deadline) continue;
        opened.add(check.scene);
        await this.#judge(check, this.#scenes.get(check.scene) ?? (await this.#open(check.scene)));
      }
    } finally {
      for (const name of opened) await this.#close(name);
    }
  }

  #settle(verdict: CheckVerdict): void {
    this.#verdicts.set(verdict.id, verdict);
    this.#run.onCheck?.(verdict);
    for (const done of this.#waiting.get(verdict.id) ?? []) done();
    this.#waiting.delete(verdict.id);
  }
}

/** Code that does not compile, or throws at once, does so on a quiet machine as well; a start that took its full time may not. */
function hangsOnTime(check: PlannedCheck, verdict: CheckVerdict | undefined): boolean {
  return check.id === compilesId ? (verdict?.durationMs ?? 0) >= 0.9 * loadTimeoutMs : check.deadline;
}

function bySceneName(checks: readonly PlannedCheck[]): Map<string, PlannedCheck[]> {
  const scenes = new Map<string, PlannedCheck[]>();
  for (const check of checks) scenes.set(check.scene, [...(scenes.get(check.scene) ?? []), check]);
  return scenes;
}

/** How long a scene's checks that hang on a deadline may wait, in milliseconds. */
function longestWait(checks: readonly PlannedCheck[]): number {
  return Math.max(0, ...checks.map((check) => (check.deadline ? check.timeoutMs : 0)));
}

type Outcome = 'passed' | 'late' | { error: unknown };

async function within(ms: number, work: () => Promise<void>): Promise<Outcome> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), ms);
  });
  const done = work().then((): Outcome => 'passed', (error: unknown): Outcome => ({ error }));
  const outcome = await Promise.race([done, late]);
  clearTimeout(timer);
  return outcome;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : showForPeople(value));

function told(failure: Failure, printed: CheckVerdict['evidence'] & object): Pick<CheckVerdict, 'message'> & Partial<CheckVerdict> {
  const evidence = [...(failure.evidence ?? [])];
  if (!evidence.some((one) => one.kind === 'output')) evidence.push(...printed);
  return {
    // An error's own text, quoted at the end of a sentence, often brings a full stop along.
    message: failure.message.replace(/(?<!\.)\.\.(?!\.)/g, '.'),
    ...(failure.cause === undefined ? {} : { cause: failure.cause }),
    ...(failure.expected === undefined ? {} : { expected: text(failure.expected) }),
    ...(failure.actual === undefined ? {} : { actual: text(failure.actual) }),
    ...(failure.hint === undefined ? {} : { hint: failure.hint }),
    ...(failure.lesson === undefined ? {} : { lesson: failure.lesson }),
    ...(evidence.length > 0 ? { evidence } : {}),
  };
}
