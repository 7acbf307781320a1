import { hashKey } from '../bson/compare.ts';
import { typeName, type Value } from '../bson/value.ts';
import { weightOf } from '../bson/weight.ts';
import { MongoError } from '../errors.ts';
import { simple, type Accumulation, type AccumulatorFamily, type ParseAccumulator } from '../accumulator.ts';

/** What one group may gather: https://www.mongodb.com/docs/manual/core/aggregation-pipeline-limits/ */
const mostBytes = 100 * 1024 * 1024;

/** @returns a function that counts a value in. @throws MongoError ExceededMemoryLimit */
function limited(name: string): (value: Value) => void {
  let bytes = 0;
  return (value) => {
    bytes += weightOf(value);
    if (bytes > mostBytes) throw new MongoError('ExceededMemoryLimit', `${name} used too much memory and spilling to disk cannot reduce memory consumption any further. Memory limit: ${mostBytes} bytes`);
  };
}

function push(): Accumulation {
  const items: Value[] = [];
  const count = limited('$push');
  return {
    add: (value) => {
      if (value === undefined) return;
      count(value);
      items.push(value);
    },
    result: () => items,
  };
}

const set = (spread: boolean): ParseAccumulator => simple((context, name) => {
  const items = new Map<string, Value>();
  const count = limited(name);
  const add = (value: Value): void => {
    const key = hashKey(value, context.collation);
    if (items.has(key)) return;
    count(value);
    items.set(key, value);
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
  const count = limited('$concatArrays');
  return {
    add: (value) => {
      if (value === undefined) return;
      for (const item of arrayOf(value, '$concatArrays')) {
        count(item);
        items.push(item);
      }
    },
    result: () => items,
  };
}

export const accumulators: AccumulatorFamily = {
  $push: simple(push), $addToSet: set(false), $setUnion: set(true), $concatArrays: simple(concatArrays),
};
