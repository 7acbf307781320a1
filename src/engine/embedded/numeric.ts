import { formatDecimal } from './bson/decimal.ts';
import { Decimal128, Int32, Undefined, type Maybe, type Numeric } from './bson/value.ts';

/** What expressions take for no value: missing, null and the old BSON undefined. */
export const isNullish = (value: Maybe): value is null | undefined | Undefined => value === undefined || value === null || value instanceof Undefined;

/** A number as `$toString` writes it. */
export const numberText = (value: Numeric): string => (value instanceof Decimal128 ? formatDecimal(value) : String(value instanceof Int32 ? value.value : value));

/** True for a decimal, which makes a result decimal. */
export const isDecimal = (value: Maybe): value is Decimal128 => value instanceof Decimal128;
