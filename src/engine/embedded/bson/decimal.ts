import { Decimal128 } from './value.ts';

/**
 * Arithmetic on decimal128: a sign, a coefficient of up to 34 digits and an exponent.
 * https://github.com/mongodb/specifications/blob/master/source/bson-decimal128/decimal128.md
 */
export type Parts =
  | { kind: 'finite'; negative: boolean; coefficient: bigint; exponent: number }
  | { kind: 'infinite'; negative: boolean }
  | { kind: 'nan'; negative?: boolean };

export const digits = 34;
const minExponent = -6176;
const maxExponent = 6111;
const bias = 6176;
const limit = 10n ** 34n;

const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, 16);

/** Takes a decimal128 apart. */
export function partsOf(value: Decimal128): Parts {
  const high = view(value.bytes).getBigUint64(8, true);
  const low = view(value.bytes).getBigUint64(0, true);
  const negative = high >> 63n === 1n;
  const combination = (high >> 58n) & 0x1fn;
  if (combination === 0x1en) return { kind: 'infinite', negative };
  if (combination === 0x1fn) return { kind: 'nan', negative };
  if (combination >> 3n === 3n) {
    // A coefficient above 10^34 - 1 is not canonical and counts as zero.
    return { kind: 'finite', negative, coefficient: 0n, exponent: Number((high >> 47n) & 0x3fffn) - bias };
  }
  const coefficient = ((high & 0x1ffffffffffffn) << 64n) | low;
  return { kind: 'finite', negative, coefficient: coefficient < limit ? coefficient : 0n, exponent: Number((high >> 49n) & 0x3fffn) - bias };
}

/** Puts a decimal128 together, rounded half to even where it has more than 34 digits. */
export function fromParts(parts: Parts): Decimal128 {
  if (parts.kind === 'nan') return pack((parts.negative ? 1n << 63n : 0n) | 0x7c00000000000000n, 0n);
  if (parts.kind === 'infinite') return pack((parts.negative ? 1n << 63n : 0n) | 0x7800000000000000n, 0n);
  let { coefficient, exponent } = parts;
  const excess = Math.max(coefficient.toString().length - digits, minExponent - exponent);
  if (excess > 0) {
    coefficient = roundHalfEven(coefficient, excess);
    exponent += excess;
    if (coefficient === limit) [coefficient, exponent] = [coefficient / 10n, exponent + 1];
  }
  while (exponent > maxExponent && coefficient !== 0n && coefficient * 10n < limit) [coefficient, exponent] = [coefficient * 10n, exponent - 1];
  if (coefficient === 0n) exponent = Math.min(Math.max(exponent, minExponent), maxExponent);
  if (exponent > maxExponent) return fromParts({ kind: 'infinite', negative: parts.negative });
  const high = (parts.negative ? 1n << 63n : 0n) | (BigInt(exponent + bias) << 49n) | (coefficient >> 64n);
  return pack(high, coefficient & 0xffffffffffffffffn);
}

function pack(high: bigint, low: bigint): Decimal128 {
  const bytes = new Uint8Array(16);
  view(bytes).setBigUint64(8, high, true);
  view(bytes).setBigUint64(0, low, true);
  return new Decimal128(bytes);
}

/** Drops the last `count` digits, rounding half to even. */
export function roundHalfEven(coefficient: bigint, count: number): bigint {
  if (count > digits * 2 + coefficient.toString().length) return 0n;
  const unit = 10n ** BigInt(count);
  const quotient = coefficient / unit;
  const twice = (coefficient % unit) * 2n;
  return twice > unit || (twice === unit && quotient % 2n === 1n) ? quotient + 1n : quotient;
}

export type RoundingMode = 'half-even' | 'down' | 'floor' | 'ceil';

/** The value written with this exponent, zeros added or digits rounded away; undefined where it then has more than 34 digits. What is not finite stays. */
export function quantized(value: Decimal128, exponent: number, mode: RoundingMode): Decimal128 | undefined {
  const parts = partsOf(value);
  if (parts.kind !== 'finite') return value;
  const drop = exponent - parts.exponent;
  if (drop <= 0) {
    if (parts.coefficient !== 0n && parts.coefficient.toString().length - drop > digits) return undefined;
    return fromParts({ ...parts, coefficient: parts.coefficient * 10n ** BigInt(-drop), exponent });
  }
  if (drop > 2 * digits && mode !== 'floor' && mode !== 'ceil') return fromParts({ ...parts, coefficient: 0n, exponent });
  const unit = 10n ** BigInt(Math.min(drop, 3 * digits));
  let coefficient = mode === 'half-even' ? roundHalfEven(parts.coefficient, drop) : parts.coefficient / unit;
  if (parts.coefficient % unit !== 0n && ((mode === 'floor' && parts.negative) || (mode === 'ceil' && !parts.negative))) coefficient += 1n;
  return fromParts({ ...parts, coefficient, exponent });
}

/** Parses a decimal number as the specification writes it; undefined where the text is none. */
export function parseDecimal(text: string): Decimal128 | undefined {
  const special = /^([+-]?)(?:(inf|infinity)|(nan))$/i.exec(text);
  if (special) return fromParts(special[3] ? { kind: 'nan', negative: special[1] === '-' } : { kind: 'infinite', negative: special[1] === '-' });
  const match = /^([+-]?)(?:(\d+)(?:\.(\d*))?|\.(\d+))(?:[eE]([+-]?\d+))?$/.exec(text);
  if (!match) return undefined;
  const fraction = match[3] ?? match[4] ?? '';
  const coefficient = BigInt(`${match[2] ?? ''}${fraction}` || '0');
  const exponent = Number(match[5] ?? 0) - fraction.length;
  return fromParts({ kind: 'finite', negative: match[1] === '-', coefficient, exponent: Math.max(-100_000, Math.min(100_000, exponent)) });
}

/** The text of a decimal128, scientific where the specification says so. */
export function formatDecimal(value: Decimal128): string {
  const parts = partsOf(value);
  if (parts.kind === 'nan') return 'NaN';
  const sign = parts.negative ? '-' : '';
  if (parts.kind === 'infinite') return `${sign}Infinity`;
  const text = parts.coefficient.toString();
  const scientific = parts.exponent + text.length - 1;
  if (parts.exponent > 0 || scientific < -6) {
    const mantissa = text.length > 1 ? `${text[0]}.${text.slice(1)}` : text;
    return `${sign}${mantissa}E${scientific < 0 ? '' : '+'}${scientific}`;
  }
  if (parts.exponent === 0) return sign + text;
  const padded = text.padStart(1 - parts.exponent, '0');
  const point = padded.length + parts.exponent;
  return `${sign}${padded.slice(0, point)}.${padded.slice(point)}`;
}

const signed = (parts: { negative: boolean; coefficient: bigint }): bigint => (parts.negative ? -parts.coefficient : parts.coefficient);

/** -1, 0 or 1; NaN is below everything and equal to itself. */
export function compareDecimals(a: Decimal128, b: Decimal128): number {
  const [x, y] = [partsOf(a), partsOf(b)];
  const rank = (parts: Parts): number => (parts.kind === 'nan' ? -2 : parts.kind === 'infinite' ? (parts.negative ? -1 : 1) : 0);
  if (x.kind !== 'finite' || y.kind !== 'finite') return Math.sign(rank(x) - rank(y));
  return compareScaled(signed(x), x.exponent, signed(y), y.exponent);
}

/** Compares a × 10^m with b × 10^n. */
function compareScaled(a: bigint, m: number, b: bigint, n: number): number {
  const signs = (a > 0n ? 1 : a < 0n ? -1 : 0) - (b > 0n ? 1 : b < 0n ? -1 : 0);
  if (signs !== 0 || a === 0n) return Math.sign(signs);
  // Far apart in size: no need to scale by thousands of digits.
  const size = a.toString().length + m - (b.toString().length + n);
  if (Math.abs(size) > 2) return Math.sign(size) * (a > 0n ? 1 : -1);
  const [x, y] = m > n ? [a * 10n ** BigInt(m - n), b] : [a, b * 10n ** BigInt(n - m)];
  return x < y ? -1 : x > y ? 1 : 0;
}

export function addDecimals(a: Decimal128, b: Decimal128): Decimal128 {
  const [x, y] = [partsOf(a), partsOf(b)];
  if (x.kind === 'nan') return a;
  if (y.kind === 'nan') return b;
  if (x.kind === 'infinite' || y.kind === 'infinite') {
    if (x.kind === 'infinite' && y.kind === 'infinite' && x.negative !== y.negative) return fromParts({ kind: 'nan' });
    return fromParts({ kind: 'infinite', negative: x.kind === 'infinite' ? x.negative : (y as { negative: boolean }).negative });
  }
  const spread = Math.abs(x.exponent - y.exponent);
  if (spread > 2 * digits + 6) return addFarApart(x, y);
  const exponent = Math.min(x.exponent, y.exponent);
  const sum = signed(x) * 10n ** BigInt(x.exponent - exponent) + signed(y) * 10n ** BigInt(y.exponent - exponent);
  return fromParts({ kind: 'finite', negative: sum < 0n || (sum === 0n && x.negative && y.negative), coefficient: sum < 0n ? -sum : sum, exponent });
}

type Finite = Extract<Parts, { kind: 'finite' }>;

/** The smaller one is beyond the digits that can be kept: it only decides how the result is rounded. */
function addFarApart(x: Finite, y: Finite): Decimal128 {
  const [large, little] = x.exponent > y.exponent ? [x, y] : [y, x];
  if (large.coefficient === 0n) return fromParts(little);
  if (little.coefficient === 0n) {
    const room = Math.min(digits - large.coefficient.toString().length, large.exponent - little.exponent);
    return fromParts({ ...large, coefficient: large.coefficient * 10n ** BigInt(room), exponent: large.exponent - room });
  }
  const shift = 2 * digits + 2;
  const nudge = little.negative === large.negative ? 1n : -1n;
  return fromParts({ ...large, coefficient: large.coefficient * 10n ** BigInt(shift) + nudge, exponent: large.exponent - shift });
}

/** The same with the other sign. */
export function negateDecimal(value: Decimal128): Decimal128 {
  const parts = partsOf(value);
  return parts.kind === 'nan' ? value : fromParts({ ...parts, negative: !parts.negative });
}

export function multiplyDecimals(a: Decimal128, b: Decimal128): Decimal128 {
  const [x, y] = [partsOf(a), partsOf(b)];
  if (x.kind === 'nan' || y.kind === 'nan') return fromParts({ kind: 'nan' });
  const negative = x.negative !== y.negative;
  if (x.kind === 'infinite' || y.kind === 'infinite') {
    const zero = (x.kind === 'finite' && x.coefficient === 0n) || (y.kind === 'finite' && y.coefficient === 0n);
    return fromParts(zero ? { kind: 'nan' } : { kind: 'infinite', negative });
  }
  return fromParts({ kind: 'finite', negative, coefficient: x.coefficient * y.coefficient, exponent: x.exponent + y.exponent });
}

export function divideDecimals(a: Decimal128, b: Decimal128): Decimal128 {
  const [x, y] = [partsOf(a), partsOf(b)];
  if (x.kind === 'nan' || y.kind === 'nan' || (x.kind === 'infinite' && y.kind === 'infinite')) return fromParts({ kind: 'nan' });
  const negative = x.negative !== y.negative;
  if (x.kind === 'infinite') return fromParts({ kind: 'infinite', negative });
  if (y.kind === 'infinite') return fromParts({ kind: 'finite', negative, coefficient: 0n, exponent: minExponent });
  if (y.coefficient === 0n) return fromParts(x.coefficient === 0n ? { kind: 'nan' } : { kind: 'infinite', negative });
  const shift = Math.max(0, 2 * digits + y.coefficient.toString().length - x.coefficient.toString().length);
  const dividend = x.coefficient * 10n ** BigInt(shift);
  let coefficient = dividend / y.coefficient;
  let exponent = x.exponent - y.exponent - shift;
  if (dividend % y.coefficient !== 0n) return fromParts({ kind: 'finite', negative, coefficient: coefficient * 10n + 1n, exponent: exponent - 1 });
  // An exact quotient keeps the exponent nearest to the preferred one.
  while (exponent < x.exponent - y.exponent && coefficient % 10n === 0n) [coefficient, exponent] = [coefficient / 10n, exponent + 1];
  return fromParts({ kind: 'finite', negative, coefficient, exponent });
}

/** The remainder, with the dividend's sign. */
export function remainderDecimals(a: Decimal128, b: Decimal128): Decimal128 {
  const [x, y] = [partsOf(a), partsOf(b)];
  if (x.kind !== 'finite' || y.kind === 'nan' || (y.kind === 'finite' && y.coefficient === 0n)) return fromParts({ kind: 'nan' });
  if (y.kind === 'infinite') return a;
  const exponent = Math.min(x.exponent, y.exponent);
  const coefficient = (x.coefficient * 10n ** BigInt(x.exponent - exponent)) % (y.coefficient * 10n ** BigInt(y.exponent - exponent));
  return fromParts({ kind: 'finite', negative: x.negative, coefficient, exponent });
}

export function decimalFromBigInt(value: bigint): Decimal128 {
  return fromParts({ kind: 'finite', negative: value < 0n, coefficient: value < 0n ? -value : value, exponent: 0 });
}

/** A double as a decimal of exactly 15 digits, as the server promotes one: 2.5 as 2.50000000000000. */
export function decimalFromDouble(value: number): Decimal128 {
  if (Number.isNaN(value)) return fromParts({ kind: 'nan' });
  if (!Number.isFinite(value)) return fromParts({ kind: 'infinite', negative: value < 0 });
  if (value === 0) return fromParts({ kind: 'finite', negative: Object.is(value, -0), coefficient: 0n, exponent: 0 });
  return parseDecimal(value.toExponential(14)) as Decimal128;
}

/** A double as the decimal of exactly its value, for comparing; every finite double has at most 767 digits. */
export function exactParts(value: number): Finite {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, value);
  const raw = bits.getBigUint64(0);
  const power = Number((raw >> 52n) & 0x7ffn);
  const fraction = raw & 0xfffffffffffffn;
  const mantissa = power === 0 ? fraction : fraction | (1n << 52n);
  const exponent = (power === 0 ? 1 : power) - 1075;
  const negative = value < 0;
  return exponent >= 0
    ? { kind: 'finite', negative, coefficient: mantissa << BigInt(exponent), exponent: 0 }
    : { kind: 'finite', negative, coefficient: mantissa * 5n ** BigInt(-exponent), exponent };
}

/** Compares a decimal with a finite double or an integer, exactly. */
export function compareDecimalToParts(a: Decimal128, b: Finite): number {
  const x = partsOf(a);
  if (x.kind === 'nan') return -1;
  if (x.kind === 'infinite') return x.negative ? -1 : 1;
  return compareScaled(signed(x), x.exponent, signed(b), b.exponent);
}

/** The nearest double. */
export function decimalToNumber(value: Decimal128): number {
  return Number(formatDecimal(value));
}

/** The integer part, or undefined for NaN and infinities. */
export function decimalToBigInt(value: Decimal128): bigint | undefined {
  const parts = partsOf(value);
  if (parts.kind !== 'finite') return undefined;
  const size = parts.coefficient.toString().length + parts.exponent;
  if (size > 60) return parts.coefficient === 0n ? 0n : parts.negative ? -(10n ** 60n) : 10n ** 60n;
  const whole = parts.exponent >= 0 ? parts.coefficient * 10n ** BigInt(parts.exponent) : size <= 0 ? 0n : parts.coefficient / 10n ** BigInt(-parts.exponent);
  return parts.negative ? -whole : whole;
}
