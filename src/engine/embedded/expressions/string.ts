import { int32 } from '../bson/decode.ts';
import { wholeNumber } from '../bson/number.ts';
import { isNumeric, typeName, type Maybe, type Value } from '../bson/value.ts';
import { MongoError } from '../errors.ts';
import type { Expression, ExpressionFamily, ParseExpression } from '../expression.ts';
import { isNullish } from '../numeric.ts';

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
    return text;
  };
};

/** A case change; null and missing give the empty string. ASCII only, as the server has it. */
const casing = (change: (text: string) => string): ParseExpression => (argument, tools) => {
  const [operand] = tools.operands(argument, 1, 1) as [Expression];
  return (scope) => {
    const value = operand(scope);
    if (isNullish(value)) return '';
    if (typeof value !== 'string' && !isNumeric(value)) throw new MongoError(16007, `can't convert from BSON type ${typeName(value)} to String`);
    return change(String(value));
  };
};

const split: ParseExpression = (argument, tools) => {
  const [left, right] = tools.operands(argument, 2, 2) as [Expression, Expression];
  return (scope) => {
    const [text, separator] = [left(scope), right(scope)];
    if (isNullish(text) || isNullish(separator)) return null;
    const input = needString(text, (type) => `$split requires an expression that evaluates to a string as a first argument, found: ${type}`, 40085);
    const by = needString(separator, (type) => `$split requires an expression that evaluates to a string as a second argument, found: ${type}`, 40086);
    if (by === '') throw new MongoError(40087, '$split requires a non-empty separator');
    return input.split(by);
  };
};

const trimming = (left: boolean, right: boolean): ParseExpression => (argument, tools, name) => {
  const named = tools.named(argument, ['input'], ['chars']);
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

const substring: ParseExpression = (argument, tools, name) => {
  const [text, start, length] = tools.operands(argument, 3, 3) as [Expression, Expression, Expression];
  return (scope) => {
    const value = text(scope);
    const points = [...(isNullish(value) ? '' : typeof value === 'string' ? value : String(value))];
    const from = numberOf(start(scope), name, 'starting index', 34450);
    const count = numberOf(length(scope), name, 'length', 34452);
    if (from < 0) throw new MongoError(34451, `${name}: the starting index must be non-negative integer`);
    return count < 0 ? points.slice(from).join('') : points.slice(from, from + count).join('');
  };
};

function numberOf(value: Maybe, name: string, what: string, code: number): number {
  const number = isNumeric(value) ? wholeNumber(value) : undefined;
  if (number === undefined) throw new MongoError(code, `${name}: ${what} must be a numeric type (is BSON type ${typeName(value)})`);
  return number;
}

const length = (measure: (text: string) => number): ParseExpression => (argument, tools, name) => {
  const [operand] = tools.operands(argument, 1, 1) as [Expression];
  return (scope) => int32(measure(needString(operand(scope), (type) => `${name} requires a string argument, found: ${type}`, 34471)));
};

const replacing = (every: boolean): ParseExpression => (argument, tools, name) => {
  const named = tools.named(argument, ['input', 'find', 'replacement']);
  const parts = ['input', 'find', 'replacement'].map((part) => tools.parse(named.get(part) as Value));
  return (scope) => {
    const values = parts.map((part) => part(scope));
    if (values.some(isNullish)) return null;
    const [input, find, replacement] = values.map((value, index) => needString(value, (type) => `${name} requires that '${['input', 'find', 'replacement'][index]}' be a string, found: ${type}`, 51746 - index)) as [string, string, string];
    if (every) return input.split(find).join(replacement);
    const at = input.indexOf(find);
    return at === -1 ? input : input.slice(0, at) + replacement + input.slice(at + find.length);
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
  $substrCP: substring,
  $substr: substring,
  $substrBytes: substring,
  $strLenCP: length((text) => [...text].length),
  $strLenBytes: length((text) => Buffer.byteLength(text)),
  $strcasecmp: (argument, tools) => {
    const [left, right] = tools.operands(argument, 2, 2) as [Expression, Expression];
    return (scope) => {
      const [a, b] = [left(scope), right(scope)].map((value) => upper(isNullish(value) ? '' : String(value))) as [string, string];
      return int32(a < b ? -1 : a > b ? 1 : 0);
    };
  },
  $indexOfCP: (argument, tools, name) => {
    const parts = tools.operands(argument, 2, 4);
    return (scope) => {
      const [text, find, start, end] = parts.map((part) => part(scope));
      if (isNullish(text)) return null;
      const points = [...needString(text, (type) => `${name} requires a string as the first argument, found: ${type}`, 40093)];
      const wanted = needString(find, (type) => `${name} requires a string as the second argument, found: ${type}`, 40094);
      const from = start === undefined ? 0 : numberOf(start, name, 'starting index', 40096);
      const to = end === undefined ? points.length : numberOf(end, name, 'ending index', 40096);
      const part = points.slice(from, to).join('');
      const at = part.indexOf(wanted);
      return int32(at === -1 || from > points.length ? -1 : from + Array.from(part.slice(0, at)).length);
    };
  },
  $replaceOne: replacing(false),
  $replaceAll: replacing(true),
};
