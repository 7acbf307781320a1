import { isWhole, toBigInt } from '../bson/number.ts';
import { Doc, isNumeric, typeName, UtcDate, type Maybe } from '../bson/value.ts';
import { daysOf, instantOf, isoYearStart } from '../calendar.ts';
import { zoneIn } from '../date-arguments.ts';
import { MongoError } from '../errors.ts';
import type { ExpressionFamily, ParseExpression } from '../expression.ts';
import { isNullish } from '../numeric.ts';

const civil = ['month', 'day'];
const iso = ['isoWeek', 'isoDayOfWeek'];
const time = ['hour', 'minute', 'second', 'millisecond'];

function readPart(name: string, value: Maybe): number {
  const whole = isNumeric(value) && isWhole(value) ? toBigInt(value) : undefined;
  if (whole === undefined) throw new MongoError(40515, `'${name}' must evaluate to an integer, found ${typeName(value)}`);
  if (whole < -32_768n || whole > 32_767n) {
    if (!['hour', 'minute', 'second', 'millisecond'].includes(name) || whole > 2n ** 40n || whole < -(2n ** 40n)) throw new MongoError(31034, `'${name}' must evaluate to a value in the range [-32768, 32767]; value ${whole} is not in range`);
  }
  return Number(whole);
}

const dateFromParts: ParseExpression = (argument, tools) => {
  if (!(argument instanceof Doc)) throw new MongoError(40519, '$dateFromParts only supports an object as its argument');
  const known = ['year', 'isoWeekYear', 'timezone', ...civil, ...iso, ...time];
  for (const name of argument.keys()) if (!known.includes(name)) throw new MongoError(40518, `Unrecognized argument to $dateFromParts: ${name}`);
  const given = (names: readonly string[]): boolean => names.some((name) => argument.has(name));
  if (!argument.has('year') && !argument.has('isoWeekYear')) throw new MongoError(40516, "$dateFromParts requires either 'year' or 'isoWeekYear' to be present");
  if (argument.has('year') && given(['isoWeekYear', ...iso])) throw new MongoError(40489, '$dateFromParts does not allow mixing natural dates with ISO dates');
  if (argument.has('isoWeekYear') && given(['year', ...civil])) throw new MongoError(40525, '$dateFromParts does not allow mixing ISO dates with natural dates');
  const { timezone, ...parts } = tools.namedParts(argument, [], known);
  const byWeek = argument.has('isoWeekYear');
  const order = [byWeek ? 'isoWeekYear' : 'year', ...(byWeek ? iso : civil), ...time];
  return (scope) => {
    const values: number[] = [];
    for (const [index, name] of order.entries()) {
      const part = parts[name];
      const value = part ? part(scope) : index < 3 ? 1 : 0;
      if (isNullish(value)) return null;
      values.push(readPart(name, value));
    }
    const zone = zoneIn(timezone, scope);
    if (zone === null) return null;
    const [year = 1, second = 1, third = 1, hour = 0, minute = 0, sec = 0, millisecond = 0] = values;
    if (year < 1 || year > 9999) throw new MongoError(40523, `'${order[0]}' must evaluate to an integer in the range 1 to 9999, found ${year}`);
    const days = byWeek ? isoYearStart(year) + (second - 1) * 7 + third - 1 : daysOf(year, second, 1) + third - 1;
    return new UtcDate(instantOf(days, BigInt((hour * 60 + minute) * 60 + sec) * 1000n + BigInt(millisecond), zone));
  };
};

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/dateFromParts/ */
export const expressions: ExpressionFamily = { $dateFromParts: dateFromParts };
