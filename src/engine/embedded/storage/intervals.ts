import type { Collation } from '../bson/collation.ts';
import { showValue } from '../bson/show.ts';
import { BsonSymbol, Doc, MaxKey, MinKey, Regex, Undefined, type Value } from '../bson/value.ts';
import type { Predicate } from '../query/predicate.ts';
import { afterAll, keyByte, keyOf, type Key } from './key.ts';

/** A stretch of one index field's values, in ascending order: from a place to a place, each before or after a key. */
export interface Interval {
  low: Edge;
  high: Edge;
  /** True where it holds one value. */
  point: boolean;
  /** As `explain` shows it, which few ask for. */
  text: () => string;
}

interface Edge {
  key: Key;
  after: boolean;
}

/** All values. */
export const everything: Interval = { low: { key: '', after: false }, high: { key: '', after: true }, point: false, text: () => '[MinKey, MaxKey]' };

/** One value. */
export function point(value: Value | undefined, collation: Collation | undefined): Interval {
  const key = keyOf(value, false, collation);
  return { low: { key, after: false }, high: { key, after: true }, point: true, text: () => `[${showValue(value ?? null)}, ${showValue(value ?? null)}]` };
}

/** What `{ path: value }` can match: for an array its first item too, which its documents are found by. */
function equal(value: Value, collation: Collation | undefined): Interval[] {
  if (value === null) return [point(Undefined.value, collation), point(null, collation)];
  if (Array.isArray(value)) return [point(value, collation), point(value.length === 0 ? Undefined.value : value[0], collation)];
  return [point(value, collation)];
}

/** True where a collation changes what equals the value. */
export function dependsOnCollation(value: Value): boolean {
  return typeof value === 'string' || value instanceof BsonSymbol || value instanceof Doc || Array.isArray(value);
}

const bracket = (value: Value): Key => String.fromCharCode(keyByte(value));

/**
 * The values that a predicate can be true of, or more, or undefined where it says nothing about them. Every document
 * found is tested again, so more than needed is right, less is wrong.
 * @param collation of the index; `same` where the query has the same
 */
export function intervalsOf(predicate: Predicate, collation: Collation | undefined, same: boolean): Interval[] | undefined {
  const { op, operand } = predicate;
  if (operand === undefined) return undefined;
  switch (op) {
    case 'eq': return same || !dependsOnCollation(operand) ? equal(operand, collation) : undefined;
    case 'in': {
      if (!Array.isArray(operand) || operand.some((item) => item instanceof Regex || (!same && dependsOnCollation(item)))) return undefined;
      return merge(operand.flatMap((item) => equal(item, collation)));
    }
    case 'gt': case 'gte': case 'lt': case 'lte': return collation && dependsOnCollation(operand) ? undefined : same || !dependsOnCollation(operand) ? range(op, operand) : undefined;
    case 'regex': return collation || !same || !(operand instanceof Regex) ? undefined : startsWith(operand);
    default: return undefined;
  }
}

function range(op: 'gt' | 'gte' | 'lt' | 'lte', operand: Value): Interval[] | undefined {
  if (operand === null) return op === 'gte' || op === 'lte' ? equal(null, undefined) : undefined;
  if (operand instanceof MinKey || operand instanceof MaxKey || Array.isArray(operand)) return undefined;
  const key = keyOf(operand);
  const type = bracket(operand);
  if (op === 'gt' || op === 'gte') {
    return [{ low: { key, after: op === 'gt' }, high: { key: type, after: true }, point: false, text: () => `${op === 'gt' ? '(' : '['}${showValue(operand)}, ${edgeText(operand, true)}` }];
  }
  return [{ low: { key: type, after: false }, high: { key, after: op === 'lte' }, point: false, text: () => `${edgeText(operand, false)}, ${showValue(operand)}${op === 'lt' ? ')' : ']'}` }];
}

/** The end of a type's values, as `explain` writes it. */
function edgeText(value: Value, high: boolean): string {
  if (typeof value === 'string') return high ? '{})' : '[""';
  if (value instanceof Doc) return high ? '[])' : '[{}';
  if (typeof value === 'boolean') return high ? 'true]' : '[false';
  return high ? 'inf.0]' : '[-inf.0';
}

/** `/^abc/`: the strings that begin with it, and the regular expression itself. */
function startsWith(regex: Regex): Interval[] | undefined {
  if (/[ixm]/.test(regex.options)) return undefined;
  const match = /^(?:\^|\\A)((?:[^\\^$.|?*+()[\]{}\0]|\\[^\w\0])+)(?![?*{])/.exec(regex.pattern);
  if (!match || regex.pattern.includes('|')) return undefined;
  let prefix = (match[1] as string).replace(/\\(.)/g, '$1');
  // A quantifier after the prefix takes its last character.
  if (/^[?*{]/.test(regex.pattern.slice((match[0] as string).length))) prefix = prefix.slice(0, -1);
  const key = keyOf(prefix).slice(0, -2);
  const own = point(regex, undefined);
  return [{ low: { key, after: false }, high: { key, after: true }, point: false, text: () => `["${prefix}", "${prefix}\u{10ffff}")` }, own];
}

/** Sorted, and those that meet made one. */
export function merge(intervals: readonly Interval[]): Interval[] {
  if (intervals.length < 2) return [...intervals];
  const sorted = intervals.toSorted((a, b) => compareEdges(a.low, b.low) || compareEdges(a.high, b.high));
  const merged: Interval[] = [];
  for (const interval of sorted) {
    const last = merged.at(-1);
    if (last && compareEdges(interval.low, last.high) < 0) {
      if (compareEdges(interval.high, last.high) > 0) merged[merged.length - 1] = { ...last, high: interval.high, point: false };
    } else {
      merged.push(interval);
    }
  }
  return merged;
}

/** What is in both of two sorted lists. */
export function intersect(a: readonly Interval[], b: readonly Interval[]): Interval[] {
  const both: Interval[] = [];
  for (const x of a) {
    for (const y of b) {
      const lowIsX = compareEdges(x.low, y.low) >= 0;
      const highIsX = compareEdges(x.high, y.high) <= 0;
      const low = lowIsX ? x.low : y.low;
      const high = highIsX ? x.high : y.high;
      if (compareEdges(low, high) >= 0) continue;
      const text = (): string => `${(lowIsX ? x : y).text().split(', ')[0]}, ${(highIsX ? x : y).text().split(', ').at(-1)}`;
      both.push({ low, high, point: x.point || y.point, text });
    }
  }
  return both;
}

function compareEdges(a: Edge, b: Edge): number {
  const [x, y] = [edgeKey(a), edgeKey(b)];
  return x < y ? -1 : x > y ? 1 : 0;
}

const edgeKey = ({ key, after }: Edge): Key => (after ? key + afterAll : key);

function inverted(key: Key): Key {
  let result = '';
  for (let at = 0; at < key.length; at++) result += String.fromCharCode(255 - key.charCodeAt(at));
  return result;
}

/** Where an interval lies in the keys of an index field: the lowest key in it, and the one above it. */
export function keyEdges(interval: Interval, descending: boolean): { low: Key; high: Key } {
  if (!descending) return { low: edgeKey(interval.low), high: edgeKey(interval.high) };
  return {
    low: edgeKey({ key: inverted(interval.high.key), after: !interval.high.after }),
    high: edgeKey({ key: inverted(interval.low.key), after: !interval.low.after }),
  };
}

/** The key of a point in an index field: what the next field's key follows. */
export function pointKey(interval: Interval, descending: boolean): Key {
  return descending ? inverted(interval.low.key) : interval.low.key;
}
