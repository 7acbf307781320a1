import {
  addDecimals, decimalFromBigInt, decimalFromDouble, decimalToBigInt, decimalToNumber, multiplyDecimals, negateDecimal, partsOf,
} from './decimal.ts';
import { int32 } from './decode.ts';
import { Decimal128, Int32, type Numeric } from './value.ts';

export const minInt32 = -0x80000000;
export const maxInt32 = 0x7fffffff;
export const minInt64 = -(2n ** 63n);
export const maxInt64 = 2n ** 63n - 1n;

/** The wider of two types, in which they are computed: int32, int64, double, decimal128. */
export function toDecimal(value: Numeric): Decimal128 {
  if (value instanceof Decimal128) return value;
  if (typeof value === 'number') return decimalFromDouble(value);
  return decimalFromBigInt(toBigInt(value) as bigint);
}

/** The nearest double. */
export function toDouble(value: Numeric): number {
  if (typeof value === 'number') return value;
  if (value instanceof Int32) return value.value;
  return typeof value === 'bigint' ? Number(value) : decimalToNumber(value);
}

/** The integer part; undefined for NaN and infinities. */
export function toBigInt(value: Numeric): bigint | undefined {
  if (typeof value === 'bigint') return value;
  if (value instanceof Int32) return BigInt(value.value);
  if (typeof value === 'number') return Number.isFinite(value) ? BigInt(Math.trunc(value)) : undefined;
  return decimalToBigInt(value);
}

/** True for a whole number of any type. */
export function isWhole(value: Numeric): boolean {
  if (typeof value === 'bigint' || value instanceof Int32) return true;
  if (typeof value === 'number') return Number.isInteger(value);
  const parts = partsOf(value);
  return parts.kind === 'finite' && (parts.exponent >= 0 || parts.coefficient % 10n ** BigInt(Math.min(-parts.exponent, 40)) === 0n);
}

/** The value as a JavaScript integer, where it is whole and safe; else undefined. */
export function wholeNumber(value: Numeric): number | undefined {
  if (value instanceof Int32) return value.value;
  if (!isWhole(value)) return undefined;
  const number = Number(toBigInt(value));
  return Number.isSafeInteger(number) ? number : undefined;
}

/** An int32 where it fits, else an int64. */
export function smallestInteger(value: bigint): Int32 | bigint {
  return value >= BigInt(minInt32) && value <= BigInt(maxInt32) ? int32(Number(value)) : value;
}

type Exact = (a: bigint, b: bigint) => bigint;
type Doubles = (a: number, b: number) => number;
type Decimals = (a: Decimal128, b: Decimal128) => Decimal128;

/** Computes in the wider type; int32 grows to int64. Undefined where int64 overflows: what then is the caller's rule. */
function compute(a: Numeric, b: Numeric, exact: Exact, doubles: Doubles, decimals: Decimals): Numeric | undefined {
  if (a instanceof Decimal128 || b instanceof Decimal128) return decimals(toDecimal(a), toDecimal(b));
  if (typeof a === 'number' || typeof b === 'number') return doubles(toDouble(a), toDouble(b));
  const result = exact(toBigInt(a) as bigint, toBigInt(b) as bigint);
  if (typeof a === 'bigint' || typeof b === 'bigint') return result >= minInt64 && result <= maxInt64 ? result : undefined;
  return smallestInteger(result);
}

/** a + b; undefined where an int64 overflows. */
export function add(a: Numeric, b: Numeric): Numeric | undefined {
  return compute(a, b, (x, y) => x + y, (x, y) => x + y, addDecimals);
}

/** a - b; undefined where an int64 overflows. */
export function subtract(a: Numeric, b: Numeric): Numeric | undefined {
  return compute(a, b, (x, y) => x - y, (x, y) => x - y, (x, y) => addDecimals(x, negateDecimal(y)));
}

/** a × b; undefined where an int64 overflows. */
export function multiply(a: Numeric, b: Numeric): Numeric | undefined {
  return compute(a, b, (x, y) => x * y, (x, y) => x * y, multiplyDecimals);
}

export function isNaNValue(value: Numeric): boolean {
  return typeof value === 'number' ? Number.isNaN(value) : value instanceof Decimal128 && partsOf(value).kind === 'nan';
}

/** True for a number that is neither NaN nor infinite. */
export function isFiniteValue(value: Numeric): boolean {
  return typeof value === 'number' ? Number.isFinite(value) : !(value instanceof Decimal128) || partsOf(value).kind === 'finite';
}
