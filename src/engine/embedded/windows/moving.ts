import { add, isWhole, multiply, subtract, toDecimal, toDouble } from '../bson/number.ts';
import { Doc, isNumeric, typeName, type Maybe, type Numeric, type Value } from '../bson/value.ts';
import { divideDecimals } from '../bson/decimal.ts';
import { MongoError } from '../errors.ts';
import { evaluate, parseExpression } from '../expression.ts';
import { isDecimal } from '../numeric.ts';
import type { ParseWindow, WindowFamily } from '../window.ts';

const wrong = (message: string): MongoError => new MongoError('FailedToParse', message);

/** `$expMovingAvg`: `{ input, N }` or `{ input, alpha }`. */
const expMovingAvg: ParseWindow = (argument, { context, spec, name, sort }) => {
  if (!(argument instanceof Doc)) throw wrong(`${name} must have exactly one argument that is an object`);
  if (spec.has('window')) throw wrong(`${name} does not accept a 'window' field`);
  if (!sort) throw wrong(`${name} requires an explicit 'sortBy'`);
  for (const key of argument.keys()) if (!['input', 'N', 'alpha'].includes(key)) throw wrong(`Got unrecognized field in ${name}: ${key}`);
  const [input, count, alpha] = [argument.get('input'), argument.get('N'), argument.get('alpha')];
  if (input === undefined || (count === undefined) === (alpha === undefined)) throw wrong(`${name} sub object must have exactly two fields: An 'input' field, and either an 'N' field or an 'alpha' field`);
  const weight = alpha === undefined ? share(count as Value, name) : readAlpha(alpha, name);
  const expression = parseExpression(input, context);
  return ({ scopes }) => {
    let average: Numeric | undefined;
    return scopes.map((scope) => {
      const value = expression(scope);
      if (!isNumeric(value)) return average ?? null;
      average = average === undefined ? value : mixed(value, average, weight);
      return isDecimal(average) ? average : (average = toDouble(average));
    });
  };
};

const mixed = (value: Numeric, average: Numeric, weight: Numeric): Numeric =>
  isDecimal(value) || isDecimal(average) || isDecimal(weight)
    ? (add(multiply(toDecimal(value), weight) as Numeric, multiply(toDecimal(average), subtract(toDecimal(1), weight) as Numeric) as Numeric) as Numeric)
    : toDouble(value) * toDouble(weight) + toDouble(average) * (1 - toDouble(weight));

function share(count: Value, name: string): Numeric {
  if (!isNumeric(count) || !isWhole(count)) throw wrong(`'N' field must be an integer, but found type ${typeName(count)} in ${name}`);
  if (toDouble(count) <= 0) throw wrong(`'N' must be greater than zero in ${name}`);
  return isDecimal(count) ? divideDecimals(toDecimal(2n), add(count, 1n) as typeof count) : 2 / (toDouble(count) + 1);
}

function readAlpha(alpha: Value, name: string): Numeric {
  if (!isNumeric(alpha)) throw wrong(`'alpha' must be a number in ${name}`);
  if (!(toDouble(alpha) > 0 && toDouble(alpha) < 1)) throw wrong(`'alpha' must be between 0 and 1 (exclusive) in ${name}`);
  return alpha;
}

/** `$shift`: another document's value, so many places away. */
const shift: ParseWindow = (argument, { context, spec, name, sort }) => {
  if (!sort) throw new MongoError('FailedToParse', `'${name}' requires a sortBy`);
  if (spec.has('window')) throw wrong(`'${name}' does not accept a 'window' field`);
  if (!(argument instanceof Doc)) throw wrong(`Argument to ${name} must be an object`);
  for (const key of argument.keys()) if (!['output', 'by', 'default'].includes(key)) throw wrong(`Unknown argument in ${name}: ${key}`);
  const [output, by, other = null] = [argument.get('output'), argument.get('by'), argument.get('default')];
  if (output === undefined) throw wrong(`${name} requires an 'output' expression.`);
  if (by === undefined) throw wrong(`${name} requires 'by' as an integer value.`);
  if (!isNumeric(by) || !isWhole(by)) throw wrong(`'${name}:by' field must be an integer, but found by: ${typeName(by)}`);
  const [expression, distance] = [parseExpression(output, context), toDouble(by)];
  const fallback = evaluate(parseExpression(other, context), new Doc(), context);
  return ({ scopes }) => scopes.map((_, index): Maybe => {
    const scope = scopes[index + distance];
    return scope ? (expression(scope) ?? null) : fallback;
  });
};

/** `$minMaxScaler`: a value between the least and the greatest of its frame. */
const minMaxScaler: ParseWindow = (argument, { context, name }) => {
  if (!(argument instanceof Doc) || !argument.has('input')) throw wrong(`${name} requires an 'input' expression`);
  for (const key of argument.keys()) if (!['input', 'min', 'max'].includes(key)) throw wrong(`${name} got unexpected argument: ${key}`);
  const constant = (key: string, otherwise: number): number => {
    const value = argument.get(key);
    if (value === undefined) return otherwise;
    if (!isNumeric(value)) throw wrong(`${name} '${key}' must be a number`);
    return toDouble(value);
  };
  const [low, high] = [constant('min', 0), constant('max', 1)];
  if (low >= high) throw wrong(`${name}: 'min' must be less than 'max'`);
  const expression = parseExpression(argument.get('input') as Value, context);
  return ({ scopes, frame }) => {
    const values = scopes.map((scope) => {
      const value = expression(scope);
      if (!isNumeric(value)) throw new MongoError(10487000, `'input' argument to ${name} must evaluate to a numeric type, got: ${typeName(value)}`);
      return toDouble(value);
    });
    return values.map((value, index) => {
      const [from, to] = frame(index);
      const seen = values.slice(from, to);
      const [least, greatest] = [Math.min(...seen), Math.max(...seen)];
      return greatest === least ? low : low + ((value - least) / (greatest - least)) * (high - low);
    });
  };
};

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/expMovingAvg/ */
export const windows: WindowFamily = { $expMovingAvg: expMovingAvg, $shift: shift, $minMaxScaler: minMaxScaler };
