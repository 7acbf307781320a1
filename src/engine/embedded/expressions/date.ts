import { int32 } from '../bson/decode.ts';
import { Doc, ObjectId, Timestamp, typeName, UtcDate, type Maybe, type Value } from '../bson/value.ts';
import { isoText, offsetText, partsOfDate, type DateParts } from '../dates.ts';
import { MongoError } from '../errors.ts';
import type { Expression, ExpressionFamily, ParseExpression } from '../expression.ts';
import { isNullish } from '../numeric.ts';

function needDate(value: Maybe): UtcDate {
  if (value instanceof UtcDate) return value;
  if (value instanceof Timestamp) return new UtcDate(BigInt(value.t) * 1000n);
  if (value instanceof ObjectId) return new UtcDate(BigInt(Buffer.from(value.bytes).readUInt32BE(0)) * 1000n);
  throw new MongoError(16006, `can't convert from BSON type ${typeName(value)} to Date`);
}

const dayOfYear = (parts: DateParts): number => Math.floor((Date.UTC(parts.year, parts.month - 1, parts.day) - Date.UTC(parts.year, 0, 1)) / 86_400_000) + 1;
const weekday = (parts: DateParts): number => new Date(Date.UTC(parts.year, parts.month - 1, parts.day)).getUTCDay();

/** ISO 8601 week and its year. */
function isoWeek(parts: DateParts): { week: number; year: number } {
  const thursday = new Date(Date.UTC(parts.year, parts.month - 1, parts.day));
  thursday.setUTCDate(thursday.getUTCDate() + 4 - (thursday.getUTCDay() || 7));
  const year = thursday.getUTCFullYear();
  return { year, week: Math.ceil(((thursday.getTime() - Date.UTC(year, 0, 1)) / 86_400_000 + 1) / 7) };
}

/** A part of a date: `{ $year: "$at" }` or `{ $year: { date: "$at", timezone: "…" } }`. */
const part = (pick: (parts: DateParts) => Value): ParseExpression => (argument, tools) => {
  const named = argument instanceof Doc && argument.has('date') ? tools.named(argument, ['date'], ['timezone']) : undefined;
  const date = tools.parse(named ? (named.get('date') as Value) : ((Array.isArray(argument) ? argument[0] : argument) as Value));
  const zone = named?.has('timezone') ? tools.parse(named.get('timezone') as Value) : undefined;
  return (scope) => {
    const value = date(scope);
    const where = zone ? zone(scope) : 'UTC';
    if (isNullish(value) || isNullish(where)) return null;
    return pick(partsOfDate(needDate(value), String(where)));
  };
};

const two = (value: number): string => String(value).padStart(2, '0');

function format(template: string, date: UtcDate, zone: string): string {
  const parts = partsOfDate(date, zone);
  return template.replace(/%(.)/g, (_, letter: string) => {
    switch (letter) {
      case 'Y': return String(parts.year).padStart(4, '0');
      case 'm': return two(parts.month);
      case 'd': return two(parts.day);
      case 'H': return two(parts.hour);
      case 'M': return two(parts.minute);
      case 'S': return two(parts.second);
      case 'L': return String(parts.millisecond).padStart(3, '0');
      case 'j': return String(dayOfYear(parts)).padStart(3, '0');
      case 'w': return String(weekday(parts) + 1);
      case 'u': return String(weekday(parts) || 7);
      case 'G': return String(isoWeek(parts).year);
      case 'V': return two(isoWeek(parts).week);
      case 'z': return offsetText(date, zone);
      case '%': return '%';
      default: throw new MongoError(18536, `Invalid format character '%${letter}' in format string`);
    }
  });
}

const dateToString: ParseExpression = (argument, tools) => {
  const named = tools.named(argument, ['date'], ['format', 'timezone', 'onNull']);
  const of = (name: string): Expression | undefined => (named.has(name) ? tools.parse(named.get(name) as Value) : undefined);
  const [date, template, zone, onNull] = ['date', 'format', 'timezone', 'onNull'].map(of) as [Expression, Expression?, Expression?, Expression?];
  return (scope) => {
    const value = date(scope);
    const where = zone ? zone(scope) : 'UTC';
    if (isNullish(value)) return onNull ? onNull(scope) : null;
    if (isNullish(where)) return null;
    const pattern = template?.(scope);
    if (template && isNullish(pattern)) return null;
    if (pattern === undefined && where === 'UTC') return isoText(needDate(value));
    return format(typeof pattern === 'string' ? pattern : '%Y-%m-%dT%H:%M:%S.%L', needDate(value), String(where));
  };
};

export const expressions: ExpressionFamily = {
  $year: part((parts) => int32(parts.year)),
  $month: part((parts) => int32(parts.month)),
  $dayOfMonth: part((parts) => int32(parts.day)),
  $hour: part((parts) => int32(parts.hour)),
  $minute: part((parts) => int32(parts.minute)),
  $second: part((parts) => int32(parts.second)),
  $millisecond: part((parts) => int32(parts.millisecond)),
  $dayOfYear: part((parts) => int32(dayOfYear(parts))),
  $dayOfWeek: part((parts) => int32(weekday(parts) + 1)),
  $isoDayOfWeek: part((parts) => int32(weekday(parts) || 7)),
  $isoWeek: part((parts) => int32(isoWeek(parts).week)),
  $isoWeekYear: part((parts) => BigInt(isoWeek(parts).year)),
  $dateToString: dateToString,
};
