import { compareValues, valuesEqual } from '../../bson/compare.ts';
import { add, multiply, toDecimal } from '../../bson/number.ts';
import { int32 } from '../../bson/decode.ts';
import { showValue } from '../../bson/show.ts';
import { Decimal128, Doc, Int32, isNumeric, Timestamp, typeName, type Numeric, type Value } from '../../bson/value.ts';
import { MongoError } from '../../errors.ts';
import { removed, type Modifier, type ModifierFamily, type ParseModifier } from '../modifier.ts';

const setting = (operator: string): ParseModifier => (argument) => ({
  operator, creates: true,
  apply: (current, { isInsert }) => (operator === '$setOnInsert' && !isInsert ? current : argument),
});

const zeroLike = (value: Numeric): Numeric => (value instanceof Decimal128 ? toDecimal(int32(0)) : typeof value === 'number' ? 0 : typeof value === 'bigint' ? 0n : int32(0));

/** `$inc` and `$mul`. */
const arithmetic = (operator: '$inc' | '$mul', compute: (a: Numeric, b: Numeric) => Numeric | undefined): ParseModifier => (argument, { path }) => {
  const verb = operator === '$inc' ? 'increment' : 'multiply';
  if (!isNumeric(argument)) throw new MongoError('TypeMismatch', `Cannot ${verb} with non-numeric argument: {${path}: ${showValue(argument)}}`);
  return {
    operator, creates: true,
    apply(current, { id, field }) {
      if (current === undefined) return operator === '$inc' ? argument : zeroLike(argument);
      if (!isNumeric(current)) {
        throw new MongoError('TypeMismatch', `Cannot apply ${operator} to a value of non-numeric type. {_id: ${showValue(id)}} has the field '${field}' of non-numeric type ${typeName(current)}`);
      }
      const result = compute(current, argument);
      if (result === undefined) {
        throw new MongoError('BadValue', `Failed to apply ${operator} operations to current value ((${current instanceof Int32 ? 'NumberInt' : 'NumberLong'})${showValue(current)}) for document {_id: ${showValue(id)}}`);
      }
      // Adding nothing to minus zero leaves it.
      return result.constructor === current.constructor && valuesEqual(result, current) ? current : result;
    },
  };
};

const extreme = (operator: '$min' | '$max', sign: 1 | -1): ParseModifier => (argument, { context }) => ({
  operator, creates: true,
  apply: (current) => (current === undefined || compareValues(argument, current, context.collation) * sign > 0 ? argument : current),
});

const currentDate: ParseModifier = (argument): Modifier => {
  const bad = (text: string): MongoError => new MongoError('BadValue', text);
  let kind: Value = 'date';
  if (argument instanceof Doc) {
    kind = argument.get('$type') ?? null;
    const unknown = [...argument.keys()].find((name) => name !== '$type');
    if (unknown !== undefined) throw bad(`Unrecognized $currentDate option: ${unknown}`);
    if (kind !== 'date' && kind !== 'timestamp') throw bad("The '$type' string field is required to be 'date' or 'timestamp': {$currentDate: {field : {$type: 'date'}}}");
  } else if (typeof argument !== 'boolean') {
    throw bad(`${typeName(argument)} is not valid type for $currentDate. Please use a boolean ('true') or a $type expression ({$type: 'timestamp/date'}).`);
  }
  return {
    operator: '$currentDate', creates: true,
    apply: (_, { now }) => (kind === 'timestamp' ? new Timestamp(Number(now.ms / 1000n), 1) : now),
  };
};

const bit: ParseModifier = (argument) => {
  if (!(argument instanceof Doc)) throw new MongoError('BadValue', `The $bit modifier is not compatible with a ${typeName(argument)}. You must pass in an embedded document: {$bit: {field: {and/or/xor: #}}`);
  if (argument.size === 0) throw new MongoError('BadValue', `You must pass in at least one bitwise operation. The format is: {$bit: {field: {and/or/xor: #}}`);
  const steps = [...argument].map(([name, value]) => {
    const compute = bitwise[name];
    if (!compute) throw new MongoError('BadValue', `The $bit modifier only supports 'and', 'or', and 'xor', not '${name}' which is an unknown operator: {${name}: ${showValue(value)}}`);
    if (!(value instanceof Int32) && typeof value !== 'bigint') throw new MongoError('BadValue', `The $bit modifier field must be an Integer(32/64 bit); a '${typeName(value)}' is not supported here: {${name}: ${showValue(value)}}`);
    return { compute, value };
  });
  return {
    operator: '$bit', creates: true,
    apply(current, { field }) {
      const start = current === undefined ? int32(0) : current;
      if (!(start instanceof Int32) && typeof start !== 'bigint') throw new MongoError('BadValue', `Cannot apply $bit to a value of non-integral type.${field} has the field ${field} of non-integer type ${typeName(start)}`);
      return steps.reduce<Int32 | bigint>((value, step) => {
        const result = step.compute(big(value), big(step.value));
        return typeof value === 'bigint' || typeof step.value === 'bigint' ? result : int32(Number(BigInt.asIntN(32, result)));
      }, start);
    },
  };
};

const big = (value: Int32 | bigint): bigint => (typeof value === 'bigint' ? value : BigInt(value.value));
const bitwise: Record<string, (a: bigint, b: bigint) => bigint> = { and: (a, b) => a & b, or: (a, b) => a | b, xor: (a, b) => a ^ b };

export const operators: ModifierFamily = {
  $set: setting('$set'),
  $setOnInsert: setting('$setOnInsert'),
  $unset: () => ({ operator: '$unset', creates: false, apply: (current) => (current === undefined ? undefined : removed) }),
  $inc: arithmetic('$inc', add),
  $mul: arithmetic('$mul', multiply),
  $min: extreme('$min', -1),
  $max: extreme('$max', 1),
  $currentDate: currentDate,
  $bit: bit,
};
