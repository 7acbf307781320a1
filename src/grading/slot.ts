/** A slot: the trusted process that holds engine, tap and checkers for one job at a time. */
import { startEngineKind } from '../engine/index.ts';
import type { Engine } from '../engine/engine.ts';
import { loadRegistrant } from '../registry.ts';
import { warmCompiler } from '../submission/compile/compile.ts';
import { tellRuns, type RunEvent } from '../submission/process/end.ts';
import type { Sandbox } from '../submission/sandbox.ts';
import type { Exercise } from '../course/types.ts';
import { connectDirect, type DirectClient } from '../wire/client.ts';
import type { CheckVerdict } from '../verdict/types.ts';
import { gradeExercise, type ExerciseOutcome } from './exercise.ts';
import type { SlotOptions } from './types.ts';

export type SlotOrder =
  | { type: 'start'; options: SlotOptions }
  | { type: 'grade'; exercise: Exercise; folder: string; seed: number; secondTry: boolean }
  | { type: 'stop' };

export type SlotReport =
  | { type: 'ready'; version: string }
  | { type: 'check'; check: CheckVerdict }
  | { type: 'run'; event: RunEvent }
  | { type: 'graded'; outcome: ExerciseOutcome }
  | { type: 'failed'; message: string; stack: string; user?: { wayOut?: string; exitCode: number } };

/** What a submission may store: far more than any exercise asks for, far less than would end this process. */
const mostStored = 256 * 1024 * 1024;

let options: SlotOptions | undefined;
let engine: Engine | undefined;
let client: DirectClient | undefined;
let sandbox: Sandbox | undefined;

async function obey(order: SlotOrder): Promise<void> {
  if (order.type === 'stop') {
    client?.close();
    await engine?.stop();
    process.disconnect();
    return;
  }
  if (order.type === 'start') {
    options = order.options;
    sandbox = await loadRegistrant<Sandbox>(new URL('../submission/sandboxes/', import.meta.url), options.sandbox, 'sandbox');
    await openEngine(options);
    report({ type: 'ready', version: engine?.version ?? '' });
    return;
  }
  if (!options || !engine || !client || !sandbox) throw new Error('the slot has not been started');
  let outcome: ExerciseOutcome;
  try {
    outcome = await gradeExercise({
      course: options.course, exercise: order.exercise, folder: order.folder, seed: order.seed, secondTry: order.secondTry, engine, client, sandbox,
      packages: { bundles: sandbox.showsHome, ...(options.packages.own ? { learnerFolder: order.folder } : {}), ...(options.packages.folder === undefined ? {} : { packagesFolder: options.packages.folder }) },
      ...(options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }),
      keepData: options.keepData ?? false,
      onCheck: (check) => report({ type: 'check', check }),
    });
  } finally {
    // What a submission left in it, fail points and parameters too, must not reach the next.
    if (engine.throwaway) await openEngine(options);
  }
  report({ type: 'graded', outcome });
}

async function openEngine({ engine: { kind, uri } }: SlotOptions): Promise<void> {
  client?.close();
  await engine?.stop();
  engine = await startEngineKind(kind, { maxBytes: mostStored, ...(uri === undefined ? {} : { uri }) });
  client = connectDirect(engine.backend);
}

function report(message: SlotReport): void {
  if (process.connected) process.send?.(message);
}

// Its service takes a moment to start, and whatever is graded gets compiled.
void warmCompiler();
tellRuns((event) => report({ type: 'run', event }));
process.on('message', (order: SlotOrder) => {
  obey(order).catch((error: unknown) => {
    const known = error as Error & { wayOut?: string; exitCode?: number };
    report({
      type: 'failed', message: known.message, stack: String(known.stack),
      ...(typeof known.exitCode === 'number' ? { user: { exitCode: known.exitCode, ...(known.wayOut === undefined ? {} : { wayOut: known.wayOut }) } } : {}),
    });
  });
});
// Our parent is gone: so is the reason to be here. The exit handler ends what submissions still run.
process.on('disconnect', () => process.exit(0));
if (!process.connected) process.exit(0);
// Ctrl-C reaches the whole group; the parent decides when a slot ends.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => process.exit(0));
