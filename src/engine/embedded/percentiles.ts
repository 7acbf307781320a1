import { toDouble } from './bson/number.ts';
import { Doc, isNumeric, typeName, type Maybe, type Numeric, type Value } from './bson/value.ts';
import { MongoError } from './errors.ts';
import { evaluate, parseExpression } from './expression.ts';
import type { QueryContext } from './variables.ts';

/** What `$percentile` and `$median` are asked for. */
export interface PercentileSpec {
  input: Value;
  shares: number[];
  continuous: boolean;
}

/** Reads `{ input, p, method }`, or `{ input, method }` of `$median`. */
export function readPercentile(name: string, argument: Value, context: QueryContext): PercentileSpec {
  const median = name === '$median';
  if (!(argument instanceof Doc)) throw new MongoError(median ? 7436100 : 7429703, `specification must be an object; found ${name}: ${typeName(argument)}`);
  const allowed = median ? ['input', 'method'] : ['input', 'p', 'method'];
  for (const key of argument.keys()) if (!allowed.includes(key)) throw new MongoError(40415, `BSON field '${name}.${key}' is an unknown field.`);
  for (const key of allowed) if (!argument.has(key)) throw new MongoError(40414, `BSON field '${name}.${key}' is missing but a required field`);
  const method = argument.get('method');
  if (typeof method !== 'string') throw new MongoError('TypeMismatch', `BSON field '${name}.method' is the wrong type '${typeName(method)}', expected type 'string'`);
  if (!['approximate', 'discrete', 'continuous'].includes(method)) throw new MongoError('BadValue', "Currently only 'approximate', 'discrete' and 'continuous' can be used as percentile 'method'.");
  const shares = median ? [0.5] : readShares(argument.get('p') as Value, context);
  return { input: argument.get('input') as Value, shares, continuous: method === 'continuous' };
}

function readShares(given: Value, context: QueryContext): number[] {
  const list = evaluate(parseExpression(given, context), new Doc(), context);
  if (!Array.isArray(list) || list.length === 0) throw new MongoError(7750301, `The $percentile 'p' field must be an array of numbers from [0.0, 1.0], but found: ${typeName(list)}`);
  return list.map((share) => {
    if (!isNumeric(share)) throw new MongoError(7750302, `The $percentile 'p' field must be an array of numbers from [0.0, 1.0], but found: ${typeName(share)}`);
    const value = toDouble(share);
    if (!(value >= 0 && value <= 1)) throw new MongoError(7750303, `The $percentile 'p' field must be an array of numbers from [0.0, 1.0], but found: ${value}`);
    return value;
  });
}

/** The percentiles of what is numeric among values; null each where nothing is. */
export function percentiles({ shares, continuous }: PercentileSpec, values: readonly Maybe[]): (number | null)[] {
  const numbers = values.filter((value): value is Numeric => isNumeric(value)).map(toDouble).filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  if (numbers.length === 0) return shares.map(() => null);
  return shares.map((share) => {
    if (continuous) {
      const at = share * (numbers.length - 1);
      const [low, high] = [numbers[Math.floor(at)] as number, numbers[Math.ceil(at)] as number];
      return low === high ? low : low * (Math.ceil(at) - at) + high * (at - Math.floor(at));
    }
    return numbers[Math.max(0, Math.ceil(share * numbers.length) - 1)] as number;
  });
}
