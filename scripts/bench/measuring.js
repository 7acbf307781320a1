// What the parts of the bench share: a clean environment, runs that take turns, and rows with a limit.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const bin = join(root, 'bin', 'mongo-course.js');

export const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

/** Nothing of the person's own settings reaches what is measured. */
export const environment = (home) => ({ PATH: process.env.PATH, HOME: home, TMPDIR: home, NO_COLOR: '1', CI: '1' });

/** The units: an empty program (N), and one that loads the driver (M). */
export const units = (env) => ({
  N: () => timeOfNode(['-e', '0'], { cwd: root, env }),
  M: () => timeOfNode(['-e', "import('mongodb')"], { cwd: root, env }),
});

/** How long a program takes from its start to its end, in milliseconds. */
export function timeOfNode(args, { cwd, env }) {
  const startedAt = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { cwd, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}: ${stderr}`);
  return performance.now() - startedAt;
}

/** How long something takes in this process, in milliseconds. */
export async function timeOf(work) {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

/**
 * Runs all of them by turns, so that a machine that grows slower grows slower for each; the first turn warms up and does
 * not count. A task gives its milliseconds.
 * @returns the median of each
 */
export async function byTurns(runs, tasks) {
  const times = Object.fromEntries(Object.keys(tasks).map((name) => [name, []]));
  for (let run = -1; run < runs; run++) {
    for (const [name, task] of Object.entries(tasks)) {
      const took = await task(run);
      if (run >= 0) times[name].push(took);
    }
  }
  return Object.fromEntries(Object.entries(times).map(([name, all]) => [name, median(all)]));
}

/** A workbook with the solutions of these exercises in it. */
export function workbookWith(ids, folder, env) {
  execFileSync(process.execPath, [bin, 'init', folder, '--yes'], { env, stdio: 'ignore' });
  for (const id of ids) {
    for (const from of [join(root, 'exercises', id, 'starter'), join(root, 'solutions', id)]) {
      if (existsSync(from)) cpSync(from, join(folder, id), { recursive: true });
    }
  }
}

let judging = true;

/** With little data, or few runs, limits are shown, and nothing is said about them. */
export function judgeNothing() {
  judging = false;
}

/** Prints one number. With a ratio and a limit it says whether the limit is kept: at most that, or at least with `atLeast`. */
export function row(name, value, { ratio, unit = '×', limit, atLeast = false } = {}) {
  const kept = atLeast ? ratio >= limit : ratio <= limit;
  const against = ratio === undefined ? '' : `  ${ratio.toFixed(2).padStart(6)} ${unit}`;
  const verdict = limit === undefined ? '' : `   limit ${atLeast ? '≥' : '≤'} ${limit.toLocaleString('en', { maximumFractionDigits: 2 })}${kept || !judging ? '' : '   MISSED'}`;
  console.log(`${name.padEnd(54)}${value.padStart(10)}${against}${verdict}`);
}

/** Milliseconds with three digits that mean something. */
export const ms = (value) => (value < 1 ? `${(value * 1000).toFixed(0)} µs` : `${value < 10 ? value.toFixed(2) : value.toFixed(0)} ms`);
