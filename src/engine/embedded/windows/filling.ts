import { compareNumbers } from '../bson/compare.ts';
import { add, multiply, subtract, toDecimal, toDouble } from '../bson/number.ts';
import { divideDecimals } from '../bson/decimal.ts';
import { isNumeric, typeName, UtcDate, type Maybe, type Numeric, type Value } from '../bson/value.ts';
import { MongoError } from '../errors.ts';
import { parseExpression } from '../expression.ts';
import { isDecimal, isNullish } from '../numeric.ts';
import type { ParseWindow, WindowFamily } from '../window.ts';

/** The last value that was not null. */
const locf: ParseWindow = (argument, { context, spec, name }) => {
  if (spec.has('window')) throw new MongoError('FailedToParse', `${name} does not accept a 'window' field`);
  const expression = parseExpression(argument, context);
  return ({ scopes }) => {
    let kept: Value = null;
    return scopes.map((scope) => {
      const value = expression(scope);
      if (!isNullish(value)) kept = value;
      return kept;
    });
  };
};

const minus = (a: Numeric, b: Numeric): Numeric => subtract(a, b) ?? toDouble(a) - toDouble(b);
const place = (value: Maybe): Numeric => {
  if (value instanceof UtcDate) return value.ms;
  if (isNumeric(value)) return value;
  throw new MongoError('TypeMismatch', `Conflicting sort value types, previous and current types don't match: ${typeName(value)}`);
};

/** What lies between two points, on the line through them. */
function between(at: Numeric, [x1, y1]: readonly [Numeric, Numeric], [x2, y2]: readonly [Numeric, Numeric]): Value {
  const [rise, run, along] = [minus(y2, y1), minus(x2, x1), minus(at, x1)];
  if ([y1, y2, at].some(isDecimal)) {
    const part = multiply(divideDecimals(toDecimal(rise), toDecimal(run)), along) as Numeric;
    return add(y1, part) as Numeric;
  }
  return toDouble(y1) + toDouble(along) * (toDouble(rise) / toDouble(run));
}

const linearFill: ParseWindow = (argument, { context, spec, name, sort }) => {
  if (spec.has('window')) throw new MongoError('FailedToParse', `${name} does not accept a 'window' field`);
  if (sort?.fields.length !== 1) throw new MongoError(605001, `${name} must be specified with a top level sortBy expression with exactly one element`);
  const expression = parseExpression(argument, context);
  return ({ scopes, keys }) => {
    const values = scopes.map((scope) => expression(scope));
    const points = values.flatMap((value, index) => {
      if (isNullish(value)) return [];
      if (!isNumeric(value)) throw new MongoError('TypeMismatch', `Value to be filled must be numeric or nullish but found ${typeName(value)}`);
      return [{ index, x: place(keys[index]?.[0]), y: value }];
    });
    keys.forEach(([key], index) => {
      const before = keys[index - 1]?.[0];
      if (index > 0 && compareNumbers(place(before), place(key)) === 0) throw new MongoError(6050106, 'There can be no repeated values in the sort field in $linearFill');
    });
    let passed = 0;
    return values.map((value, index) => {
      while (passed < points.length && (points[passed] as (typeof points)[number]).index <= index) passed++;
      if (!isNullish(value)) return value;
      const [before, after] = [points[passed - 1], points[passed]];
      return before && after ? between(place(keys[index]?.[0]), [before.x, before.y], [after.x, after.y]) : null;
    });
  };
};

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/locf/ */
export const windows: WindowFamily = { $locf: locf, $linearFill: linearFill };
