/** What a slot's process is started with: runs the slot with what V8 made of its code before. */
import '../submission/child/default-flags.ts';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { enableLinearEngine } from '../engine/embedded/query/regex/linear-engine.ts';
import { KeptProgram } from '../kept-code.ts';
import type { SlotOrder } from './slot.ts';

// As in a submission's process: with the compiled code that Node.js brings, which V8 takes until the engine sets flags.
const require = createRequire(import.meta.url);
for (const part of ['net', 'tls', 'crypto', 'http', 'cluster', 'os', 'dns', 'fs/promises', 'child_process', 'worker_threads', 'perf_hooks', 'tty']) require(`node:${part}`);

const slot = new KeptProgram(fileURLToPath(new URL('./slot.cjs', import.meta.url)), 'slot');
const graded = new Set<string>();

async function start(): Promise<void> {
  await import('node:process');
  enableLinearEngine();
  await slot.run((path) => import(path)).done;
  // Only now: orders wait for the first that listens, and that has to be the slot.
  process.on('message', (order: SlotOrder) => {
    if (order.type === 'grade') graded.add(order.exercise.id);
  });
  process.once('exit', () => slot.keep(graded));
}

void start();
