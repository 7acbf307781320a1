import type { Collation } from './collation.ts';
import { compareDecimals, compareDecimalToParts, exactParts, formatDecimal, partsOf } from './decimal.ts';
import {
  BsonSymbol, Binary, Code, DbPointer, Decimal128, Doc, Int32, isNumeric, MaxKey, MinKey, ObjectId, Regex, Timestamp, Undefined, UtcDate,
  type Maybe, type Numeric, type Value,
} from './value.ts';

/**
 * The order of types: values of different ones never compare as equal. Numbers are one type, strings and symbols too.
 * https://www.mongodb.com/docs/manual/reference/bson-type-comparison-order/
 */
export function typeOrder(value: Maybe): number {
  if (value === undefined) return 0;
  switch (typeof value) {
    case 'number': case 'bigint': return 10;
    case 'string': return 15;
    case 'boolean': return 40;
    default:
  }
  if (value === null) return 5;
  if (value instanceof Int32 || value instanceof Decimal128) return 10;
  if (value instanceof Doc) return 20;
  if (Array.isArray(value)) return 25;
  if (value instanceof ObjectId) return 35;
  if (value instanceof UtcDate) return 45;
  if (value instanceof Undefined) return 0;
  if (value instanceof BsonSymbol) return 15;
  if (value instanceof Binary) return 30;
  if (value instanceof Timestamp) return 47;
  if (value instanceof Regex) return 50;
  if (value instanceof DbPointer) return 55;
  if (value instanceof Code) return value.scope ? 65 : 60;
  return value instanceof MinKey ? -1 : 127;
}

/** Negative, 0 or positive: the total order that sorts and indexes use. A missing value sorts below null. */
export function compareValues(a: Maybe, b: Maybe, collation?: Collation): number {
  if (typeof a === 'number' && typeof b === 'number') return compareDoubles(a, b);
  if (typeof a === 'string' && typeof b === 'string') return compareStrings(a, b, collation);
  const order = typeOrder(a) - typeOrder(b);
  if (order !== 0) return order;
  if (isNumeric(a) && isNumeric(b)) return compareNumbers(a, b);
  if (typeof a === 'boolean') return Number(a) - Number(b);
  if (a instanceof ObjectId) return compareBytes(a.bytes, (b as ObjectId).bytes);
  if (a instanceof Doc) return compareDocs(a, b as Doc, collation);
  if (Array.isArray(a)) return compareArrays(a, b as Value[], collation);
  if (a instanceof UtcDate) return compareBigInts(a.ms, (b as UtcDate).ms);
  if (typeof a === 'string' || a instanceof BsonSymbol) return compareStrings(textOf(a), textOf(b as string | BsonSymbol), collation);
  return compareRare(a as Value, b as Value);
}

/** True where the two are equal as a query means it. */
export function valuesEqual(a: Maybe, b: Maybe, collation?: Collation): boolean {
  return compareValues(a, b, collation) === 0;
}

const textOf = (value: string | BsonSymbol): string => (typeof value === 'string' ? value : value.value);

function compareRare(a: Value, b: Value): number {
  if (a instanceof Binary && b instanceof Binary) {
    return a.bytes.length - b.bytes.length || a.subtype - b.subtype || compareBytes(a.bytes, b.bytes);
  }
  if (a instanceof Timestamp && b instanceof Timestamp) return a.t - b.t || a.i - b.i;
  if (a instanceof Regex && b instanceof Regex) return compareUtf8(a.pattern, b.pattern) || compareUtf8(a.options, b.options);
  if (a instanceof DbPointer && b instanceof DbPointer) {
    return a.namespace.length - b.namespace.length || compareUtf8(a.namespace, b.namespace) || compareBytes(a.id.bytes, b.id.bytes);
  }
  if (a instanceof Code && b instanceof Code) {
    return compareUtf8(a.code, b.code) || (a.scope && b.scope ? compareDocs(a.scope, b.scope) : 0);
  }
  return 0;
}

/** Field by field, in order: type, then name, then value. */
function compareDocs(a: Doc, b: Doc, collation?: Collation): number {
  const others = b.entries();
  for (const [name, value] of a) {
    const next = others.next();
    if (next.done) return 1;
    const [otherName, otherValue] = next.value;
    const order = typeOrder(value) - typeOrder(otherValue) || compareUtf8(name, otherName) || compareValues(value, otherValue, collation);
    if (order !== 0) return order;
  }
  return others.next().done ? 0 : -1;
}

function compareArrays(a: readonly Value[], b: readonly Value[], collation?: Collation): number {
  const shorter = Math.min(a.length, b.length);
  for (let index = 0; index < shorter; index++) {
    const order = compareValues(a[index], b[index], collation);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function compareStrings(a: string, b: string, collation: Collation | undefined): number {
  return collation ? collation.compare(a, b) : compareUtf8(a, b);
}

/** By UTF-8 bytes, which is by code points: not JavaScript's order where surrogates meet U+E000 and above. */
export function compareUtf8(a: string, b: string): number {
  if (a === b) return 0;
  const shorter = Math.min(a.length, b.length);
  for (let index = 0; index < shorter; index++) {
    const [x, y] = [a.charCodeAt(index), b.charCodeAt(index)];
    if (x === y) continue;
    const [high, other] = [x >= 0xd800 && x <= 0xdfff, y >= 0xd800 && y <= 0xdfff];
    return high === other ? x - y : high ? 1 : -1;
  }
  return a.length - b.length;
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shorter = Math.min(a.length, b.length);
  for (let index = 0; index < shorter; index++) {
    const order = (a[index] as number) - (b[index] as number);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

const compareBigInts = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0);

/** NaN is below all numbers, and equal to itself. */
function compareDoubles(a: number, b: number): number {
  if (a < b) return -1;
  if (a > b) return 1;
  if (a === b) return 0;
  return Number.isNaN(a) ? (Number.isNaN(b) ? 0 : -1) : 1;
}

/** By value, exactly, whatever their types. */
export function compareNumbers(a: Numeric, b: Numeric): number {
  const x = a instanceof Int32 ? a.value : a;
  const y = b instanceof Int32 ? b.value : b;
  if (typeof x === 'number' && typeof y === 'number') return compareDoubles(x, y);
  if (x instanceof Decimal128) return y instanceof Decimal128 ? compareDecimals(x, y) : compareDecimal(x, y);
  if (y instanceof Decimal128) return 0 - compareDecimal(y, x);
  // JavaScript compares a bigint with a number exactly.
  if (typeof x === 'number' && Number.isNaN(x)) return -1;
  if (typeof y === 'number' && Number.isNaN(y)) return 1;
  return x < y ? -1 : x > y ? 1 : 0;
}

function compareDecimal(a: Decimal128, b: number | bigint): number {
  if (typeof b === 'bigint') return compareDecimalToParts(a, { kind: 'finite', negative: b < 0n, coefficient: b < 0n ? -b : b, exponent: 0 });
  const parts = partsOf(a);
  if (Number.isNaN(b)) return parts.kind === 'nan' ? 0 : 1;
  if (!Number.isFinite(b)) return parts.kind === 'infinite' && parts.negative === b < 0 ? 0 : b < 0 ? (parts.kind === 'nan' ? -1 : 1) : -1;
  return compareDecimalToParts(a, exactParts(b));
}

/** A string that is the same for values that compare as equal, for hashing: groups, sets, distinct values. */
export function hashKey(value: Maybe, collation?: Collation): string {
  if (value === undefined || value instanceof Undefined) return 'u';
  if (typeof value === 'string') return `s${collation ? collation.key(value) : value}`;
  if (value === null) return 'n';
  if (typeof value === 'boolean') return value ? 'bt' : 'bf';
  if (isNumeric(value)) return `d${numberKey(value)}`;
  if (value instanceof ObjectId) return `o${hex(value.bytes)}`;
  if (value instanceof UtcDate) return `t${value.ms}`;
  if (Array.isArray(value)) return `[${value.map((item) => quoted(hashKey(item, collation))).join(',')}]`;
  if (value instanceof Doc) return `{${[...value].map(([name, item]) => `${quoted(name)}:${quoted(hashKey(item, collation))}`).join(',')}}`;
  if (value instanceof BsonSymbol) return `s${collation ? collation.key(value.value) : value.value}`;
  if (value instanceof Binary) return `x${value.subtype}.${hex(value.bytes)}`;
  if (value instanceof Timestamp) return `T${value.t}.${value.i}`;
  if (value instanceof Regex) return `r${quoted(value.pattern)}${value.options}`;
  if (value instanceof DbPointer) return `p${quoted(value.namespace)}${hex(value.id.bytes)}`;
  if (value instanceof Code) return `c${quoted(value.code)}${value.scope ? hashKey(value.scope) : ''}`;
  return value instanceof MinKey ? '-' : value instanceof MaxKey ? '+' : '?';
}

const quoted = (text: string): string => `${text.length}:${text}`;
const hex = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');

function numberKey(value: Numeric): string {
  if (value instanceof Int32) return String(value.value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number') {
    if (value === 0) return '0';
    if (Number.isSafeInteger(value)) return String(value);
    return Number.isFinite(value) ? canonical(exactParts(value)) : String(value);
  }
  const parts = partsOf(value);
  return parts.kind === 'finite' ? canonical(parts) : formatDecimal(value);
}

/** One text for a number, whichever type holds it: digits without trailing zeros, and an exponent. */
function canonical(parts: { negative: boolean; coefficient: bigint; exponent: number }): string {
  let { coefficient, exponent } = parts;
  if (coefficient === 0n) return '0';
  while (coefficient % 10n === 0n) [coefficient, exponent] = [coefficient / 10n, exponent + 1];
  const sign = parts.negative ? '-' : '';
  return exponent >= 0 && exponent < 40 ? `${sign}${coefficient * 10n ** BigInt(exponent)}` : `${sign}${coefficient}e${exponent}`;
}
