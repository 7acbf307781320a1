import { isWhole, maxInt32, minInt32, toDouble } from './bson/number.ts';
import { isNumeric, typeName, type Maybe } from './bson/value.ts';
import { MongoError } from './errors.ts';

/** A whole number of 32 bits. @throws MongoError with one code where it is no number, with the other where it doesn't fit */
export function need32(value: Maybe, notNumber: number, notWhole: number, what: string): number {
  if (!isNumeric(value)) throw new MongoError(notNumber, `${what} must be a numeric value, but is ${typeName(value)}`);
  const number = toDouble(value);
  if (!isWhole(value) || number < minInt32 || number > maxInt32) throw new MongoError(notWhole, `${what} must be representable as a 32-bit integer: ${number}`);
  return number;
}
