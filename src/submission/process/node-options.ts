/** What a submission may allocate, in megabytes. */
const memoryMb = 512;

/**
 * Young objects have 16 MB from the start, which V8 otherwise gives them once it has cleaned one megabyte several times: a
 * process that loads packages is through with its loading by then.
 */
export const roomForYoungObjects = '--min-semi-space-size=16';

/** The options of a submission's process. Those of V8 are taken back by the process itself: `child/v8-flags.ts` says why. */
export const nodeOptions: readonly string[] = [`--max-old-space-size=${memoryMb}`, roomForYoungObjects, '--disable-warning=ExperimentalWarning'];
