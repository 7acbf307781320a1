import { int32 } from '../bson/decode.ts';
import { quantized } from '../bson/decimal.ts';
import { maxInt32, maxInt64, minInt32, minInt64, toBigInt, wholeNumber } from '../bson/number.ts';
import { BsonSymbol, Code, Decimal128, isNumeric, Timestamp, typeName, UtcDate, type Maybe, type Numeric, type Value } from '../bson/value.ts';
import { MongoError } from '../errors.ts';
import type { Expression, ExpressionFamily, ParseExpression } from '../expression.ts';
import { generalText, isNullish } from '../numeric.ts';
import { isoText, partsOf, two, utcZone } from '../calendar.ts';
import { monthNames } from '../date-format.ts';
import { sizedText } from '../text-size.ts';
import { compareUtf8 } from '../bson/compare.ts';
import { toDouble } from '../bson/number.ts';

const needString = (value: Maybe, message: (type: string) => string, code: number): string => {
  if (typeof value !== 'string') throw new MongoError(code, message(typeName(value)));
  return value;
};

const concat: ParseExpression = (argument, tools) => {
  const parts = tools.operands(argument);
  return (scope) => {
    let text = '';
    for (const part of parts) {
      const value = part(scope);
      if (isNullish(value)) return null;
      text += needString(value, (type) => `$concat only supports strings, not ${type}`, 16702);
    }
    return sizedText(text);
  };
};

/** What `$toUpper`, `$substr` and the like take for text: strings, numbers, dates and what is written. */
function coerce(value: Maybe): string {
  if (isNullish(value)) return '';
  if (typeof value === 'string') return value;
  if (isNumeric(value)) return generalText(value);
  if (value instanceof UtcDate) return isoText(value);
  if (value instanceof BsonSymbol) return value.value;
  if (value instanceof Code && !value.scope) return value.code;
  if (value instanceof Timestamp) return timestampText(value);
  throw new MongoError(16007, `can't convert from BSON type ${typeName(value)} to String`);
}

/** `Jan  1 00:00:01:7`: the date without its year, and the increment. */
function timestampText({ t, i }: Timestamp): string {
  const { month, day, hour, minute, second } = partsOf(BigInt(t) * 1000n, utcZone);
  return `${(monthNames[month - 1] as string).slice(0, 3)} ${String(day).padStart(2)} ${two(hour)}:${two(minute)}:${two(second)}:${i}`;
}

/** A case change; null and missing give the empty string. ASCII only, as the server has it. */
const casing = (change: (text: string) => string): ParseExpression => (argument, tools) => {
  const [operand] = tools.operands(argument, 1, 1) as [Expression];
  return (scope) => change(coerce(operand(scope)));
};

const split: ParseExpression = (argument, tools) => {
  const [left, right] = tools.operands(argument, 2, 2) as [Expression, Expression];
  return (scope) => {
    const [text, separator] = [left(scope), right(scope)];
    if (isNullish(text) || isNullish(separator)) return null;
    const input = needString(text, (type) => `$split requires an expression that evaluates to a string as a first argument, found: ${type}`, 40085);
    const by = needString(separator, (type) => `$split requires an expression that evaluates to a string as a second argument, found: ${type}`, 10503900);
    if (by === '') throw new MongoError(40087, '$split requires a non-empty separator');
    return input.split(by);
  };
};

const trimming = (left: boolean, right: boolean): ParseExpression => (argument, tools, name) => {
  const named = tools.named(argument, ['input'], ['chars'], { object: 50696, unknown: 50694, missing: 50695 });
  const input = tools.parse(named.get('input') as Value);
  const chars = named.has('chars') ? tools.parse(named.get('chars') as Value) : undefined;
  return (scope) => {
    const text = input(scope);
    if (isNullish(text)) return null;
    const given = needString(text, (type) => `${name} requires its input to be a string, got ${type} instead.`, 50699);
    const set = chars ? chars(scope) : '\0 \t\n\v\f\r\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a';
    if (isNullish(set)) return null;
    const unwanted = new Set(needString(set, (type) => `${name} requires 'chars' to be a string, got ${type} instead.`, 50700));
    const points = [...given];
    let [from, to] = [0, points.length];
    if (left) while (from < to && unwanted.has(points[from] as string)) from++;
    if (right) while (to > from && unwanted.has(points[to - 1] as string)) to--;
    return points.slice(from, to).join('');
  };
};

/** A whole number of 32 bits. */
function whole(value: Maybe, what: string, type: number, integral: number): number {
  if (!isNumeric(value)) throw new MongoError(type, `${what} must be a numeric type (is BSON type ${typeName(value)})`);
  const number = wholeNumber(value);
  if (number === undefined || number > maxInt32 || number < minInt32) throw new MongoError(integral, `${what} cannot be represented as a 32-bit integral value: ${toDouble(value)}`);
  return number;
}

const substrCP: ParseExpression = (argument, tools, name) => {
  const [text, start, length] = tools.operands(argument, 3, 3) as [Expression, Expression, Expression];
  return (scope) => {
    const points = [...coerce(text(scope))];
    const from = whole(start(scope), `${name}: starting index`, 34450, 34451);
    const count = whole(length(scope), `${name}: length`, 34452, 34453);
    if (count < 0) throw new MongoError(34454, `${name}: length must be a nonnegative integer.`);
    if (from < 0) throw new MongoError(34455, `${name}: the starting index must be non-negative integer`);
    return points.slice(from, from + count).join('');
  };
};

const substrBytes: ParseExpression = (argument, tools, name) => {
  const [text, start, length] = tools.operands(argument, 3, 3) as [Expression, Expression, Expression];
  return (scope) => {
    const bytes = Buffer.from(coerce(text(scope)));
    const [low, count] = [start(scope), length(scope)];
    if (!isNumeric(low)) throw new MongoError(16034, `${name}:  starting index must be a numeric type (is BSON type ${typeName(low)})`);
    if (!isNumeric(count)) throw new MongoError(16035, `${name}:  length must be a numeric type (is BSON type ${typeName(count)})`);
    const [from, size] = [coerced(low), coerced(count)];
    if (from < 0) throw new MongoError(50752, `${name}:  starting index must be non-negative (got: ${from})`);
    const to = size < 0 ? bytes.length : Math.min(bytes.length, from + size);
    if (continues(bytes[from])) throw new MongoError(28656, `${name}:  Invalid range, starting index is a UTF-8 continuation byte.`);
    if (to > from && continues(bytes[to])) throw new MongoError(28657, `${name}:  Invalid range, ending index is in the middle of a UTF-8 character.`);
    return bytes.toString('utf8', from, Math.max(from, to));
  };
};

/** A number as an integer: a decimal is rounded, and one out of range counts as the least. */
function coerced(value: Numeric): number {
  if (!(value instanceof Decimal128)) {
    const number = toDouble(value);
    if (typeof value === 'bigint') return number;
    if (!(Math.abs(number) < 2 ** 63)) throw new MongoError(31109, `Can't coerce out of range value ${generalText(value)} to long`);
    return Math.trunc(number);
  }
  const whole = toBigInt(quantized(value, 0, 'half-even') ?? value);
  return Number(whole === undefined || whole > maxInt64 || whole < minInt64 ? minInt64 : whole);
}

const continues = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80;

/** `$indexOfCP` and `$indexOfBytes`, each in its own unit; of characters only the first has to lie before the end. */
const indexOf = (codes: readonly [number, number], inside: boolean, unitsOf: (text: string) => number, place: (text: string, at: number) => number): ParseExpression => (argument, tools, name) => {
  const parts = tools.operands(argument, 2, 4);
  return (scope) => {
    const [text, find, start, end] = parts.map((part) => part(scope));
    if (isNullish(text)) return null;
    const input = needString(text, (type) => `${name} requires a string as the first argument, found: ${type}`, codes[0]);
    const wanted = needString(find, (type) => `${name} requires a string as the second argument, found: ${type}`, codes[1]);
    const length = unitsOf(input);
    const limit = (value: Maybe, which: string): number => {
      const number = whole(value, `${name} requires an integral ${which} index`, 40096, 40096);
      if (number < 0) throw new MongoError(40097, `${name} requires a nonnegative ${which} index, found: ${number}`);
      return number;
    };
    const from = parts.length > 2 ? limit(start, 'starting') : 0;
    const to = parts.length > 3 ? Math.min(length, limit(end, 'ending')) : length;
    if (from > length || to < from || (!inside && to === from && input !== '')) return int32(-1);
    const first = place(input, from);
    const found = input.indexOf(wanted, first);
    if (found === -1) return int32(-1);
    const at = unitsOf(input.slice(0, found));
    return int32((inside ? at + unitsOf(wanted) > to : at >= to && input !== '') ? -1 : at);
  };
};

const points = (text: string): number => [...text].length;
const placeOfPoint = (text: string, at: number): number => [...text].slice(0, at).join('').length;
const placeOfByte = (text: string, at: number): number => Buffer.from(text).toString('utf8', 0, at).length;

const length = (code: number, measure: (text: string) => number): ParseExpression => (argument, tools, name) => {
  const [operand] = tools.operands(argument, 1, 1) as [Expression];
  return (scope) => int32(measure(needString(operand(scope), (type) => `${name} requires a string argument, found: ${type}`, code)));
};

const replacing = (every: boolean): ParseExpression => (argument, tools, name) => {
  const named = tools.named(argument, ['input', 'find', 'replacement'], [], { object: 51751, unknown: 51750, missing: { input: 51749, find: 51748, replacement: 51747 } });
  const parts = ['input', 'find', 'replacement'].map((part) => tools.parse(named.get(part) as Value));
  return (scope) => {
    const values = parts.map((part) => part(scope));
    values.forEach((value, index) => isNullish(value) || needString(value, (type) => `${name} requires that '${['input', 'find', 'replacement'][index]}' be a string, found: ${type}`, [10503904, 10503901, 10503902][index] as number));
    if (values.some(isNullish)) return null;
    const [input, find, replacement] = values as [string, string, string];
    if (every && find === '') return sizedText(['', ...input, ''].join(replacement));
    if (every) return sizedText(input.split(find).join(replacement));
    const at = input.indexOf(find);
    return at === -1 ? input : sizedText(input.slice(0, at) + replacement + input.slice(at + find.length));
  };
};

const upper = (text: string): string => text.replace(/[a-z]+/g, (part) => part.toUpperCase());
const lower = (text: string): string => text.replace(/[A-Z]+/g, (part) => part.toLowerCase());

export const expressions: ExpressionFamily = {
  $concat: concat,
  $toUpper: casing(upper),
  $toLower: casing(lower),
  $split: split,
  $trim: trimming(true, true),
  $ltrim: trimming(true, false),
  $rtrim: trimming(false, true),
  $substrCP: substrCP,
  $substr: substrBytes,
  $substrBytes: substrBytes,
  $strLenCP: length(34471, points),
  $strLenBytes: length(34473, (text) => Buffer.byteLength(text)),
  $strcasecmp: (argument, tools) => {
    const [left, right] = tools.operands(argument, 2, 2) as [Expression, Expression];
    return (scope) => {
      return int32(Math.sign(compareUtf8(upper(coerce(left(scope))), upper(coerce(right(scope))))));
    };
  },
  $indexOfCP: indexOf([40093, 40094], false, points, placeOfPoint),
  $indexOfBytes: indexOf([40091, 40092], true, (text) => Buffer.byteLength(text), placeOfByte),
  $replaceOne: replacing(false),
  $replaceAll: replacing(true),
};
