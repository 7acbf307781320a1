import { decimalToNumber, exactParts, fromParts, partsOf, quantized, roundHalfEven, type RoundingMode } from '../bson/decimal.ts';
import { isWhole, maxInt64, minInt64, smallestInteger, toBigInt, toDouble } from '../bson/number.ts';
import { Decimal128, Int32, isNumeric, typeName, type Maybe, type Numeric, type Value } from '../bson/value.ts';
import { MongoError } from '../errors.ts';
import type { Expression, ExpressionFamily, ParseExpression } from '../expression.ts';
import { isNullish, numberText } from '../numeric.ts';

/** `$round` and `$trunc`: to `place` digits behind the point, before it where negative. */
function roundTo(value: Numeric, place: number, mode: 'half-even' | 'down'): Value {
  if (value instanceof Int32 || typeof value === 'bigint') return roundWhole(value, place, mode);
  if (value instanceof Decimal128) return quantized(value, -place, mode) ?? value;
  if (!Number.isFinite(value)) return value;
  const rounded = quantized(fromParts(exactParts(value)), -place, mode);
  if (!rounded) return value;
  const number = decimalToNumber(rounded);
  return number === 0 && (value < 0 || Object.is(value, -0)) ? -0 : number;
}

function roundWhole(value: Int32 | bigint, place: number, mode: 'half-even' | 'down'): Value {
  if (place >= 0) return value;
  const unit = 10n ** BigInt(-place);
  const whole = toBigInt(value) as bigint;
  const kept = mode === 'half-even' ? (whole < 0n ? -roundHalfEven(-whole, -place) : roundHalfEven(whole, -place)) : whole / unit;
  const result = kept * unit;
  if (result < minInt64 || result > maxInt64) throw new MongoError(51080, 'invalid conversion from Decimal128 result in $round resulting from arguments');
  return value instanceof Int32 ? smallestInteger(result) : result;
}

/** How many digits are kept. @throws MongoError where it is not a whole number between limits */
function readPlace(place: Maybe, name: string): number {
  if (!isNumeric(place)) throw new MongoError(16004, `can't convert from BSON type ${typeName(place)} to long`);
  const digits = toDouble(place);
  if (place instanceof Decimal128 && Number.isNaN(digits)) throw new MongoError(51082, `precision argument to ${name} must be a integral value`);
  if (!Number.isFinite(digits) || Math.abs(digits) > 2 ** 63) throw new MongoError(31109, `Can't coerce out of range value ${numberText(place)} to long`);
  if (!isWhole(place)) throw new MongoError(51082, `precision argument to ${name} must be a integral value`);
  if (digits < -20 || digits > 100) throw new MongoError(51083, `cannot apply ${name} with precision value ${digits} value must be in [-20, 100]`);
  return digits === 0 ? 0 : digits;
}

const rounding = (mode: 'half-even' | 'down'): ParseExpression => (argument, tools, name) => {
  const [operand, places] = tools.operands(argument, 1, 2) as [Expression, Expression | undefined];
  return (scope) => {
    const value = operand(scope);
    const place = places ? places(scope) : new Int32(0);
    if (isNullish(value) || isNullish(place)) return null;
    if (!isNumeric(value)) throw new MongoError(51081, `${name} only supports numeric types, not ${typeName(value)}`);
    return roundTo(value, readPlace(place, name), mode);
  };
};

/** `$ceil` and `$floor`. A decimal that has no such neighbour within its digits, and an infinite one, gives NaN. */
const toNeighbour = (mode: RoundingMode, ofDouble: (value: number) => number): ParseExpression => (argument, tools, name) => {
  const [operand] = tools.operands(argument, 1, 1) as [Expression];
  return (scope) => {
    const value = operand(scope);
    if (isNullish(value)) return null;
    if (!isNumeric(value)) throw new MongoError(28765, `${name} only supports numeric types, not ${typeName(value)}`);
    if (typeof value === 'number') return ofDouble(value);
    if (!(value instanceof Decimal128)) return value;
    return (partsOf(value).kind === 'finite' ? quantized(value, 0, mode) : undefined) ?? fromParts({ kind: 'nan' });
  };
};

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/round/ */
export const expressions: ExpressionFamily = {
  $ceil: toNeighbour('ceil', Math.ceil), $floor: toNeighbour('floor', Math.floor), $round: rounding('half-even'), $trunc: rounding('down'),
};
