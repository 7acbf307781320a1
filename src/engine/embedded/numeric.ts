import { formatDecimal } from './bson/decimal.ts';
import { add, toDouble } from './bson/number.ts';
import { Decimal128, Int32, isNumeric, Undefined, type Maybe, type Numeric } from './bson/value.ts';

/** What expressions take for no value: missing, null and the old BSON undefined. */
export const isNullish = (value: Maybe): value is null | undefined | Undefined => value === undefined || value === null || value instanceof Undefined;

/** A running sum that keeps int32, int64, double or decimal, whichever is widest; int64 overflow becomes a double. */
export function sumOf(values: Iterable<Maybe>): Numeric {
  let sum: Numeric = new Int32(0);
  for (const value of values) {
    if (isNumeric(value)) sum = add(sum, value) ?? toDouble(sum) + toDouble(value);
  }
  return sum;
}

/** A number as `$toString` writes it. */
export const numberText = (value: Numeric): string => (value instanceof Decimal128 ? formatDecimal(value) : String(value instanceof Int32 ? value.value : value));
