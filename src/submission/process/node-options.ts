/** What a submission may allocate, in megabytes. */
const memoryMb = 512;

/**
 * Young objects have 16 MB from the start, which V8 otherwise gives them once it has cleaned one megabyte several times: a
 * process that loads packages is through with its loading by then.
 */
export const roomForYoungObjects = '--min-semi-space-size=16';

/**
 * V8's flags for a submission's process. It lives for seconds and runs most of its code a few times, so machine code made
 * with care costs a quarter of all processor time and never pays: loops still get it, a hundred times later; WebAssembly
 * (sql.js) keeps its first, quick translation. What the code does is the same.
 * @param nodeVersion flags come and go with V8, and an unknown one ends Node.js; versions not looked at get none
 */
export function nodeOptions(nodeVersion: string = process.versions.node): string[] {
  const major = Number.parseInt(nodeVersion, 10);
  return [
    `--max-old-space-size=${memoryMb}`, roomForYoungObjects, '--disable-warning=ExperimentalWarning',
    ...(major === 20 ? ['--interrupt-budget=6758400'] : []),
    ...([20, 22, 24, 26].includes(major) ? ['--liftoff-only'] : []),
  ];
}
