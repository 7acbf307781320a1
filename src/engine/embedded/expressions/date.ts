import { int32 } from '../bson/decode.ts';
import { Doc, type Value } from '../bson/value.ts';
import { dayOfYear, daysOf, isoWeekOf, partsOf, weekdayOf, type DateParts } from '../calendar.ts';
import { needDate, zoneIn } from '../date-arguments.ts';
import { MongoError } from '../errors.ts';
import type { Expression, ExpressionFamily, ParseExpression } from '../expression.ts';
import { isNullish } from '../numeric.ts';

/** A part of a date: `{ $year: "$at" }` or `{ $year: { date: "$at", timezone: "…" } }`. */
const part = (pick: (parts: DateParts) => Value): ParseExpression => (argument, tools) => {
  const isNamed = argument instanceof Doc && ![...argument.keys()][0]?.startsWith('$');
  const named = isNamed ? tools.namedParts(argument, ['date'], ['timezone'], { object: 40535, unknown: 40535, missing: 40539 }) : undefined;
  if (Array.isArray(argument) && argument.length !== 1) throw new MongoError(40536, 'a date operator accepts exactly one argument if given an array');
  const date = named ? (named.date as Expression) : tools.parse((Array.isArray(argument) ? argument[0] : argument) as Value);
  return (scope) => {
    const value = date(scope);
    const zone = zoneIn(named?.timezone, scope);
    if (isNullish(value) || zone === null) return null;
    return pick(partsOf(needDate(value), zone));
  };
};

const dateToParts: ParseExpression = (argument, tools) => {
  const { date, timezone, iso8601 } = tools.namedParts(argument, ['date'], ['timezone', 'iso8601'], { object: 40524, unknown: 40520, missing: 40522 });
  return (scope) => {
    const value = date?.(scope);
    const zone = zoneIn(timezone, scope);
    const iso = iso8601 ? iso8601(scope) : false;
    if (isNullish(value) || zone === null || isNullish(iso)) return null;
    if (typeof iso !== 'boolean') throw new MongoError(40521, 'iso8601 must evaluate to a bool');
    const parts = partsOf(needDate(value), zone);
    const { hour, minute, second, millisecond } = parts;
    const week = isoWeekOf(parts.days);
    const day = iso ? { isoWeekYear: week.year, isoWeek: week.week, isoDayOfWeek: weekdayOf(parts.days) || 7 } : { year: parts.year, month: parts.month, day: parts.day };
    return Doc.of(Object.entries({ ...day, hour, minute, second, millisecond }).map(([name, number]) => [name, int32(number)] as const));
  };
};

/** The week of the year, of weeks that begin on Sunday; days before the first Sunday are in week 0. */
const weekOf = ({ days, year }: DateParts): number => Math.floor((days - daysOf(year, 1, 1) + 7 - weekdayOf(days)) / 7);

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/dateToParts/ */
export const expressions: ExpressionFamily = {
  $year: part((parts) => int32(parts.year)),
  $month: part((parts) => int32(parts.month)),
  $dayOfMonth: part((parts) => int32(parts.day)),
  $hour: part((parts) => int32(parts.hour)),
  $minute: part((parts) => int32(parts.minute)),
  $second: part((parts) => int32(parts.second)),
  $millisecond: part((parts) => int32(parts.millisecond)),
  $dayOfYear: part((parts) => int32(dayOfYear(parts))),
  $dayOfWeek: part((parts) => int32(weekdayOf(parts.days) + 1)),
  $week: part((parts) => int32(weekOf(parts))),
  $isoDayOfWeek: part((parts) => int32(weekdayOf(parts.days) || 7)),
  $isoWeek: part((parts) => int32(isoWeekOf(parts.days).week)),
  $isoWeekYear: part((parts) => BigInt(isoWeekOf(parts.days).year)),
  $dateToParts: dateToParts,
};
