import { isWhole, maxInt64, toBigInt } from './bson/number.ts';
import { showValue } from './bson/show.ts';
import { isNumeric, type Value } from './bson/value.ts';
import { MongoError } from './errors.ts';

/** The count that `$limit` and `$skip` take: a whole number of 64 bits, not negative. @throws MongoError with the stage's code */
export function readCount(stage: string, argument: Value, code: number): number {
  const wrong = (expected: string): MongoError => new MongoError(code, `invalid argument to ${stage} stage: Expected ${expected}: ${stage}: ${showValue(argument)}`);
  if (!isNumeric(argument)) throw wrong('a number in');
  const count = toBigInt(argument);
  if (count === undefined || !isWhole(argument) || count > maxInt64) throw wrong('an integer');
  if (count < 0n) throw wrong('a non-negative number in');
  return Number(count);
}
