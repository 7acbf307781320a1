/** What a slot's process is started with: runs the slot with what V8 made of its code before. */
import '../submission/child/default-flags.ts';
import { fileURLToPath } from 'node:url';
import { enableLinearEngine } from '../engine/embedded/query/regex/linear-engine.ts';
import { exitCodes } from '../errors.ts';
import { KeptProgram } from '../kept-code.ts';
import { loadPartsOfNode } from '../submission/child/node-parts.ts';
import type { SlotOrder, SlotReport } from './slot.ts';

// As in a submission's process: until the engine sets flags.
loadPartsOfNode('child_process', 'worker_threads');

const graded = new Set<string>();

async function start(): Promise<void> {
  const slot = new KeptProgram(fileURLToPath(new URL('./slot.cjs', import.meta.url)), 'slot');
  await import('node:process');
  enableLinearEngine();
  await slot.run((path) => import(path)).done;
  // Only now: orders wait for the first that listens, and that has to be the slot.
  process.on('message', (order: SlotOrder) => {
    if (order.type === 'grade') graded.add(order.exercise.id);
  });
  process.once('exit', () => slot.keep(graded));
}

/** The order to start is answered with why that is not possible; it comes after this, as all orders do. */
function refuse({ message, stack }: Error): void {
  process.on('message', (order: SlotOrder) => {
    if (order.type !== 'start') return;
    const report: SlotReport = { type: 'failed', message: `The grading process did not start: ${message}.`, stack: String(stack), user: { exitCode: exitCodes.environment, wayOut: 'Install mongo-course again.' } };
    process.send?.(report, () => process.exit(exitCodes.environment));
  });
  process.once('disconnect', () => process.exit(exitCodes.environment));
}

start().catch(refuse);
