import { compareValues, hashKey } from '../bson/compare.ts';
import { int32 } from '../bson/decode.ts';
import { divideDecimals } from '../bson/decimal.ts';
import { add, toDecimal, toDouble } from '../bson/number.ts';
import { Decimal128, Doc, isNumeric, typeName, type Maybe, type Numeric, type Value } from '../bson/value.ts';
import { MongoError } from '../errors.ts';
import { simple, type Accumulation, type AccumulatorFamily } from '../accumulator.ts';
import { isNullish } from '../numeric.ts';

function sum(): Accumulation {
  let total: Numeric = int32(0);
  return {
    add: (value) => {
      if (isNumeric(value)) total = add(total, value) ?? toDouble(total) + toDouble(value);
    },
    result: () => total,
  };
}

function average(): Accumulation {
  let total: Numeric = int32(0);
  let count = 0;
  return {
    add: (value) => {
      if (!isNumeric(value)) return;
      total = add(total, value) ?? toDouble(total) + toDouble(value);
      count++;
    },
    result: () => (count === 0 ? null : total instanceof Decimal128 ? divideDecimals(total, toDecimal(int32(count))) : toDouble(total) / count),
  };
}

const extreme = (sign: 1 | -1) => (): Accumulation => {
  let best: Value | undefined;
  return {
    add: (value) => {
      if (!isNullish(value) && (best === undefined || compareValues(value, best) * sign > 0)) best = value;
    },
    result: () => best ?? null,
  };
};

function first(): Accumulation {
  let kept: { value: Maybe } | undefined;
  return {
    add: (value) => {
      kept ??= { value };
    },
    result: () => kept?.value ?? null,
  };
}

function last(): Accumulation {
  let kept: Maybe;
  return {
    add: (value) => {
      kept = value;
    },
    result: () => kept ?? null,
  };
}

function push(): Accumulation {
  const items: Value[] = [];
  return {
    add: (value) => {
      if (value !== undefined) items.push(value);
    },
    result: () => items,
  };
}

function addToSet(): Accumulation {
  const items = new Map<string, Value>();
  return {
    add: (value) => {
      if (value === undefined) return;
      const key = hashKey(value);
      if (!items.has(key)) items.set(key, value);
    },
    result: () => [...items.values()],
  };
}

function mergeObjects(): Accumulation {
  const merged = new Doc();
  return {
    add: (value) => {
      if (isNullish(value)) return;
      if (!(value instanceof Doc)) throw new MongoError(40400, `$mergeObjects requires object inputs, but input ${typeName(value)} is of type ${typeName(value)}`);
      for (const [name, item] of value) merged.set(name, item);
    },
    result: () => merged,
  };
}

const deviation = (sample: boolean) => (): Accumulation => {
  let [count, mean, squares] = [0, 0, 0];
  return {
    add: (value) => {
      if (!isNumeric(value)) return;
      const number = toDouble(value);
      count++;
      const delta = number - mean;
      mean += delta / count;
      squares += delta * (number - mean);
    },
    result: () => {
      const by = sample ? count - 1 : count;
      return by <= 0 ? null : Math.sqrt(squares / by);
    },
  };
};

export const accumulators: AccumulatorFamily = {
  $sum: simple(sum),
  $avg: simple(average),
  $min: simple(extreme(-1)),
  $max: simple(extreme(1)),
  $first: simple(first),
  $last: simple(last),
  $push: simple(push),
  $addToSet: simple(addToSet),
  $mergeObjects: simple(mergeObjects),
  $stdDevPop: simple(deviation(false)),
  $stdDevSamp: simple(deviation(true)),
  $count: (argument) => {
    if (!(argument instanceof Doc) || argument.size > 0) throw new MongoError('TypeMismatch', '$count takes no arguments, i.e. $count:{}');
    return { expression: () => int32(1), begin: sum };
  },
};
