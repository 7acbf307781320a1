import { compareValues } from '../bson/compare.ts';
import { int32 } from '../bson/decode.ts';
import { smallestInteger } from '../bson/number.ts';
import { Doc, isNumeric, typeName, type Maybe, type Value } from '../bson/value.ts';
import type { Collation } from '../bson/collation.ts';
import { MongoError } from '../errors.ts';
import { simple, type Accumulation, type AccumulatorFamily, type ParseAccumulator } from '../accumulator.ts';
import { deviations } from '../deviations.ts';
import { isNullish } from '../numeric.ts';
import { Summation } from '../summation.ts';

function sum(): Accumulation {
  const total = new Summation();
  return {
    add: (value) => {
      if (isNumeric(value)) total.add(value);
    },
    result: () => total.result(),
  };
}

function average(): Accumulation {
  const total = new Summation();
  let count = 0;
  return {
    add: (value) => {
      if (!isNumeric(value)) return;
      total.add(value);
      count++;
    },
    result: () => (count === 0 ? null : total.average(count)),
  };
}

const extreme = (sign: 1 | -1): ParseAccumulator => simple(({ collation }) => extremeOf(sign, collation));

function extremeOf(sign: 1 | -1, collation: Collation | undefined): Accumulation {
  let best: Value | undefined;
  return {
    add: (value) => {
      if (!isNullish(value) && (best === undefined || compareValues(value, best, collation) * sign > 0)) best = value;
    },
    result: () => best ?? null,
  };
}

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

function mergeObjects(): Accumulation {
  const merged = new Doc();
  return {
    add: (value) => {
      if (isNullish(value)) return;
      if (!(value instanceof Doc)) throw new MongoError(5911200, `$mergeObjects only supports objects, not ${typeName(value)}`);
      for (const [name, item] of value) merged.set(name, item);
    },
    result: () => merged,
  };
}

function counting(): Accumulation {
  let count = 0n;
  return { add: () => { count++; }, result: () => smallestInteger(count) };
}

const deviation = (sample: boolean) => (): Accumulation => {
  const { add, result } = deviations(sample);
  return {
    add: (value) => {
      if (isNumeric(value)) add(value);
    },
    result,
  };
};

export const accumulators: AccumulatorFamily = {
  $sum: simple(sum),
  $avg: simple(average),
  $min: extreme(-1),
  $max: extreme(1),
  $first: simple(first),
  $last: simple(last),
  $mergeObjects: simple(mergeObjects),
  $stdDevPop: simple(deviation(false)),
  $stdDevSamp: simple(deviation(true)),
  $count: (argument) => {
    if (!(argument instanceof Doc) || argument.size > 0) throw new MongoError('TypeMismatch', '$count takes no arguments, i.e. $count:{}');
    return { expression: () => int32(1), begin: counting };
  },
};
