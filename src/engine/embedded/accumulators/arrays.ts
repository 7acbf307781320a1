import { hashKey } from '../bson/compare.ts';
import { typeName, type Value } from '../bson/value.ts';
import { MongoError } from '../errors.ts';
import { simple, type Accumulation, type AccumulatorFamily, type ParseAccumulator } from '../accumulator.ts';

function push(): Accumulation {
  const items: Value[] = [];
  return {
    add: (value) => {
      if (value !== undefined) items.push(value);
    },
    result: () => items,
  };
}

const set = (spread: boolean): ParseAccumulator => simple((context, name) => {
  const items = new Map<string, Value>();
  const add = (value: Value): void => {
    const key = hashKey(value, context.collation);
    if (!items.has(key)) items.set(key, value);
  };
  return {
    add: (value) => {
      if (value === undefined) return;
      if (spread) arrayOf(value, name).forEach(add);
      else add(value);
    },
    result: () => [...items.values()],
  };
});

function arrayOf(value: Value, name: string): Value[] {
  if (!Array.isArray(value)) throw new MongoError('TypeMismatch', `${name} requires array inputs, but input is of type: ${typeName(value)}`);
  return value;
}

function concatArrays(): Accumulation {
  const items: Value[] = [];
  return {
    add: (value) => {
      if (value !== undefined) for (const item of arrayOf(value, '$concatArrays')) items.push(item);
    },
    result: () => items,
  };
}

export const accumulators: AccumulatorFamily = {
  $push: simple(push), $addToSet: set(false), $setUnion: set(true), $concatArrays: simple(concatArrays),
};
