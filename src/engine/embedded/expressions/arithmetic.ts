import { compareNumbers } from '../bson/compare.ts';
import { expDecimal, lnDecimal, log10Decimal, powDecimal, sqrtDecimal } from '../bson/decimal-math.ts';
import { decimalToBigInt, divideDecimals, fromParts, partsOf, quantized, remainderDecimals } from '../bson/decimal.ts';
import { int32 } from '../bson/decode.ts';
import { add, isNaNValue, maxInt64, minInt64, multiply, smallestInteger, subtract, toBigInt, toDecimal, toDouble } from '../bson/number.ts';
import { Decimal128, Doc, Int32, isNumeric, typeName, UtcDate, type Numeric, type Value } from '../bson/value.ts';
import { MongoError } from '../errors.ts';
import { isNullish, numberText } from '../numeric.ts';
import type { Expression, ExpressionFamily, ParseExpression } from '../expression.ts';
import type { QueryContext } from '../variables.ts';

/** Dates take part in $add and $subtract, as milliseconds. */
function addAll(expressions: Expression[]): Expression {
  return (scope) => {
    let sum: Numeric = new Int32(0);
    let date: UtcDate | undefined;
    for (const expression of expressions) {
      const value = expression(scope);
      if (isNullish(value)) return null;
      if (value instanceof UtcDate) {
        if (date) throw new MongoError(16612, 'only one date allowed in an $add expression');
        date = value;
      } else if (isNumeric(value)) {
        sum = add(sum, value) ?? toDouble(sum) + toDouble(value);
      } else {
        throw new MongoError('TypeMismatch', `$add only supports numeric or date types, not ${typeName(value)}`);
      }
    }
    return date ? moved(date, wholeMs(sum), '$add') : sum;
  };
}

function moved(date: UtcDate, by: bigint, name: string): UtcDate {
  const ms = date.ms + by;
  if (ms > maxInt64 || ms < minInt64) throw new MongoError('Overflow', `date overflow in ${name}`);
  return new UtcDate(ms);
}

/** A number as whole milliseconds: a double's half goes away from zero, a decimal's to the even neighbour. */
function wholeMs(value: Numeric): bigint {
  const whole = typeof value === 'number' ? Math.sign(value) * Math.round(Math.abs(value)) : value;
  const ms = whole instanceof Decimal128 ? decimalToBigInt(quantized(whole, 0, 'half-even') ?? whole) : toBigInt(whole);
  if (ms === undefined || ms > maxInt64 || ms < minInt64) throw new MongoError('Overflow', `Can't coerce out of range value ${numberText(value)} to long`);
  return ms;
}

const subtractTwo: ParseExpression = (argument, tools) => {
  const [left, right] = tools.operands(argument, 2, 2) as [Expression, Expression];
  return (scope) => {
    const [a, b] = [left(scope), right(scope)];
    if (isNullish(a) || isNullish(b)) return null;
    if (a instanceof UtcDate && b instanceof UtcDate) return a.ms - b.ms;
    if (a instanceof UtcDate && isNumeric(b)) return moved(a, -wholeMs(b), '$subtract');
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
function binary(compute: (a: Numeric, b: Numeric, context: QueryContext) => Value, wrong: (a: Value, b: Value, name: string) => MongoError): ParseExpression {
  return (argument, tools, name) => {
    const [left, right] = tools.operands(argument, 2, 2) as [Expression, Expression];
    return (scope) => {
      const [a, b] = [left(scope), right(scope)];
      if (isNullish(a) || isNullish(b)) return null;
      if (!isNumeric(a) || !isNumeric(b)) throw wrong(a, b, name);
      return compute(a, b, tools.context);
    };
  };
}

function divide(a: Numeric, b: Numeric, { slotBased }: QueryContext): Value {
  if (toDouble(b) === 0) throw new MongoError(slotBased ? 4848401 : 'BadValue', "can't $divide by zero");
  return a instanceof Decimal128 || b instanceof Decimal128 ? divideDecimals(toDecimal(a), toDecimal(b)) : toDouble(a) / toDouble(b);
}

function modulo(a: Numeric, b: Numeric, { slotBased }: QueryContext): Value {
  const isZero = b instanceof Decimal128 ? compareNumbers(b, 0) === 0 : toDouble(b) === 0;
  if (isZero) throw new MongoError(slotBased ? 4848403 : a instanceof Decimal128 || b instanceof Decimal128 ? 5733415 : 16610, "can't $mod by zero");
  if (a instanceof Decimal128 || b instanceof Decimal128) return remainderDecimals(toDecimal(a), toDecimal(b));
  if (typeof a === 'number' || typeof b === 'number') return toDouble(a) % toDouble(b);
  const result = (toBigInt(a) as bigint) % (toBigInt(b) as bigint);
  return typeof a === 'bigint' || typeof b === 'bigint' ? result : smallestInteger(result);
}

function logarithm(a: Numeric, b: Numeric): Value {
  if (compareNumbers(a, 0) <= 0 && !isNaNValue(a)) throw new MongoError(28758, `$log's argument must be a positive number, but is ${numberText(a)}`);
  if (!isNaNValue(b) && (compareNumbers(b, 0) <= 0 || compareNumbers(b, 1) === 0)) throw new MongoError(28759, `$log's base must be a positive number not equal to 1, but is ${numberText(b)}`);
  if (isNaNValue(a) || isNaNValue(b)) return Number.NaN;
  if (a instanceof Decimal128 || b instanceof Decimal128) return divideDecimals(lnDecimal(toDecimal(a)), lnDecimal(toDecimal(b)));
  return Math.log(toDouble(a)) / Math.log(toDouble(b));
}

function power(a: Numeric, b: Numeric): Value {
  if (toDouble(a) === 0 && toDouble(b) < 0) throw new MongoError(28764, "$pow cannot take a base of 0 and a negative exponent");
  if (a instanceof Decimal128 || b instanceof Decimal128) return powDecimal(toDecimal(a), toDecimal(b));
  if (typeof a !== 'number' && typeof b !== 'number') {
    const exact = wholePower(toBigInt(a) as bigint, toBigInt(b) as bigint);
    if (exact !== undefined && exact >= minInt64 && exact <= maxInt64) return typeof a === 'bigint' || typeof b === 'bigint' ? exact : smallestInteger(exact);
  }
  return realPower(toDouble(a), toDouble(b));
}

/** Undefined where the result is not whole, or surely too large. */
function wholePower(base: bigint, power: bigint): bigint | undefined {
  if (base === 1n || base === -1n) return base === 1n || power % 2n === 0n ? 1n : -1n;
  if (power < 0n) return undefined;
  if (base === 0n) return power === 0n ? 1n : 0n;
  return power < 64n ? base ** power : undefined;
}

/** As C's pow: one to any power is one, and so is minus one to an infinite one. */
function realPower(base: number, power: number): number {
  return base === 1 || (base === -1 && Math.abs(power) === Infinity) ? 1 : base ** power;
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

/** A function of real numbers; of a decimal with all its digits where `exact` computes it, else as a double. */
const real = (compute: (value: number) => number, check?: (value: number, name: string) => void, exact?: (value: Decimal128) => Decimal128 | number): ParseExpression =>
  unary((value, name) => {
    // A decimal too small for a double is not zero.
    const double = toDouble(value);
    const number = double === 0 ? Math.sign(compareNumbers(value, 0)) * Number.MIN_VALUE : double;
    check?.(number, name);
    if (exact && value instanceof Decimal128) return exact(value);
    const result = compute(double);
    return value instanceof Decimal128 ? toDecimal(result) : result;
  });

/** 1 / (1 + e^-x), as the server writes it out. */
const sigmoid = (x: Value): Doc => Doc.of({
  $divide: [int32(1), Doc.of({ $add: [int32(1), Doc.of({ $exp: Doc.of({ $multiply: [int32(-1), x] }) })] })],
});

/** The logarithms of no number are a double, even of a decimal. */
const ofNumber = (exact: (value: Decimal128) => Decimal128) => (value: Decimal128): Decimal128 | number => (isNaNValue(value) ? Number.NaN : exact(value));

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
  $sqrt: real(Math.sqrt, (value) => {
    if (value < 0) throw new MongoError(28714, "$sqrt's argument must be greater than or equal to 0");
  }, sqrtDecimal),
  $exp: real(Math.exp, undefined, expDecimal),
  $ln: real(Math.log, positive(28766), ofNumber(lnDecimal)),
  $log10: real(Math.log10, positive(28761), ofNumber(log10Decimal)),
  $log: binary(logarithm, (a, b, name) => (isNumeric(a) ? new MongoError(28757, `${name}'s base must be numeric, not ${typeName(b)}`) : new MongoError(28756, `${name}'s argument must be numeric, not ${typeName(a)}`))),
  $sin: real(Math.sin), $cos: real(Math.cos), $tan: real(Math.tan),
  $asin: real(Math.asin, within(-1, 1)), $acos: real(Math.acos, within(-1, 1)), $atan: real(Math.atan),
  $sinh: real(Math.sinh), $cosh: real(Math.cosh), $tanh: real(Math.tanh),
  $asinh: real(Math.asinh), $acosh: real(Math.acosh, within(1, Infinity)), $atanh: real(Math.atanh, within(-1, 1)),
  $atan2: binary((a, b) => Math.atan2(toDouble(a), toDouble(b)), (a, b, name) => new MongoError(51044, `${name} only supports numeric types, not ${typeName(a)} and ${typeName(b)}`)),
  $sigmoid: (argument, tools) => tools.parse(sigmoid(argument)),
  $degreesToRadians: real((value) => (value * Math.PI) / 180),
  $radiansToDegrees: real((value) => (value * 180) / Math.PI),
  $rand: (argument) => {
    if (!Array.isArray(argument) && !(argument instanceof Doc)) throw new MongoError(10065, 'invalid parameter: expected an object ($rand)');
    if ((Array.isArray(argument) ? argument.length : argument.size) > 0) throw new MongoError(3040501, '$rand does not currently accept arguments');
    return () => Math.random();
  },
};
