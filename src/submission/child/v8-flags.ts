import { setFlagsFromString } from 'node:v8';

export const defaults: readonly string[] = ['--max-old-space-size=0', '--min-semi-space-size=0'];

/**
 * Gives V8's flags of the command line back their defaults. The sizes of the heap have been read by then, and stay. But
 * with any flag that is not as it was when Node.js was built, V8 refuses the compiled code that Node.js brings along for
 * its own modules, and compiles all of them anew: half as much again as Node.js takes to start.
 */
export function flagsByDefault(): void {
  for (const flag of defaults) setFlagsFromString(flag);
}

/**
 * Has V8 optimise little: a submission's process lives for seconds and runs most of its code a few times, so machine code
 * made with care costs a quarter of all processor time and never pays. Loops still get it, a hundred times later;
 * WebAssembly (sql.js) keeps its first, quick translation. What the code does is the same.
 */
export function optimiseLittle(): void {
  for (const flag of littleOptimising()) setFlagsFromString(flag);
}

/**
 * The flags by which it does.
 * @param nodeVersion flags come and go with V8; versions not looked at get none
 */
export function littleOptimising(nodeVersion: string = process.versions.node): string[] {
  const major = Number.parseInt(nodeVersion, 10);
  return [
    ...(major === 20 ? ['--interrupt-budget=6758400'] : []),
    ...([20, 22, 24, 26].includes(major) ? ['--liftoff-only'] : []),
  ];
}
