import { Doc, isNumeric, typeName, UtcDate, type Decimal128, type Maybe, type Numeric, type Value } from '../bson/value.ts';
import { add, multiply, subtract, toDecimal, toDouble } from '../bson/number.ts';
import { divideDecimals } from '../bson/decimal.ts';
import { isDecimal } from '../numeric.ts';
import { lengthOf, unitOf } from '../date-units.ts';
import { MongoError } from '../errors.ts';
import { parseExpression } from '../expression.ts';
import type { ParseWindow, WindowFamily, WindowFunction, WindowSurroundings } from '../window.ts';

const timed = ['week', 'day', 'hour', 'minute', 'second', 'millisecond'];

interface Options {
  input: Value;
  /** The length of a unit in milliseconds, where sorting is by dates. */
  unit: number | undefined;
}

function readOptions(argument: Value, { name, sort }: WindowSurroundings): Options {
  if (!(argument instanceof Doc)) throw new MongoError('FailedToParse', `${name} expects an object, but got a ${typeName(argument)}`);
  for (const key of argument.keys()) if (key !== 'input' && key !== 'unit') throw new MongoError('FailedToParse', `${name} got unexpected argument: ${key}`);
  const [input, unit] = [argument.get('input'), argument.get('unit')];
  if (input === undefined) throw new MongoError('FailedToParse', `${name} requires an 'input' expression`);
  if (sort?.fields.length !== 1) throw new MongoError('FailedToParse', `${name} requires a sortBy of one field`);
  if (unit !== undefined && typeof unit !== 'string') throw new MongoError('FailedToParse', `${name} 'unit' must be a string`);
  if (unit !== undefined && !timed.includes(unit)) throw new MongoError(unitOf(unit) ? 5490710 : 'FailedToParse', `unit must be 'week' or smaller`);
  return { input, unit: unit === undefined ? undefined : Number(lengthOf(unitOf(unit))) };
}

/** What a document is sorted by, as a number: of dates in milliseconds. */
function position(value: Maybe, unit: number | undefined, name: string): Numeric {
  if (unit !== undefined) {
    if (value instanceof UtcDate) return value.ms;
    throw new MongoError(5624900, `${name} with 'unit' expects the sortBy field to be a Date`);
  }
  if (isNumeric(value)) return value;
  throw new MongoError(5624901, `${name} (with no 'unit') expects the sortBy field to be numeric`);
}

function number(value: Maybe, name: string): Numeric {
  if (isNumeric(value)) return value;
  throw new MongoError(5624903, `${name} requires its input to be numeric, but was ${typeName(value)}`);
}

const minus = (a: Numeric, b: Numeric): Numeric => subtract(a, b) ?? toDouble(a) - toDouble(b);

function quotient(a: Numeric, b: Numeric): number | Decimal128 {
  return isDecimal(a) || isDecimal(b) ? divideDecimals(toDecimal(a), toDecimal(b)) : toDouble(a) / toDouble(b);
}

const derivative: ParseWindow = (argument, surroundings): WindowFunction => {
  const { name, context, spec } = surroundings;
  const { input, unit } = readOptions(argument, surroundings);
  if (!spec.has('window')) throw new MongoError('FailedToParse', `${name} requires explicit window bounds`);
  const expression = parseExpression(input, context);
  return ({ scopes, frame, keys }) => scopes.map((_, index) => {
    const [from, to] = frame(index);
    if (to - from < 2) return null;
    const [first, last] = [scopes[from], scopes[to - 1]].map((scope) => scope && expression(scope));
    const [start, end] = [position(keys[from]?.[0], unit, name), position(keys[to - 1]?.[0], unit, name)];
    const rise = minus(number(last, name), number(first, name));
    const run = minus(end, start);
    if (toDouble(run) === 0) return null;
    return unit === undefined ? quotient(rise, run) : quotient(rise, toDouble(run) / unit);
  });
};

const integral: ParseWindow = (argument, surroundings): WindowFunction => {
  const { name, context } = surroundings;
  const { input, unit } = readOptions(argument, surroundings);
  const expression = parseExpression(input, context);
  return ({ scopes, frame, keys }) => {
    const values = scopes.map((scope) => expression(scope));
    return scopes.map((_, index) => {
      const [from, to] = frame(index);
      if (to <= from) return null;
      let total: Numeric = 0;
      for (let at = from; at < to; at++) {
        position(keys[at]?.[0], unit, name);
        number(values[at], name);
        if (at === from) continue;
        const width = minus(position(keys[at]?.[0], unit, name), position(keys[at - 1]?.[0], unit, name));
        const height = add(number(values[at - 1], name), number(values[at], name)) ?? toDouble(values[at - 1] as Numeric) + toDouble(values[at] as Numeric);
        const area = quotient(multiply(height, width) ?? toDouble(height) * toDouble(width), 2);
        total = add(total, area) as Numeric;
      }
      return unit === undefined ? total : quotient(total, unit);
    });
  };
};

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/derivative/ */
export const windows: WindowFamily = { $derivative: derivative, $integral: integral };
