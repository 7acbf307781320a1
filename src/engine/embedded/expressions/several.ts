import { compareValues } from '../bson/compare.ts';
import { isWhole, toDouble } from '../bson/number.ts';
import { Doc, isNumeric, typeName, type Maybe, type Value } from '../bson/value.ts';
import { MongoError } from '../errors.ts';
import type { ExpressionFamily, ParseExpression } from '../expression.ts';
import { countOf } from '../how-many.ts';
import { isNullish } from '../numeric.ts';
import type { Collation } from '../bson/collation.ts';

/** `$firstN` and the like on an array: `{ input, n }`. */
const several = (pick: (array: Value[], n: number, compare: (a: Value, b: Value) => number) => Value[]): ParseExpression => (argument, tools, name) => {
  const { input, n } = tools.namedParts(argument, ['n', 'input'], [], { object: 5787900, unknown: 5787901, missing: { n: 5787906, input: 5787907 } });
  const compare = (a: Value, b: Value): number => compareValues(a, b, tools.context.collation);
  return (scope) => {
    const count = countOf(n?.(scope), name);
    const array = input?.(scope);
    if (isNullish(array)) return null;
    if (!Array.isArray(array)) throw new MongoError(5788200, `Input must be an array, but was ${typeName(array)} in ${name}`);
    return pick(array, count, compare);
  };
};

const sortArray: ParseExpression = (argument, tools, name) => {
  const named = tools.named(argument, ['input', 'sortBy'], [], { object: 2942500, unknown: 2942501, missing: { input: 2942502, sortBy: 2942503 } });
  const input = tools.parse(named.get('input') as Value);
  const arrange = arranger(named.get('sortBy') as Value, tools.context.collation, name);
  return (scope) => {
    const array = input(scope);
    if (isNullish(array)) return null;
    if (!Array.isArray(array)) throw new MongoError(2942504, `The input argument to ${name} must be an array, but was of type: ${typeName(array)}`);
    return arrange(array);
  };
};

function arranger(sortSpec: Value, collation: Collation | undefined, name: string): (array: Value[]) => Value[] {
  if (sortSpec instanceof Doc) {
    if (sortSpec.size === 0) throw new MongoError(2942505, `${name} requires at least one sort key`);
    const keys = [...sortSpec].map(([path, direction]) => {
      if (!isNumeric(direction) || Math.abs(toDouble(direction)) !== 1) throw new MongoError(2942505, `${name} sort key ordering must be 1 (for ascending) or -1 (for descending): ${path}`);
      return { parts: path.split('.'), direction: toDouble(direction) };
    });
    const order = (a: Value, b: Value): number => {
      for (const { parts, direction } of keys) {
        const one = compareValues(plainValue(a, parts) ?? null, plainValue(b, parts) ?? null, collation);
        if (one !== 0) return one * direction;
      }
      return 0;
    };
    return (array) => array.toSorted(order);
  }
  if (!isNumeric(sortSpec)) throw new MongoError(2942507, `${name} sortBy must be 1, -1 or a document: ${typeName(sortSpec)}`);
  const direction = toDouble(sortSpec);
  if (!isWhole(sortSpec) || (direction !== 1 && direction !== -1)) throw new MongoError(2942506, 'sort key ordering must be 1 (for ascending) or -1 (for descending)');
  return (array) => array.toSorted((a, b) => compareValues(a, b, collation) * direction);
}

/** What a path leads to through documents alone: an array on the way is not entered. */
function plainValue(value: Maybe, parts: readonly string[]): Maybe {
  return parts.reduce<Maybe>((inner, part) => (inner instanceof Doc ? inner.get(part) : undefined), value);
}

const extremes = (sign: 1 | -1) => (array: Value[], n: number, compare: (a: Value, b: Value) => number): Value[] =>
  array.filter((value) => !isNullish(value)).sort((a, b) => compare(a, b) * sign).slice(0, n);

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/sortArray/ */
export const expressions: ExpressionFamily = {
  $firstN: several((array, n) => array.slice(0, n)),
  $lastN: several((array, n) => array.slice(Math.max(0, array.length - n))),
  $minN: several(extremes(1)),
  $maxN: several(extremes(-1)),
  $sortArray: sortArray,
};
