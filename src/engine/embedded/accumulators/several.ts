import { compareValues } from '../bson/compare.ts';
import { Doc, typeName, type Maybe, type Value } from '../bson/value.ts';
import { MongoError } from '../errors.ts';
import { parseExpression, type Expression } from '../expression.ts';
import type { Accumulation, AccumulatorFamily, ParseAccumulator } from '../accumulator.ts';
import { countOf } from '../how-many.ts';
import { isNullish } from '../numeric.ts';
import { parseSort } from '../query/sort.ts';

/** The `n` of an accumulator that keeps several, or 1. */
const readCount = (expression: Expression | undefined, name: string) => (group: Parameters<Expression>[0]): number =>
  expression ? countOf(expression(group), name) : 1;

/** `$firstN`, `$lastN`, `$minN`, `$maxN`: `{ input, n }`. */
const several = (collect: (n: number, compare: (a: Value, b: Value) => number) => Accumulation): ParseAccumulator => (argument, context, name, bound) => {
  if (!(argument instanceof Doc)) throw new MongoError(5787900, `specification must be an object; found ${name}: ${typeName(argument)}`);
  for (const key of argument.keys()) if (key !== 'input' && key !== 'n') throw new MongoError(5787901, `Unknown argument for ${name}: ${key}`);
  const [n, input] = [argument.get('n'), argument.get('input')];
  if (n === undefined) throw new MongoError(5787906, `Missing value for 'n'`);
  if (input === undefined) throw new MongoError(5787907, `Missing value for 'input'`);
  const count = readCount(parseExpression(n, context, bound), name);
  const compare = (a: Value, b: Value): number => compareValues(a, b, context.collation);
  return { expression: parseExpression(input, context, bound), begin: (group) => collect(count(group), compare) };
};

function firstN(n: number): Accumulation {
  const items: Value[] = [];
  return { add: (value) => { if (items.length < n) items.push(value ?? null); }, result: () => items };
}

function lastN(n: number): Accumulation {
  const items: Value[] = [];
  return {
    add(value) {
      items.push(value ?? null);
      if (items.length > n) items.shift();
    },
    result: () => items,
  };
}

const extremes = (sign: 1 | -1) => (n: number, compare: (a: Value, b: Value) => number): Accumulation => {
  const items: Value[] = [];
  return {
    add: (value) => { if (!isNullish(value)) items.push(value); },
    result: () => items.sort((a, b) => compare(a, b) * sign).slice(0, n),
  };
};

/** `$top`, `$topN`, `$bottom`, `$bottomN`: `{ sortBy, output, n }`. */
const ranked = (end: 'top' | 'bottom', many: boolean): ParseAccumulator => (argument, context, name, bound) => {
  if (!(argument instanceof Doc)) throw new MongoError(5788001, `specification must be an object; found ${name}: ${typeName(argument)}`);
  for (const key of argument.keys()) {
    if (key !== 'sortBy' && key !== 'output' && !(many && key === 'n')) throw new MongoError(5788002, `Unknown argument to ${name}: ${key}`);
  }
  const [n, sortBy, output] = [argument.get('n'), argument.get('sortBy'), argument.get('output')];
  if (many && n === undefined) throw new MongoError(5788003, `Missing value for 'n'`);
  if (output === undefined) throw new MongoError(5788004, `Missing value for 'output'`);
  if (sortBy === undefined) throw new MongoError(5788005, `Missing value for 'sortBy'`);
  if (!(sortBy instanceof Doc)) throw new MongoError(10065, `invalid parameter: expected an object (sortBy)`);
  const sort = parseSort(sortBy, context.collation);
  const count = readCount(n === undefined ? undefined : parseExpression(n, context, bound), name);
  return {
    expression: parseExpression(output, context, bound),
    begin: (group) => {
      const limit = count(group);
      const items: { key: Maybe[]; value: Value }[] = [];
      return {
        add: (value, scope) => items.push({ key: sort.key(scope.root), value: value ?? null }),
        result: () => {
          const sorted = items.sort((a, b) => sort.compareKeys(a.key, b.key));
          const kept = (end === 'top' ? sorted.slice(0, limit) : sorted.slice(Math.max(0, sorted.length - limit))).map(({ value }) => value);
          return many ? kept : (kept[0] ?? null);
        },
      };
    },
  };
};

export const accumulators: AccumulatorFamily = {
  $firstN: several(firstN), $lastN: several(lastN), $minN: several(extremes(1)), $maxN: several(extremes(-1)),
  $top: ranked('top', false), $topN: ranked('top', true), $bottom: ranked('bottom', false), $bottomN: ranked('bottom', true),
};
