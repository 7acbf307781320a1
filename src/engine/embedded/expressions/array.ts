import { compareValues } from '../bson/compare.ts';
import { int32 } from '../bson/decode.ts';
import { typeName, type Value } from '../bson/value.ts';
import { need32 } from '../array-arguments.ts';
import { MongoError } from '../errors.ts';
import type { Expression, ExpressionFamily, ParseExpression } from '../expression.ts';
import { gathering } from '../expression-memory.ts';
import { isNullish } from '../numeric.ts';

const arrayElemAt: ParseExpression = (argument, tools) => {
  const [list, position] = tools.operands(argument, 2, 2) as [Expression, Expression];
  return (scope) => {
    const [array, index] = [list(scope), position(scope)];
    if (isNullish(array) || isNullish(index)) return null;
    if (!Array.isArray(array)) throw new MongoError(28689, `$arrayElemAt's first argument must be an array, but is ${typeName(array)}`);
    return array.at(need32(index, 28690, 28691, "$arrayElemAt's second argument"));
  };
};

/** An operator on one array; null where it is null. */
const onArray = (code: number, compute: (array: Value[]) => Value | undefined): ParseExpression => (argument, tools, name) => {
  const [operand] = tools.operands(argument, 1, 1) as [Expression];
  return (scope) => {
    const array = operand(scope);
    if (isNullish(array)) return null;
    if (!Array.isArray(array)) throw new MongoError(code, `The argument to ${name} must be an array, but was of type: ${typeName(array)}`);
    return compute(array);
  };
};

const slice: ParseExpression = (argument, tools) => {
  const parts = tools.operands(argument, 2, 3);
  return (scope) => {
    const [array, first, second] = parts.map((part) => part(scope));
    if ([array, first].some(isNullish) || (parts.length === 3 && isNullish(second))) return null;
    if (!Array.isArray(array)) throw new MongoError(28724, `First argument to $slice must be an array, but is of type: ${typeName(array)}`);
    const start = need32(first, 28725, 28726, 'Second argument to $slice');
    if (parts.length === 2) return start >= 0 ? array.slice(0, start) : array.slice(start);
    const count = need32(second, 28727, 28728, 'Third argument to $slice');
    if (count <= 0) throw new MongoError(28729, `Third argument to $slice must be positive: ${count}`);
    const from = start < 0 ? Math.max(0, array.length + start) : start;
    return array.slice(from, from + count);
  };
};

/** As much as `$range` may make, about. */
const mostItems = 16 * 1024 * 1024;

const range: ParseExpression = (argument, tools) => {
  const parts = tools.operands(argument, 2, 3);
  return (scope) => {
    const [from = 0, to = 0, step = 1] = parts.map((part, index) => need32(part(scope), 34443 + index * 2, 34444 + index * 2, `$range's argument ${index + 1}`));
    if (step === 0) throw new MongoError(34449, '$range requires a non-zero step value');
    if ((to - from) / step > mostItems) throw new MongoError('ExceededMemoryLimit', '$range would use too much memory and cannot spill');
    const items: Value[] = [];
    for (let value = from; step > 0 ? value < to : value > to; value += step) items.push(int32(value));
    return items;
  };
};

function bound(value: ReturnType<Expression>): number {
  const number = need32(value, 9711600, 9711600, "$indexOfArray's index");
  if (number < 0) throw new MongoError(9711601, `$indexOfArray requires a nonnegative index, found: ${number}`);
  return number;
}

const indexOfArray: ParseExpression = (argument, tools) => {
  const [list, item, start, end] = tools.operands(argument, 2, 4) as [Expression, Expression, Expression?, Expression?];
  return (scope) => {
    const array = list(scope);
    if (isNullish(array)) return null;
    if (!Array.isArray(array)) throw new MongoError(40090, `$indexOfArray requires an array as a first argument, found: ${typeName(array)}`);
    const wanted = item(scope);
    const from = start ? bound(start(scope)) : 0;
    const to = end ? Math.min(array.length, bound(end(scope))) : array.length;
    for (let at = from; at < to; at++) if (compareValues(array[at], wanted, tools.context.collation) === 0) return int32(at);
    return int32(-1);
  };
};

export const expressions: ExpressionFamily = {
  $arrayElemAt: arrayElemAt,
  $first: onArray(28689, (array) => array[0]),
  $last: onArray(28689, (array) => array.at(-1)),
  $reverseArray: onArray(34435, (array) => array.toReversed()),
  $slice: slice,
  $range: range,
  $indexOfArray: indexOfArray,
  $size: (argument, tools) => {
    const [operand] = tools.operands(argument, 1, 1) as [Expression];
    return (scope) => {
      const value = operand(scope);
      if (!Array.isArray(value)) throw new MongoError(17124, `The argument to $size must be an array, but was of type: ${typeName(value)}`);
      return int32(value.length);
    };
  },
  $isArray: (argument, tools) => {
    const [operand] = tools.operands(argument, 1, 1) as [Expression];
    return (scope) => Array.isArray(operand(scope));
  },
  $in: (argument, tools) => {
    const [item, list] = tools.operands(argument, 2, 2) as [Expression, Expression];
    return (scope) => {
      const [wanted, array] = [item(scope), list(scope)];
      if (!Array.isArray(array)) throw new MongoError(40081, `$in requires an array as a second argument, found: ${typeName(array)}`);
      return array.some((one) => compareValues(one, wanted, tools.context.collation) === 0);
    };
  },
  $concatArrays: (argument, tools, name) => {
    const parts = tools.operands(argument);
    return (scope) => {
      const arrays: Value[][] = [];
      const counted = gathering(name);
      for (const part of parts) {
        const value = part(scope);
        if (isNullish(value)) return null;
        if (!Array.isArray(value)) throw new MongoError(28664, `${name} only supports arrays, not ${typeName(value)}`);
        arrays.push(counted(value));
      }
      return ([] as Value[]).concat(...arrays);
    };
  },
};
