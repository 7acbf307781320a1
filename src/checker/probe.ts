/** What a probe's functions are given. A probe runs inside the submission's process: it is a call stub and decides nothing. */
export interface ProbeContext {
  /**
   * Loads one of the submission's modules (given and editable files alike), by its path without the ending: `load('views')`.
   * The same path gives the same instance as the submission's own imports.
   */
  load(path: string): Promise<Record<string, any>>;
  /** Keeps a value in the process and returns a token that later calls can pass; for things that can't be copied. */
  keep(value: unknown): { $kept: number };
  /** The value behind a token. */
  kept(token: unknown): any;
}

/** A function of `probe.ts`: exported by name, called by `t.call(name, ...args)`. */
export type ProbeFunction = (context: ProbeContext, ...args: any[]) => unknown;
