import { compareNumbers } from '../bson/compare.ts';
import { expDecimal, lnDecimal, log10Decimal, powDecimal, sqrtDecimal } from '../bson/decimal-math.ts';
import { decimalToNumber, divideDecimals, fromParts, partsOf, remainderDecimals, roundHalfEven } from '../bson/decimal.ts';
import { add, isNaNValue, maxInt64, minInt64, multiply, smallestInteger, subtract, toBigInt, toDecimal, toDouble, wholeNumber } from '../bson/number.ts';
import { Decimal128, Int32, isNumeric, typeName, UtcDate, type Numeric, type Value } from '../bson/value.ts';
import { MongoError } from '../errors.ts';
import { isNullish } from '../numeric.ts';
import type { Expression, ExpressionFamily, ParseExpression } from '../expression.ts';

/** Dates take part in $add and $subtract, as milliseconds. */
function addAll(expressions: Expression[]): Expression {
  return (scope) => {
    let sum: Numeric = new Int32(0);
    let isDate = false;
    for (const expression of expressions) {
      const value = expression(scope);
      if (isNullish(value)) return null;
      if (value instanceof UtcDate) {
        if (isDate) throw new MongoError(16612, 'only one date allowed in an $add expression');
        isDate = true;
        sum = add(sum, value.ms) ?? toDouble(sum) + Number(value.ms);
      } else if (isNumeric(value)) {
        sum = add(sum, value) ?? toDouble(sum) + toDouble(value);
      } else {
        throw new MongoError('TypeMismatch', `$add only supports numeric or date types, not ${typeName(value)}`);
      }
    }
    return isDate ? asDate(sum) : sum;
  };
}

function asDate(value: Numeric): UtcDate {
  const ms = typeof value === 'number' ? BigInt(Math.round(value)) : toBigInt(value);
  if (ms === undefined || ms > maxInt64 || ms < minInt64) throw new MongoError('Overflow', 'date overflow in $add');
  return new UtcDate(ms);
}

const subtractTwo: ParseExpression = (argument, tools) => {
  const [left, right] = tools.operands(argument, 2, 2) as [Expression, Expression];
  return (scope) => {
    const [a, b] = [left(scope), right(scope)];
    if (isNullish(a) || isNullish(b)) return null;
    if (a instanceof UtcDate && b instanceof UtcDate) return a.ms - b.ms;
    if (a instanceof UtcDate && isNumeric(b)) return asDate(subtract(a.ms, typeof b === 'number' ? BigInt(Math.round(b)) : b) ?? Number(a.ms) - toDouble(b));
    if (isNumeric(a) && isNumeric(b)) return subtract(a, b) ?? toDouble(a) - toDouble(b);
    throw new MongoError('TypeMismatch', `can't $subtract ${typeName(b)} from ${typeName(a)}`);
  };
};

function multiplyAll(expressions: Expression[]): Expression {
  return (scope) => {
    let product: Numeric = new Int32(1);
    for (const expression of expressions) {
      const value = expression(scope);
      if (isNullish(value)) return null;
      if (!isNumeric(value)) throw new MongoError('TypeMismatch', `$multiply only supports numeric types, not ${typeName(value)}`);
      product = multiply(product, value) ?? toDouble(product) * toDouble(value);
    }
    return product;
  };
}

/** Two numeric operands, null where one is. */
function binary(compute: (a: Numeric, b: Numeric) => Value, wrong: (a: Value, b: Value, name: string) => MongoError): ParseExpression {
  return (argument, tools, name) => {
    const [left, right] = tools.operands(argument, 2, 2) as [Expression, Expression];
    return (scope) => {
      const [a, b] = [left(scope), right(scope)];
      if (isNullish(a) || isNullish(b)) return null;
      if (!isNumeric(a) || !isNumeric(b)) throw wrong(a, b, name);
      return compute(a, b);
    };
  };
}

function divide(a: Numeric, b: Numeric): Value {
  if (toDouble(b) === 0) throw new MongoError('BadValue', "can't $divide by zero");
  return a instanceof Decimal128 || b instanceof Decimal128 ? divideDecimals(toDecimal(a), toDecimal(b)) : toDouble(a) / toDouble(b);
}

function modulo(a: Numeric, b: Numeric): Value {
  if (toDouble(b) === 0) throw new MongoError(16610, "can't $mod by zero");
  if (a instanceof Decimal128 || b instanceof Decimal128) return remainderDecimals(toDecimal(a), toDecimal(b));
  if (typeof a === 'number' || typeof b === 'number') return toDouble(a) % toDouble(b);
  const result = (toBigInt(a) as bigint) % (toBigInt(b) as bigint);
  return typeof a === 'bigint' || typeof b === 'bigint' ? result : smallestInteger(result);
}

function logarithm(a: Numeric, b: Numeric): Value {
  if (isNaNValue(a) || isNaNValue(b)) return Number.NaN;
  if (a instanceof Decimal128 || b instanceof Decimal128) return divideDecimals(lnDecimal(toDecimal(a)), lnDecimal(toDecimal(b)));
  return Math.log(toDouble(a)) / Math.log(toDouble(b));
}

function power(a: Numeric, b: Numeric): Value {
  if (toDouble(a) === 0 && toDouble(b) < 0) throw new MongoError(28764, "$pow cannot take a base of 0 and a negative exponent");
  if (a instanceof Decimal128 || b instanceof Decimal128) return powDecimal(toDecimal(a), toDecimal(b));
  if (typeof a !== 'number' && typeof b !== 'number' && toDouble(b) >= 0 && toDouble(b) < 64) {
    const exact = (toBigInt(a) as bigint) ** (toBigInt(b) as bigint);
    if (exact >= minInt64 && exact <= maxInt64) return typeof a === 'bigint' || typeof b === 'bigint' ? exact : smallestInteger(exact);
  }
  return toDouble(a) ** toDouble(b);
}

/** One numeric operand, null where it is null. */
function unary(compute: (value: Numeric, name: string) => Value, code = 28765): ParseExpression {
  return (argument, tools, name) => {
    const [operand] = tools.operands(argument, 1, 1) as [Expression];
    return (scope) => {
      const value = operand(scope);
      if (isNullish(value)) return null;
      if (!isNumeric(value)) throw new MongoError(code, `${name} only supports numeric types, not ${typeName(value)}`);
      return compute(value, name);
    };
  };
}

function absolute(value: Numeric): Value {
  if (value instanceof Int32) return smallestInteger(BigInt(Math.abs(value.value)));
  if (typeof value === 'number') return Math.abs(value);
  if (typeof value === 'bigint') {
    if (value === minInt64) throw new MongoError(28680, "can't take $abs of long long min");
    return value < 0n ? -value : value;
  }
  const parts = partsOf(value);
  return parts.kind === 'nan' ? value : fromParts({ ...parts, negative: false });
}

/** Rounds to a whole number, or to `place` digits behind the point (before it where negative). */
function roundTo(value: Numeric, place: number, mode: 'half-even' | 'down' | 'floor' | 'ceil'): Value {
  if (value instanceof Int32 || typeof value === 'bigint') {
    if (place >= 0) return value;
    const unit = 10n ** BigInt(-place);
    const whole = toBigInt(value) as bigint;
    const kept = mode === 'half-even' ? (whole < 0n ? -roundHalfEven(-whole, -place) : roundHalfEven(whole, -place)) : whole / unit;
    const result = kept * unit;
    return value instanceof Int32 ? smallestInteger(result) : result;
  }
  if (typeof value === 'number') return roundDouble(value, place, mode);
  const parts = partsOf(value);
  if (parts.kind !== 'finite' || parts.exponent >= -place) return value;
  const drop = -place - parts.exponent;
  let coefficient = mode === 'half-even' ? roundHalfEven(parts.coefficient, drop) : parts.coefficient / 10n ** BigInt(drop);
  const inexact = coefficient * 10n ** BigInt(drop) !== parts.coefficient;
  if (inexact && ((mode === 'floor' && parts.negative) || (mode === 'ceil' && !parts.negative))) coefficient += 1n;
  return fromParts({ kind: 'finite', negative: parts.negative, coefficient, exponent: -place });
}

function roundDouble(value: number, place: number, mode: string): number {
  if (!Number.isFinite(value)) return value;
  if (mode === 'floor') return Math.floor(value);
  if (mode === 'ceil') return Math.ceil(value);
  if (place === 0) {
    if (mode === 'down') return Math.trunc(value);
    const floor = Math.floor(value);
    const rest = value - floor;
    const even = rest > 0.5 || (rest === 0.5 && floor % 2 !== 0) ? floor + 1 : floor;
    return even === 0 && value < 0 ? -0 : even;
  }
  const rounded = roundTo(toDecimal(value), place, mode as 'half-even') as Decimal128;
  return decimalToNumber(rounded);
}

const rounding = (mode: 'half-even' | 'down'): ParseExpression => (argument, tools, name) => {
  const [operand, places] = tools.operands(argument, 1, 2) as [Expression, Expression | undefined];
  return (scope) => {
    const value = operand(scope);
    const place = places ? places(scope) : new Int32(0);
    if (isNullish(value) || isNullish(place)) return null;
    if (!isNumeric(value)) throw new MongoError(51081, `${name} only supports numeric types, not ${typeName(value)}`);
    const digits = isNumeric(place) ? wholeNumber(place) : undefined;
    if (digits === undefined) throw new MongoError(51082, `precision argument to ${name} must be a integral value`);
    if (digits < -20 || digits > 100) throw new MongoError(51083, `cannot apply ${name} with precision value ${digits} value must be in [-20, 100]`);
    return roundTo(value, digits, mode);
  };
};

/** A function of real numbers; of a decimal with all its digits where `exact` computes it, else as a double. */
const real = (compute: (value: number) => number, check?: (value: number, name: string) => void, exact?: (value: Decimal128) => Decimal128): ParseExpression =>
  unary((value, name) => {
    // A decimal too small for a double is not zero.
    const double = toDouble(value);
    const number = double === 0 ? Math.sign(compareNumbers(value, 0)) * Number.MIN_VALUE : double;
    check?.(number, name);
    if (exact && value instanceof Decimal128) return exact(value);
    const result = compute(double);
    return value instanceof Decimal128 ? toDecimal(result) : result;
  });

const positive = (code: number) => (value: number, name: string): void => {
  if (value <= 0) throw new MongoError(code, `${name}'s argument must be a positive number, but is ${value}`);
};

const within = (low: number, high: number) => (value: number, name: string): void => {
  if (!Number.isNaN(value) && (value < low || value > high)) throw new MongoError(50989, `cannot apply ${name} to ${value}, value must be in [${low},${high}]`);
};

export const expressions: ExpressionFamily = {
  $add: (argument, tools) => addAll(tools.operands(argument)),
  $subtract: subtractTwo,
  $multiply: (argument, tools) => multiplyAll(tools.operands(argument)),
  $divide: binary(divide, (a, b) => new MongoError('TypeMismatch', `$divide only supports numeric types, not ${typeName(a)} and ${typeName(b)}`)),
  $mod: binary(modulo, (a, b) => new MongoError(16611, `$mod only supports numeric types, not ${typeName(a)} and ${typeName(b)}`)),
  $pow: binary(power, (a, b) => (isNumeric(a) ? new MongoError(28763, `$pow's exponent must be numeric, not ${typeName(b)}`) : new MongoError(28762, `$pow's base must be numeric, not ${typeName(a)}`))),
  $abs: unary(absolute),
  $ceil: unary((value) => roundTo(value, 0, 'ceil')),
  $floor: unary((value) => roundTo(value, 0, 'floor')),
  $round: rounding('half-even'),
  $trunc: rounding('down'),
  $sqrt: real(Math.sqrt, (value) => {
    if (value < 0) throw new MongoError(28714, "$sqrt's argument must be greater than or equal to 0");
  }, sqrtDecimal),
  $exp: real(Math.exp, undefined, expDecimal),
  $ln: real(Math.log, positive(28766), lnDecimal),
  $log10: real(Math.log10, positive(28761), log10Decimal),
  $log: binary(logarithm, (a, b, name) => new MongoError(28756, `${name}'s argument must be numeric, not ${typeName(isNumeric(a) ? b : a)}`)),
  $sin: real(Math.sin), $cos: real(Math.cos), $tan: real(Math.tan),
  $asin: real(Math.asin, within(-1, 1)), $acos: real(Math.acos, within(-1, 1)), $atan: real(Math.atan),
  $sinh: real(Math.sinh), $cosh: real(Math.cosh), $tanh: real(Math.tanh),
  $asinh: real(Math.asinh), $acosh: real(Math.acosh, within(1, Infinity)), $atanh: real(Math.atanh, within(-1, 1)),
  $atan2: binary((a, b) => Math.atan2(toDouble(a), toDouble(b)), (a, b, name) => new MongoError(51044, `${name} only supports numeric types, not ${typeName(a)} and ${typeName(b)}`)),
  $degreesToRadians: real((value) => (value * Math.PI) / 180),
  $radiansToDegrees: real((value) => (value * 180) / Math.PI),
  $rand: () => () => Math.random(),
};
