import { fromParts, partsOf, type Parts } from './decimal.ts';
import type { Decimal128 } from './value.ts';

// Computed with whole numbers that count units of 10^-scale: more digits than a decimal keeps, so that rounding is right.
const scale = 90;
const one = 10n ** 90n;

const nearZero = 10n ** BigInt(scale - 36);

type Finite = Extract<Parts, { kind: 'finite' }>;

const nan = (): Decimal128 => fromParts({ kind: 'nan' });
const infinity = (negative = false): Decimal128 => fromParts({ kind: 'infinite', negative });
const zero = (): Decimal128 => fromParts({ kind: 'finite', negative: false, coefficient: 0n, exponent: 0 });

/** A count of units as a decimal, times ten to the power. */
function rounded(units: bigint, power = 0): Decimal128 {
  const parts: Finite = { kind: 'finite', negative: units < 0n, coefficient: units < 0n ? -units : units, exponent: power - scale };
  return fromParts(parts);
}

/** The whole square root, rounded down. */
function wholeRoot(value: bigint): bigint {
  if (value < 2n) return value;
  let root = 1n << BigInt((value.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (root + value / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

/** The square root; NaN of a negative number. */
export function sqrtDecimal(value: Decimal128): Decimal128 {
  const parts = partsOf(value);
  if (parts.kind === 'nan') return value;
  if (parts.kind === 'infinite') return parts.negative ? nan() : value;
  if (parts.coefficient === 0n) return fromParts({ ...parts, exponent: Math.floor(parts.exponent / 2) });
  if (parts.negative) return nan();
  const odd = Math.abs(parts.exponent % 2);
  const coefficient = parts.coefficient * 10n ** BigInt(odd);
  const exponent = (parts.exponent - odd) / 2;
  const exact = wholeRoot(coefficient);
  if (exact * exact === coefficient) return fromParts({ kind: 'finite', negative: false, coefficient: exact, exponent });
  // The last digit stands for all that would follow, which is not nothing.
  const root = wholeRoot(coefficient * 10n ** 80n);
  return fromParts({ kind: 'finite', negative: false, coefficient: root * 10n + 1n, exponent: exponent - 41 });
}

/** 2 atanh(a / b), in units: the natural logarithm of (b + a) / (b - a). */
function doubleAtanh(a: bigint, b: bigint): bigint {
  const ratio = (a * one) / b;
  const square = (ratio * ratio) / one;
  let [sum, power] = [0n, ratio];
  for (let odd = 1n; power !== 0n; odd += 2n) {
    sum += power / odd;
    power = (power * square) / one;
  }
  return 2n * sum;
}

// ln 2 = ln (4/3) + ln (3/2), and 10 = 2^3 × 5/4.
const lnTwo = doubleAtanh(1n, 7n) + doubleAtanh(1n, 5n);
const lnTen = 3n * lnTwo + doubleAtanh(1n, 9n);

/** The natural logarithm in units. */
function lnUnits({ coefficient, exponent }: Finite): bigint {
  const length = coefficient.toString().length;
  // Between 1 and 10 first, then halved until it is near 1.
  let mantissa = (coefficient * one) / 10n ** BigInt(length - 1);
  let halvings = 0n;
  while (mantissa * 3n > one * 4n) {
    mantissa /= 2n;
    halvings++;
  }
  return doubleAtanh(mantissa - one, mantissa + one) + halvings * lnTwo + BigInt(exponent + length - 1) * lnTen;
}

/** The natural logarithm; -Infinity of zero, NaN of a negative number. */
export function lnDecimal(value: Decimal128): Decimal128 {
  const parts = partsOf(value);
  if (parts.kind === 'nan') return value;
  if (parts.kind === 'infinite') return parts.negative ? nan() : value;
  if (parts.coefficient === 0n) return infinity(true);
  if (parts.negative) return nan();
  return isOne(parts) ? zero() : rounded(lnUnits(parts));
}

/** The logarithm to base 10, whole for powers of ten. */
export function log10Decimal(value: Decimal128): Decimal128 {
  const parts = partsOf(value);
  if (parts.kind !== 'finite' || parts.coefficient === 0n || parts.negative) return lnDecimal(value);
  const digits = parts.coefficient.toString();
  if (/^10*$/.test(digits)) return whole(BigInt(digits.length - 1 + parts.exponent));
  return rounded((lnUnits(parts) * one) / lnTen);
}

const whole = (value: bigint): Decimal128 => fromParts({ kind: 'finite', negative: value < 0n, coefficient: value < 0n ? -value : value, exponent: 0 });

function isOne({ coefficient, exponent }: Finite): boolean {
  return exponent <= 0 && exponent > -40 && coefficient === 10n ** BigInt(-exponent);
}

/** e to a power in units. */
function expUnits(units: bigint): Decimal128 {
  const tens = units / lnTen - (units < 0n ? 1n : 0n);
  if (tens > 7000n) return infinity();
  if (tens < -7000n) return fromParts({ kind: 'finite', negative: false, coefficient: 0n, exponent: -6176 });
  const rest = units - tens * lnTen;
  let [sum, term] = [one, one];
  for (let count = 1n; term !== 0n; count++) {
    term = (term * rest) / (one * count);
    sum += term;
  }
  return rounded(sum, Number(tens));
}

/** The value in units; more than any result can come from counts as that much. */
function unitsOf({ negative, coefficient, exponent }: Finite): bigint {
  const power = exponent + scale;
  const size = coefficient.toString().length + exponent;
  const units = size > 8 ? 10n ** 8n * one : power >= 0 ? coefficient * 10n ** BigInt(power) : power < -200 ? 0n : coefficient / 10n ** BigInt(-power);
  return negative ? -units : units;
}

/** e to the power of the value. */
export function expDecimal(value: Decimal128): Decimal128 {
  const parts = partsOf(value);
  if (parts.kind === 'nan') return value;
  if (parts.kind === 'infinite') return parts.negative ? zero() : value;
  const units = unitsOf(parts);
  // So near to 1 that no digit differs.
  if (units < nearZero && units > -nearZero) return whole(1n);
  return expUnits(units);
}

/** The base to a power, with all 34 digits and zero without a sign, as the server has it; NaN where the base is negative and the power not whole. */
export function powDecimal(base: Decimal128, power: Decimal128): Decimal128 {
  const parts = partsOf(exactPow(base, power));
  if (parts.kind !== 'finite' || isOne(parts)) return fromParts(parts);
  if (parts.coefficient === 0n) return fromParts({ kind: 'finite', negative: false, coefficient: 0n, exponent: -6176 });
  const room = 34 - parts.coefficient.toString().length;
  return fromParts({ ...parts, coefficient: parts.coefficient * 10n ** BigInt(room), exponent: parts.exponent - room });
}

function exactPow(base: Decimal128, power: Decimal128): Decimal128 {
  const [x, y] = [partsOf(base), partsOf(power)];
  if (y.kind === 'finite' && y.coefficient === 0n) return whole(1n);
  if (x.kind === 'nan' || y.kind === 'nan') return nan();
  if (y.kind === 'infinite') return powInfinite(x, y.negative);
  const count = wholeOf(y);
  const negative = x.negative && count !== undefined && count % 2n !== 0n;
  if (x.kind === 'infinite') return y.negative ? fromParts({ kind: 'finite', negative, coefficient: 0n, exponent: 0 }) : infinity(negative);
  if (x.coefficient === 0n) return y.negative ? infinity(negative) : fromParts({ kind: 'finite', negative, coefficient: 0n, exponent: 0 });
  if (x.negative && count === undefined) return nan();
  if (count !== undefined && count >= 0n && count <= 200n) return exactPower({ ...x, negative }, count);
  const result = partsOf(expUnits((lnUnits(x) * unitsOf(y)) / one));
  return result.kind === 'nan' ? nan() : fromParts({ ...result, negative });
}

function powInfinite(x: Exclude<Parts, { kind: 'nan' }>, negative: boolean): Decimal128 {
  if (x.kind === 'infinite') return negative ? zero() : infinity();
  if (isOne(x)) return whole(1n);
  const large = x.coefficient !== 0n && x.coefficient.toString().length + x.exponent >= 1 && !isOne(x);
  return large === negative ? zero() : infinity();
}

/** The value, where it is whole and not too large. */
function wholeOf({ negative, coefficient, exponent }: Finite): bigint | undefined {
  if (exponent > 40) return undefined;
  const unit = 10n ** BigInt(Math.min(-Math.min(exponent, 0), 40));
  if (exponent < -40 || coefficient % unit !== 0n) return undefined;
  const value = exponent >= 0 ? coefficient * 10n ** BigInt(exponent) : coefficient / unit;
  return negative ? -value : value;
}

function exactPower({ negative, coefficient, exponent }: Finite, count: bigint): Decimal128 {
  return fromParts({ kind: 'finite', negative, coefficient: coefficient ** count, exponent: exponent * Number(count) });
}
