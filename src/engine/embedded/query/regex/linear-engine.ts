import { setFlagsFromString } from 'node:v8';

/**
 * Has V8's linear engine for regular expressions take over where a pattern backtracks without end, `^(a+)+$` for one; with it comes
 * the flag `l`, which tells whether it can. Idempotent.
 */
export function enableLinearEngine(): void {
  setFlagsFromString('--enable-experimental-regexp-engine');
  setFlagsFromString('--enable-experimental-regexp-engine-on-excessive-backtracks');
}
