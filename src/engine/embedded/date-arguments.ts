import { ObjectId, Timestamp, typeName, UtcDate, type Maybe } from './bson/value.ts';
import { utcZone, zoneOf, type Zone } from './calendar.ts';
import { unitOf, weekdayNamed, type Unit } from './date-units.ts';
import { MongoError } from './errors.ts';
import type { Expression } from './expression.ts';
import { isNullish } from './numeric.ts';
import type { Scope } from './variables.ts';

/** The date in a date, a timestamp or an ObjectId; undefined of anything else. */
export function dateIn(value: Maybe): bigint | undefined {
  if (value instanceof UtcDate) return value.ms;
  if (value instanceof Timestamp) return BigInt(value.t) * 1000n;
  if (value instanceof ObjectId) return BigInt(Buffer.from(value.bytes).readInt32BE(0)) * 1000n;
  return undefined;
}

/** @throws MongoError where it is no date */
export function needDate(value: Maybe, code: number = 16006, message = `can't convert from BSON type ${typeName(value)} to Date`): bigint {
  const ms = dateIn(value);
  if (ms === undefined) throw new MongoError(code, message);
  return ms;
}

/** The zone that an expression names, UTC where there is none; null where its value is null. */
export function zoneIn(expression: Expression | undefined, scope: Scope): Zone | null {
  if (!expression) return utcZone;
  const value = expression(scope);
  if (isNullish(value)) return null;
  if (typeof value !== 'string') throw new MongoError(40517, `timezone must evaluate to a string, found ${typeName(value)}`);
  return zoneOf(value);
}

/** The unit that an expression names; null where its value is null. */
export function unitIn(value: Maybe, code: number, name: string): Unit | null {
  if (isNullish(value)) return null;
  if (typeof value !== 'string') throw new MongoError(code, `${name} requires 'unit' to be a string, but got ${typeName(value)}`);
  return unitOf(value);
}

/** The first day of weeks, Sunday where none is named; null where its value is null. */
export function startOfWeekIn(value: Maybe, given: boolean, name: string): number | null {
  if (!given) return 0;
  if (isNullish(value)) return null;
  if (typeof value !== 'string') throw new MongoError(5439015, `${name} requires 'startOfWeek' to be a string, but got ${typeName(value)}`);
  const day = weekdayNamed(value);
  if (day === undefined) throw new MongoError(5439016, `${name} parameter 'startOfWeek' value cannot be recognized as a day of a week: ${value}`);
  return day;
}
