import { displayWidth, splitAtWidth } from '../display-width.ts';

/** Two values beside each other, cut to what fits, and where they part. */
export interface Difference {
  expected: string[];
  actual: string[];
  /** Column, in display width, below which a caret marks the first difference of the two; only where both are one line. */
  column?: number;
  /** The same in characters of the whole value, from 1. */
  character?: number;
}

const most = 12;

/**
 * Lays two values out so that their first difference can be seen: long lines are cut around it, long texts begin shortly
 * before it.
 */
export function layOut(expected: string, actual: string, width: number): Difference {
  if (expected.includes('\n') || actual.includes('\n')) return manyLines(expected.split('\n'), actual.split('\n'));
  const same = commonPrefix(expected, actual);
  if (displayWidth(expected) <= width && displayWidth(actual) <= width) {
    const marked = same > 0 && expected !== actual;
    return { expected: [expected], actual: [actual], ...(marked ? { column: displayWidth(expected.slice(0, same)), character: same + 1 } : {}) };
  }
  const before = Math.max(0, same - Math.floor(width / 2));
  const from = before < 8 ? 0 : before;
  const column = displayWidth(expected.slice(from, same)) + (from > 0 ? 1 : 0);
  return { expected: [excerpt(expected, from, width)], actual: [excerpt(actual, from, width)], ...(same > 0 ? { column, character: same + 1 } : {}) };
}

/** How many UTF-16 units two texts share at their beginning; never ends inside a pair. */
function commonPrefix(a: string, b: string): number {
  let same = 0;
  while (same < a.length && same < b.length && a[same] === b[same]) same += 1;
  const last = a.charCodeAt(same - 1);
  return same > 0 && last >= 0xd800 && last <= 0xdbff ? same - 1 : same;
}

function excerpt(text: string, from: number, width: number): string {
  const head = from > 0 ? '…' : '';
  const rest = text.slice(from);
  if (displayWidth(rest) + head.length <= width) return head + rest;
  return `${head}${splitAtWidth(rest, width - head.length - 1)[0]}…`;
}

function manyLines(expected: string[], actual: string[]): Difference {
  let same = 0;
  while (same < expected.length && same < actual.length && expected[same] === actual[same]) same += 1;
  const from = Math.max(0, Math.min(same - 3, Math.max(expected.length, actual.length) - most));
  return { expected: part(expected, from, same), actual: part(actual, from, same) };
}

/** Some lines of a text; the first that differs is pointed at. */
function part(lines: string[], from: number, different: number): string[] {
  const shown = lines.slice(from, from + most).map((line, index) => `${index + from === different ? '> ' : '  '}${line}`);
  const left = lines.length - from - shown.length;
  return [...(from > 0 ? [`  … ${from} equal lines`] : []), ...shown, ...(left > 0 ? [`  … ${left} more lines`] : [])];
}
