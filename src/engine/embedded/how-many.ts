import { isWhole, toDouble } from './bson/number.ts';
import { showValue } from './bson/show.ts';
import { isNumeric, type Maybe } from './bson/value.ts';
import { MongoError } from './errors.ts';

/** The `n` of `$firstN`, `$topN` and the like. @throws MongoError where it is no positive whole number */
export function countOf(value: Maybe, name: string): number {
  if (!isNumeric(value)) throw new MongoError(7548606, `Value for 'n' must be of integral type, but found ${showValue(value)}`);
  const n = toDouble(value);
  if (!isWhole(value) || Math.abs(n) > Number.MAX_SAFE_INTEGER * 1024) throw new MongoError(7548606, `Value for 'n' must be of integral type, but found ${showValue(value)}`);
  if (n <= 0) throw new MongoError(7548606, `'n' must be greater than 0, found ${showValue(value)} for ${name}`);
  return n;
}
