import type { Check, CheckContext, CheckOptions } from './types.ts';

/**
 * Makes a check. Export it: the export's name in kebab-case is its id.
 * @param title what a learner reads, a sentence without a full stop: "stores the message it was given"
 */
export function check(title: string, run: Check['run']): Check;
export function check(title: string, options: CheckOptions, run: Check['run']): Check;
export function check(title: string, second: CheckOptions | Check['run'], third?: (t: CheckContext) => Promise<void> | void): Check {
  const [options, run] = typeof second === 'function' ? [{}, second] : [second, third];
  if (!run) throw new TypeError(`check "${title}" has no function`);
  return { [brand]: true, title, options, run } as Check;
}

const brand = Symbol.for('mongo-course.Check');

/** True for what `check()` made, whichever copy of this module made it. */
export function isCheck(value: unknown): value is Check {
  return typeof value === 'object' && value !== null && brand in value;
}
