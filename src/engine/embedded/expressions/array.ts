import { compareValues, hashKey } from '../bson/compare.ts';
import { int32 } from '../bson/decode.ts';
import { wholeNumber } from '../bson/number.ts';
import { Doc, isNumeric, typeName, type Maybe, type Value } from '../bson/value.ts';
import { MongoError } from '../errors.ts';
import { bind, checkVariableName, type Expression, type ExpressionFamily, type ParseExpression } from '../expression.ts';
import { isNullish } from '../numeric.ts';
import { isTrue } from '../truth.ts';

const integer = (value: Maybe, wrong: () => MongoError): number => {
  const number = isNumeric(value) ? wholeNumber(value) : undefined;
  if (number === undefined) throw wrong();
  return number;
};

const arrayElemAt: ParseExpression = (argument, tools) => {
  const [list, position] = tools.operands(argument, 2, 2) as [Expression, Expression];
  return (scope) => {
    const [array, index] = [list(scope), position(scope)];
    if (isNullish(array) || isNullish(index)) return null;
    if (!Array.isArray(array)) throw new MongoError(28689, `$arrayElemAt's first argument must be an array, but is ${typeName(array)}`);
    const at = integer(index, () => new MongoError(28690, `$arrayElemAt's second argument must be a numeric value, but is ${typeName(index)}`));
    return array.at(at);
  };
};

/** `$first`, `$last`: one end of an array. */
const end = (at: 0 | -1): ParseExpression => (argument, tools, name) => {
  const [operand] = tools.operands(argument, 1, 1) as [Expression];
  return (scope) => {
    const array = operand(scope);
    if (isNullish(array)) return null;
    if (!Array.isArray(array)) throw new MongoError(28689, `${name}'s argument must be an array, but is ${typeName(array)}`);
    return array.at(at);
  };
};

const filter: ParseExpression = (argument, tools) => {
  const named = tools.named(argument, ['input', 'cond'], ['as', 'limit']);
  const as = variableName(named.get('as') ?? 'this');
  const input = tools.parse(named.get('input') as Value);
  const test = tools.parse(named.get('cond') as Value, [as]);
  const limit = named.has('limit') ? tools.parse(named.get('limit') as Value) : undefined;
  return (scope) => {
    const array = input(scope);
    if (isNullish(array)) return null;
    if (!Array.isArray(array)) throw new MongoError(28651, `input to $filter must be an array not ${typeName(array)}`);
    const most = limit === undefined ? Infinity : integer(limit(scope), () => new MongoError(327391, '$filter: limit must be represented as a 32-bit integral value'));
    const kept: Value[] = [];
    for (const item of array) {
      if (kept.length >= most) break;
      if (isTrue(test(bind(scope, [[as, item]])))) kept.push(item);
    }
    return kept;
  };
};

const map: ParseExpression = (argument, tools) => {
  const named = tools.named(argument, ['input', 'in'], ['as']);
  const as = variableName(named.get('as') ?? 'this');
  const input = tools.parse(named.get('input') as Value);
  const body = tools.parse(named.get('in') as Value, [as]);
  return (scope) => {
    const array = input(scope);
    if (isNullish(array)) return null;
    if (!Array.isArray(array)) throw new MongoError(16883, `input to $map must be an array not ${typeName(array)}`);
    return array.map((item) => body(bind(scope, [[as, item]])) ?? null);
  };
};

const reduce: ParseExpression = (argument, tools) => {
  const named = tools.named(argument, ['input', 'initialValue', 'in']);
  const [input, initial] = [tools.parse(named.get('input') as Value), tools.parse(named.get('initialValue') as Value)];
  const body = tools.parse(named.get('in') as Value, ['this', 'value']);
  return (scope) => {
    const array = input(scope);
    if (isNullish(array)) return null;
    if (!Array.isArray(array)) throw new MongoError(40080, `$reduce requires that 'input' be an array, found: ${typeName(array)}`);
    return array.reduce<Maybe>((value, item) => body(bind(scope, [['this', item], ['value', value]])), initial(scope));
  };
};

function variableName(value: Value): string {
  if (typeof value !== 'string') throw new MongoError('FailedToParse', 'a variable name must be a string');
  checkVariableName(value);
  return value;
}

const slice: ParseExpression = (argument, tools) => {
  const parts = tools.operands(argument, 2, 3);
  return (scope) => {
    const [array, first, second] = parts.map((part) => part(scope));
    if ([array, first].some(isNullish) || (parts.length === 3 && isNullish(second))) return null;
    if (!Array.isArray(array)) throw new MongoError(28724, `First argument to $slice must be an array, but is of type: ${typeName(array)}`);
    const start = integer(first, () => new MongoError(28725, `Second argument to $slice must be numeric, but is of type: ${typeName(first)}`));
    if (parts.length === 2) return start >= 0 ? array.slice(0, start) : array.slice(start);
    const count = integer(second, () => new MongoError(28727, `Third argument to $slice must be numeric, but is of type: ${typeName(second)}`));
    if (count <= 0) throw new MongoError(28729, `Third argument to $slice must be positive: ${count}`);
    const from = start < 0 ? Math.max(0, array.length + start) : start;
    return array.slice(from, from + count);
  };
};

/** Operators on arrays that are sets. */
const sets = (combine: (arrays: Value[][]) => Value): ParseExpression => (argument, tools, name) => {
  const parts = tools.operands(argument);
  return (scope) => {
    const values = parts.map((part) => part(scope));
    if (values.some(isNullish)) return null;
    for (const value of values) if (!Array.isArray(value)) throw new MongoError(17043, `All operands of ${name} must be arrays. One argument is of type: ${typeName(value)}`);
    return combine(values as Value[][]);
  };
};

const unique = (items: Value[]): Value[] => [...new Map(items.map((item) => [hashKey(item), item])).values()].sort(compareValues);
const keys = (items: Value[]): Set<string> => new Set(items.map((item) => hashKey(item)));

const range: ParseExpression = (argument, tools) => {
  const parts = tools.operands(argument, 2, 3);
  return (scope) => {
    const [from, to, step = 1] = parts.map((part, index) => integer(part(scope), () => new MongoError(34443 + index * 2, `$range requires a numeric value`))) as [number, number, number?];
    if (step === 0) throw new MongoError(34449, '$range requires a non-zero step value');
    const items: Value[] = [];
    for (let value = from; step > 0 ? value < to : value > to; value += step) items.push(int32(value));
    return items;
  };
};

export const expressions: ExpressionFamily = {
  $arrayElemAt: arrayElemAt,
  $first: end(0),
  $last: end(-1),
  $filter: filter,
  $map: map,
  $reduce: reduce,
  $slice: slice,
  $range: range,
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
  $indexOfArray: (argument, tools) => {
    const [list, item] = tools.operands(argument, 2, 4) as [Expression, Expression];
    return (scope) => {
      const [array, wanted] = [list(scope), item(scope)];
      if (isNullish(array)) return null;
      if (!Array.isArray(array)) throw new MongoError(40090, `$indexOfArray requires an array as a first argument, found: ${typeName(array)}`);
      return int32(array.findIndex((one) => compareValues(one, wanted) === 0));
    };
  },
  $concatArrays: (argument, tools, name) => {
    const parts = tools.operands(argument);
    return (scope) => {
      const values = parts.map((part) => part(scope));
      if (values.some(isNullish)) return null;
      for (const value of values) if (!Array.isArray(value)) throw new MongoError(28664, `${name} only supports arrays, not ${typeName(value)}`);
      return (values as Value[][]).flat(1);
    };
  },
  $reverseArray: (argument, tools) => {
    const [operand] = tools.operands(argument, 1, 1) as [Expression];
    return (scope) => {
      const value = operand(scope);
      if (isNullish(value)) return null;
      if (!Array.isArray(value)) throw new MongoError(34435, `The argument to $reverseArray must be an array, but was of type: ${typeName(value)}`);
      return value.toReversed();
    };
  },
  $objectToArray: (argument, tools) => {
    const [operand] = tools.operands(argument, 1, 1) as [Expression];
    return (scope) => {
      const value = operand(scope);
      if (isNullish(value)) return null;
      if (!(value instanceof Doc)) throw new MongoError(40390, `$objectToArray requires a document input, found: ${typeName(value)}`);
      return [...value].map(([k, v]) => Doc.of({ k, v }));
    };
  },
  $arrayToObject: (argument, tools) => {
    const [operand] = tools.operands(argument, 1, 1) as [Expression];
    return (scope) => {
      const value = operand(scope);
      if (isNullish(value)) return null;
      if (!Array.isArray(value)) throw new MongoError(40386, `$arrayToObject requires an array input, found: ${typeName(value)}`);
      return Doc.of(value.map((item): [string, Maybe] => {
        const [key, val] = item instanceof Doc ? [item.get('k'), item.get('v')] : Array.isArray(item) ? item : [];
        if (typeof key !== 'string') throw new MongoError(40394, `$arrayToObject requires an array of key-value pairs, where the key must be of type string. Found key type: ${typeName(key)}`);
        return [key, val];
      }));
    };
  },
  $mergeObjects: (argument, tools) => {
    const parts = tools.operands(argument);
    return (scope) => {
      const merged = new Doc();
      for (const part of parts) {
        const value = part(scope);
        if (isNullish(value)) continue;
        if (!(value instanceof Doc)) throw new MongoError(40400, `$mergeObjects requires object inputs, but input ${typeName(value)} is of type ${typeName(value)}`);
        for (const [name, item] of value) merged.set(name, item);
      }
      return merged;
    };
  },
  $getField: (argument, tools) => {
    const [field, input] = argument instanceof Doc && argument.has('field') ? [argument.get('field') as Value, argument.get('input') ?? '$$CURRENT'] : [argument, '$$CURRENT'];
    const [name, source] = [tools.parse(field), tools.parse(input)];
    return (scope) => {
      const [key, value] = [name(scope), source(scope)];
      if (typeof key !== 'string') throw new MongoError(3041704, `$getField requires 'field' to evaluate to type String, but got ${typeName(key)}`);
      return value instanceof Doc ? value.get(key) : isNullish(value) ? null : undefined;
    };
  },
  $setUnion: sets((arrays) => unique(arrays.flat(1))),
  $setIntersection: sets(([first = [], ...others]) => unique(first.filter((item) => others.every((other) => keys(other).has(hashKey(item)))))),
  $setDifference: sets(([first = [], second = []]) => unique(first.filter((item) => !keys(second).has(hashKey(item))))),
  $setEquals: sets((arrays) => arrays.every((array) => [...keys(array)].sort().join() === [...keys(arrays[0] as Value[])].sort().join())),
  $setIsSubset: sets(([first = [], second = []]) => first.every((item) => keys(second).has(hashKey(item)))),
};
