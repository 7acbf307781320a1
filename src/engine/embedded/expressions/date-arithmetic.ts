import { compareValues } from '../bson/compare.ts';
import { isWhole, maxInt64, minInt64, toBigInt } from '../bson/number.ts';
import { isNumeric, typeName, UtcDate } from '../bson/value.ts';
import { needDate, startOfWeekIn, unitIn, zoneIn } from '../date-arguments.ts';
import { addUnits, lengthOf, truncate, unitsBetween } from '../date-units.ts';
import { MongoError } from '../errors.ts';
import type { ExpressionFamily, ParseExpression } from '../expression.ts';
import { isNullish } from '../numeric.ts';

/** `$dateAdd` and `$dateSubtract`. */
const moving = (sign: 1n | -1n): ParseExpression => (argument, tools, name) => {
  const { startDate, unit, amount, timezone } = tools.namedParts(argument, ['startDate', 'unit', 'amount'], ['timezone'], { object: 5166400, unknown: 5166401, missing: 5166402 });
  return (scope) => {
    const [start, given, by] = [startDate?.(scope), unit?.(scope), amount?.(scope)];
    if (isNullish(start)) return null;
    const of = unitIn(given, 5439013, name);
    if (of === null || isNullish(by)) return null;
    const zone = zoneIn(timezone, scope);
    if (zone === null) return null;
    const ms = needDate(start, 5166403, `${name} requires startDate to be convertible to a date`);
    const count = isNumeric(by) && isWhole(by) ? toBigInt(by) : undefined;
    if (count === undefined || count > maxInt64 || count < minInt64) throw new MongoError(5166405, `${name} expects integer amount of time units`);
    if (sign < 0n && count === minInt64) throw new MongoError(6045000, `invalid ${name} 'amount' parameter value: ${count}`);
    return new UtcDate(addUnits(ms, of, count * sign, zone));
  };
};

const dateDiff: ParseExpression = (argument, tools, name) => {
  const { startDate, endDate, unit, timezone, startOfWeek } = tools.namedParts(argument, ['startDate', 'endDate', 'unit'], ['timezone', 'startOfWeek'], { object: 5166301, unknown: 5166302, missing: { startDate: 5166303, endDate: 5166304, unit: 5166305 } });
  return (scope) => {
    const [start, end] = [startDate?.(scope), endDate?.(scope)];
    if (isNullish(start) || isNullish(end)) return null;
    const of = unitIn(unit?.(scope), 5439013, name);
    if (of === null) return null;
    const first = startOfWeekIn(of === 'week' ? startOfWeek?.(scope) : undefined, startOfWeek !== undefined && of === 'week', name);
    const zone = zoneIn(timezone, scope);
    if (zone === null || first === null) return null;
    const message = (which: string): string => `${name} requires '${which}' to be a date`;
    const between = unitsBetween(needDate(start, 5166307, message('startDate')), needDate(end, 5166307, message('endDate')), of, zone, first);
    if (between > maxInt64 || between < minInt64) throw new MongoError(5166308, 'dateDiff overflowed');
    return between;
  };
};

const dateTrunc: ParseExpression = (argument, tools, name) => {
  const { date, unit, binSize, timezone, startOfWeek } = tools.namedParts(argument, ['date', 'unit'], ['binSize', 'timezone', 'startOfWeek'], { object: 5439007, unknown: 5439008, missing: { date: 5439009, unit: 5439010 } });
  return (scope) => {
    const value = date?.(scope);
    if (isNullish(value)) return null;
    const size = binSize ? binSize(scope) : 1;
    if (isNullish(size)) return null;
    const of = unitIn(unit?.(scope), 5439013, name);
    if (of === null || (startOfWeek && isNullish(startOfWeek(scope)))) return null;
    const first = startOfWeekIn(of === 'week' ? startOfWeek?.(scope) : undefined, startOfWeek !== undefined && of === 'week', name);
    const zone = zoneIn(timezone, scope);
    if (zone === null || first === null) return null;
    const ms = needDate(value, 5166307, `${name} requires 'date' to be a date, but got ${typeName(value)}`);
    const whole = isNumeric(size) && isWhole(size) ? toBigInt(size) : undefined;
    if (whole === undefined || whole > maxInt64 || whole < minInt64) throw new MongoError(5439017, `${name} requires 'binSize' to be a 64-bit integer, but got ${typeName(size)}`);
    if (compareValues(whole, 0n) <= 0) throw new MongoError(5439018, `${name} requires 'binSize' to be greater than 0, but got value ${whole}`);
    if (whole * lengthOf(of) > maxInt64) throw new MongoError(['year', 'quarter', 'month'].includes(of) ? 5439006 : 5439002, `${name} 'binSize' is too large: ${whole}`);
    const result = truncate(ms, of, whole, zone, first);
    if (result > maxInt64 || result < minInt64) throw new MongoError(5439000, 'dateTrunc overflowed');
    return new UtcDate(result);
  };
};

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/dateTrunc/ */
export const expressions: ExpressionFamily = { $dateAdd: moving(1n), $dateSubtract: moving(-1n), $dateDiff: dateDiff, $dateTrunc: dateTrunc };
