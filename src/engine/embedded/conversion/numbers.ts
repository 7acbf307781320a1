import { decimalToBigInt, parseDecimal, partsOf } from '../bson/decimal.ts';
import { int32 } from '../bson/decode.ts';
import { isNaNValue, maxInt32, maxInt64, minInt32, minInt64, toBigInt, toDecimal, toDouble } from '../bson/number.ts';
import { Binary, Decimal128, isNumeric, UtcDate, type Numeric, type Value } from '../bson/value.ts';
import { doubleIn, integerIn } from './binary.ts';
import { conversionFailure, unreadable, unsupportedConversion } from './failure.ts';
import type { ConversionOptions } from './target.ts';

/** An int32. Fractions are cut. @throws MongoError ConversionFailure */
export function toInt32(value: Value, { byteOrder }: ConversionOptions): Value {
  if (value instanceof UtcDate) throw unsupportedConversion(value, 'int');
  const whole = value instanceof Binary ? integerIn(value, [1, 2, 4], byteOrder, 'int') : wholeOf(value, 'int');
  return int32(Number(within(whole, BigInt(minInt32), BigInt(maxInt32))));
}

/** An int64. Fractions are cut; of a date its milliseconds. @throws MongoError ConversionFailure */
export function toInt64(value: Value, { byteOrder }: ConversionOptions): bigint {
  if (value instanceof UtcDate) return value.ms;
  const whole = value instanceof Binary ? integerIn(value, [1, 2, 4, 8], byteOrder, 'long') : wholeOf(value, 'long');
  return within(whole, minInt64, maxInt64);
}

function within(whole: bigint, low: bigint, high: bigint): bigint {
  if (whole < low || whole > high) throw conversionFailure(`Conversion would overflow target type: ${whole}`);
  return whole;
}

function wholeOf(value: Value, to: string): bigint {
  if (typeof value === 'boolean') return value ? 1n : 0n;
  if (typeof value === 'string') {
    if (!/^[+-]?\d+$/.test(value)) throw unreadable(value, 'number', 'Did not consume whole string.');
    // More digits than any integer has, leading zeros aside, need not be read.
    const digits = value.replace(/^([+-]?)0+(?=\d)/, '$1');
    if (digits.length > 25) throw unreadable(value, 'number', 'Overflow');
    return BigInt(digits.replace(/^\+/, ''));
  }
  if (!isNumeric(value)) throw unsupportedConversion(value, to);
  if (isNaNValue(value)) throw conversionFailure('Attempt to convert NaN value to integer type');
  const whole = value instanceof Decimal128 ? decimalToBigInt(value) : toBigInt(value);
  if (whole === undefined) throw conversionFailure('Attempt to convert infinity value to integer type');
  return whole;
}

/** A double. @throws MongoError ConversionFailure */
export function toFloat(value: Value, { byteOrder }: ConversionOptions): number {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value instanceof UtcDate) return Number(value.ms);
  if (value instanceof Binary) return doubleIn(value, byteOrder);
  if (typeof value === 'string') return readDouble(value);
  if (!isNumeric(value)) throw unsupportedConversion(value, 'double');
  const number = toDouble(value);
  if (value instanceof Decimal128 && !Number.isFinite(number) && partsOf(value).kind === 'finite') throw conversionFailure('Conversion would overflow target type');
  return number;
}

/** Text as C's strtod reads it, but for space around it and hexadecimal digits in lower case without a sign. */
function readDouble(text: string): number {
  const special = /^([+-]?)(?:(inf|infinity)|nan)$/i.exec(text);
  if (special) return special[2] ? (special[1] === '-' ? -Infinity : Infinity) : Number.NaN;
  if (text.startsWith('0x')) throw unreadable(text, 'number', 'Illegal hexadecimal input');
  const hex = /^([+-]?)0x([0-9a-f]*)(?:\.([0-9a-f]*))?(?:p([+-]?\d+))?$/i.exec(text);
  let number: number;
  if (hex && `${hex[2] ?? ''}${hex[3] ?? ''}` !== '') {
    const mantissa = `${hex[2] ?? ''}${hex[3] ?? ''}`.replace(/^0+(?=.)/, '');
    number = Number(`0x${mantissa}`) * 2 ** (Number(hex[4] ?? 0) - 4 * (hex[3]?.length ?? 0)) * (hex[1] === '-' ? -1 : 1);
  } else {
    if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text)) throw unreadable(text, 'number', 'Did not consume whole string.');
    number = Number(text);
    if (number === 0 && /[1-9]/.test(text.replace(/e.*$/i, ''))) throw unreadable(text, 'number', 'Out of range');
  }
  if (!Number.isFinite(number)) throw unreadable(text, 'number', 'Out of range');
  return number;
}

/** A decimal. @throws MongoError ConversionFailure */
export function toDecimal128(value: Value): Decimal128 {
  if (typeof value === 'boolean') return toDecimal(int32(value ? 1 : 0));
  if (value instanceof UtcDate) return toDecimal(value.ms);
  if (isNumeric(value)) return toDecimal(value as Numeric);
  if (typeof value !== 'string') throw unsupportedConversion(value, 'decimal');
  const parsed = parseDecimal(value);
  if (!parsed) throw unreadable(value, 'number', 'Failed to parse string to decimal');
  const parts = partsOf(parsed);
  const tooLarge = parts.kind === 'infinite' && /\d/.test(value);
  const tooSmall = parts.kind === 'finite' && parts.coefficient === 0n && /[1-9]/.test(value.replace(/e.*$/i, ''));
  if (tooLarge || tooSmall) throw unreadable(value, 'number', `Conversion from string to decimal would ${tooLarge ? 'overflow' : 'underflow'}`);
  return parsed;
}
