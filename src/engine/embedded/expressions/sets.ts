import { compareValues, hashKey } from '../bson/compare.ts';
import { Doc, typeName, type Maybe, type Value } from '../bson/value.ts';
import { MongoError } from '../errors.ts';
import { evaluate, isConstantValue, type Expression, type ExpressionFamily, type ExpressionTools, type ParseExpression } from '../expression.ts';
import { isNullish } from '../numeric.ts';
import { isTrue } from '../truth.ts';

type Collation = ExpressionTools['context']['collation'];

const keysOf = (items: readonly Value[], collation: Collation): Map<string, Value> => {
  const keys = new Map<string, Value>();
  for (const item of items) {
    const key = hashKey(item, collation);
    if (!keys.has(key)) keys.set(key, item);
  }
  return keys;
};

const ordered = (items: Iterable<Value>, collation: Collation): Value[] => [...items].sort((a, b) => compareValues(a, b, collation));

function needArray(value: Maybe, code: number, name: string): Value[] {
  if (!Array.isArray(value)) throw new MongoError(code, `All operands of ${name} must be arrays. One argument is of type: ${typeName(value)}`);
  return value;
}

/** Null where an operand is null, those in front of it being arrays. */
const nullable = (codes: readonly number[], least: number, most: number, combine: (arrays: Value[][], collation: Collation) => Value): ParseExpression => (argument, tools, name) => {
  const parts = tools.operands(argument, least, most);
  return (scope) => {
    const values = parts.map((part) => part(scope));
    if (most === 2) {
      if (values.some(isNullish)) return null;
      return combine(values.map((value, index) => needArray(value, codes[index] ?? (codes[0] as number), name)), tools.context.collation);
    }
    const arrays: Value[][] = [];
    for (const value of values) {
      if (isNullish(value)) return null;
      arrays.push(needArray(value, codes[0] as number, name));
    }
    return combine(arrays, tools.context.collation);
  };
};

function intersection([first = [], ...others]: Value[][], collation: Collation): Value[] {
  const sets = others.map((other) => keysOf(other, collation));
  return ordered([...keysOf(first, collation)].filter(([key]) => sets.every((set) => set.has(key))).map(([, item]) => item), collation);
}

const setEquals: ParseExpression = (argument, tools, name) => {
  const parts = tools.operands(argument);
  for (const one of Array.isArray(argument) ? argument : []) {
    const value = isConstantValue(one) ? evaluate(tools.parse(one), new Doc(), tools.context) : [];
    if (!Array.isArray(value)) throw new MongoError(5887502, `All operands of ${name} must be arrays. One argument is of type: ${typeName(value)}`);
  }
  if (parts.length < 2) throw new MongoError(17045, `${name} needs at least two arguments had: ${parts.length}`);
  return (scope) => {
    let wanted: Map<string, Value> | undefined;
    let equal = true;
    for (const part of parts) {
      const keys = keysOf(needArray(part(scope), 17044, name), tools.context.collation);
      const others = wanted;
      if (others && (others.size !== keys.size || [...keys.keys()].some((key) => !others.has(key)))) equal = false;
      wanted ??= keys;
    }
    return equal;
  };
};

const setIsSubset: ParseExpression = (argument, tools, name) => {
  const [left, right] = tools.operands(argument, 2, 2) as [Expression, Expression];
  return (scope) => {
    const small = needArray(left(scope), 17046, name);
    const large = keysOf(needArray(right(scope), 17042, name), tools.context.collation);
    return [...keysOf(small, tools.context.collation).keys()].every((key) => large.has(key));
  };
};

const elements = (code: number, holds: (array: Value[]) => boolean): ParseExpression => (argument, tools, name) => {
  const [operand] = tools.operands(argument, 1, 1) as [Expression];
  return (scope) => {
    const value = operand(scope);
    if (!Array.isArray(value)) throw new MongoError(code, `${name}'s argument must be an array, but is ${typeName(value)}`);
    return holds(value);
  };
};

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/setUnion/ */
export const expressions: ExpressionFamily = {
  $setUnion: nullable([17043], 0, Infinity, (arrays, collation) => ordered(keysOf(arrays.flat(1), collation).values(), collation)),
  $setIntersection: nullable([17047], 0, Infinity, intersection),
  $setDifference: nullable([17048, 17049], 2, 2, ([first = [], second = []], collation) => {
    const without = keysOf(second, collation);
    return [...keysOf(first, collation)].filter(([key]) => !without.has(key)).map(([, item]) => item);
  }),
  $setEquals: setEquals,
  $setIsSubset: setIsSubset,
  $allElementsTrue: elements(17040, (array) => array.every(isTrue)),
  $anyElementTrue: elements(17041, (array) => array.some(isTrue)),
};
