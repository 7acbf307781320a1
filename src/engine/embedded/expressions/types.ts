import { decimalToBigInt, parseDecimal } from '../bson/decimal.ts';
import { int32 } from '../bson/decode.ts';
import { isNaNValue, maxInt32, maxInt64, minInt32, minInt64, toBigInt, toDecimal, toDouble } from '../bson/number.ts';
import { Binary, Decimal128, Doc, Int32, isNumeric, ObjectId, typeName, UtcDate, type Maybe, type Value } from '../bson/value.ts';
import { MongoError } from '../errors.ts';
import type { Expression, ExpressionFamily, ParseExpression } from '../expression.ts';
import { isNullish, numberText } from '../numeric.ts';
import { isTrue } from '../truth.ts';
import { isoText } from '../calendar.ts';
import { parseDate } from '../date-parse.ts';

type Convert = (value: Value) => Value;

const failure = (from: Value, to: string): MongoError =>
  new MongoError('ConversionFailure', `Unsupported conversion from ${typeName(from)} to ${to} in $convert with no onError value`);

const parseFailure = (text: string, to: string, why: string): MongoError =>
  new MongoError('ConversionFailure', `Failed to parse ${to} '${text}' in $convert with no onError value: ${why}`);

function toInteger(value: Value, to: 'int' | 'long', low: bigint, high: bigint): bigint {
  let whole: bigint | undefined;
  if (typeof value === 'boolean') return value ? 1n : 0n;
  if (value instanceof UtcDate && to === 'long') return value.ms;
  if (typeof value === 'string') {
    if (!/^[+-]?\d+$/.test(value)) throw parseFailure(value, 'number', 'Did not consume whole string.');
    whole = BigInt(value);
  } else if (isNumeric(value)) {
    if (isNaNValue(value)) throw new MongoError('ConversionFailure', `Attempt to convert NaN value to integer type in $convert with no onError value`);
    whole = value instanceof Decimal128 ? decimalToBigInt(value) : toBigInt(value);
    if (whole === undefined) throw new MongoError('ConversionFailure', `Attempt to convert infinity value to integer type in $convert with no onError value`);
  } else {
    throw failure(value, to);
  }
  if (whole < low || whole > high) throw new MongoError('ConversionFailure', `Conversion would overflow target type in $convert with no onError value: ${whole}`);
  return whole;
}

const converters: Record<string, Convert> = {
  int: (value) => int32(Number(toInteger(value, 'int', BigInt(minInt32), BigInt(maxInt32)))),
  long: (value) => toInteger(value, 'long', minInt64, maxInt64),
  double: (value) => {
    if (typeof value === 'boolean') return value ? 1 : 0;
    if (value instanceof UtcDate) return Number(value.ms);
    if (isNumeric(value)) return toDouble(value);
    if (typeof value !== 'string') throw failure(value, 'double');
    const number = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value) ? Number(value) : NaN;
    if (Number.isNaN(number) && !/^[+-]?nan$/i.test(value)) throw parseFailure(value, 'number', 'Did not consume whole string.');
    return number;
  },
  decimal: (value) => {
    if (typeof value === 'boolean') return toDecimal(int32(value ? 1 : 0));
    if (value instanceof UtcDate) return toDecimal(value.ms);
    if (isNumeric(value)) return toDecimal(value);
    if (typeof value !== 'string') throw failure(value, 'decimal');
    const parsed = parseDecimal(value);
    if (!parsed) throw parseFailure(value, 'number', 'Failed to parse string to decimal');
    return parsed;
  },
  bool: (value) => (typeof value === 'string' ? true : isTrue(value)),
  string: (value) => {
    if (typeof value === 'string') return value;
    if (isNumeric(value)) return numberText(value);
    if (typeof value === 'boolean') return String(value);
    if (value instanceof ObjectId) return Buffer.from(value.bytes).toString('hex');
    if (value instanceof UtcDate) return isoText(value);
    if (value instanceof Binary) return Buffer.from(value.bytes).toString('base64');
    throw failure(value, 'string');
  },
  objectId: (value) => {
    if (value instanceof ObjectId) return value;
    if (typeof value !== 'string') throw failure(value, 'objectId');
    if (!/^[0-9a-f]{24}$/i.test(value)) throw parseFailure(value, 'objectId', 'Invalid string length for parsing to OID, expected 24 but found ' + value.length);
    return new ObjectId(Uint8Array.from(Buffer.from(value, 'hex')));
  },
  date: (value) => {
    if (value instanceof UtcDate) return value;
    if (value instanceof ObjectId) return new UtcDate(BigInt(Buffer.from(value.bytes).readUInt32BE(0)) * 1000n);
    if (typeof value === 'string') return new UtcDate(parseDate(value));
    if (isNumeric(value) && !(value instanceof Int32)) return new UtcDate(toInteger(value, 'long', minInt64, maxInt64));
    throw failure(value, 'date');
  },
};

const convertTo = (to: string): ParseExpression => (argument, tools) => {
  const [operand] = tools.operands(argument, 1, 1) as [Expression];
  const convert = converters[to] as Convert;
  return (scope) => {
    const value = operand(scope);
    return isNullish(value) ? null : convert(value);
  };
};

const convert: ParseExpression = (argument, tools) => {
  const named = tools.named(argument, ['input', 'to'], ['onError', 'onNull', 'format', 'base', 'byteOrder']);
  const part = (name: string): Expression | undefined => (named.has(name) ? tools.parse(named.get(name) as Value) : undefined);
  const [input, to, onError, onNull] = ['input', 'to', 'onError', 'onNull'].map(part) as [Expression, Expression, Expression?, Expression?];
  return (scope) => {
    const [value, wanted] = [input(scope), to(scope)];
    if (isNullish(value)) return onNull ? onNull(scope) : null;
    if (isNullish(wanted)) return null;
    const name = wanted instanceof Doc ? wanted.get('type') : wanted;
    const converter = typeof name === 'string' ? converters[name] : undefined;
    if (!converter) throw new MongoError('BadValue', `Unknown type name: ${String(name)}`);
    try {
      return converter(value);
    } catch (error) {
      if (onError && error instanceof MongoError && error.codeName === 'ConversionFailure') return onError(scope);
      throw error;
    }
  };
};

const test = (holds: (value: Maybe) => Value): ParseExpression => (argument, tools) => {
  const [operand] = tools.operands(argument, 1, 1) as [Expression];
  return (scope) => holds(operand(scope));
};

export const expressions: ExpressionFamily = {
  $type: test((value) => typeName(value)),
  $isNumber: test((value) => isNumeric(value)),
  $toInt: convertTo('int'), $toLong: convertTo('long'), $toDouble: convertTo('double'), $toDecimal: convertTo('decimal'),
  $toBool: convertTo('bool'), $toString: convertTo('string'), $toObjectId: convertTo('objectId'), $toDate: convertTo('date'),
  $convert: convert,
};
