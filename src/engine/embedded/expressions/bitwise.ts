import { Int32, typeName, type Value } from '../bson/value.ts';
import { toBigInt } from '../bson/number.ts';
import { MongoError } from '../errors.ts';
import type { Expression, ExpressionFamily, ParseExpression } from '../expression.ts';
import { isNullish } from '../numeric.ts';

function needInteger(value: Value, name: string): Int32 | bigint {
  if (value instanceof Int32 || typeof value === 'bigint') return value;
  throw new MongoError('TypeMismatch', `${name} only supports int and long operands, not ${typeName(value)}`);
}

const combined = (start: number, combine: (a: bigint, b: bigint) => bigint): ParseExpression => (argument, tools, name) => {
  const parts = tools.operands(argument);
  return (scope) => {
    let [result, isLong] = [BigInt(start), false];
    for (const part of parts) {
      const value = part(scope);
      if (isNullish(value)) return null;
      const integer = needInteger(value, name);
      isLong ||= typeof integer === 'bigint';
      result = combine(result, toBigInt(integer) as bigint);
    }
    return isLong ? result : new Int32(Number(result));
  };
};

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/bitAnd/ */
export const expressions: ExpressionFamily = {
  $bitAnd: combined(-1, (a, b) => a & b),
  $bitOr: combined(0, (a, b) => a | b),
  $bitXor: combined(0, (a, b) => a ^ b),
  $bitNot: (argument, tools, name) => {
    const [operand] = tools.operands(argument, 1, 1) as [Expression];
    return (scope) => {
      const value = operand(scope);
      if (isNullish(value)) return null;
      const integer = needInteger(value, name);
      return integer instanceof Int32 ? new Int32(~integer.value) : ~integer;
    };
  },
};
