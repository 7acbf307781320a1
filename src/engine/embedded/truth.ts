import { toDouble } from './bson/number.ts';
import { compareNumbers } from './bson/compare.ts';
import { Decimal128, isNumeric, Undefined, type Maybe } from './bson/value.ts';

/** What queries and expressions take for true: everything but false, null, missing, undefined and zero. */
export function isTrue(value: Maybe): boolean {
  if (value instanceof Decimal128) return compareNumbers(value, 0) !== 0;
  if (isNumeric(value)) return toDouble(value) !== 0;
  return !(value === undefined || value === null || value === false || value instanceof Undefined);
}
