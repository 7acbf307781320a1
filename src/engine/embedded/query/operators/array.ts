import { hashKey } from '../../bson/compare.ts';
import { isNaNValue, isWhole, toBigInt } from '../../bson/number.ts';
import { showValue } from '../../bson/show.ts';
import { Doc, isNumeric, Regex, Undefined, type Maybe, type Value } from '../../bson/value.ts';
import { MongoError } from '../../errors.ts';
import { isPathless } from '../pathless.ts';
import type { OperatorFamily, OperatorTools, Predicate } from '../predicate.ts';
import { regexPredicate } from '../regex.ts';
import { comparison } from './comparison.ts';

function size(argument: Value): Predicate {
  const bad = (what: string): MongoError => new MongoError('BadValue', `Failed to parse $size. ${what} in: $size: ${showValue(argument)}`);
  if (!isNumeric(argument)) throw bad('Expected a number');
  if (isNaNValue(argument) || !isWhole(argument)) throw bad('Expected an integer');
  const wanted = toBigInt(argument) as bigint;
  if (wanted > 0x7fffffffn || wanted < -0x80000000n) throw bad('Cannot represent as a 32-bit integer');
  if (wanted < 0n) throw bad('Expected a non-negative number');
  return { op: 'size', operand: argument, leaves: false, test: (value) => Array.isArray(value) && BigInt(value.length) === wanted };
}

function elemMatch(argument: Value, tools: OperatorTools): Predicate {
  if (!(argument instanceof Doc)) throw new MongoError('BadValue', '$elemMatch needs an Object');
  const first = argument.keys().next().value;
  let matches: (item: Value) => boolean;
  if (first !== undefined && first.startsWith('$') && !isPathless(first)) {
    matches = tools.items(argument);
  } else {
    const filter = tools.filter(argument);
    matches = (item) => (item instanceof Doc ? filter.matchesDoc(item) : Array.isArray(item) && filter.matchesDoc(indexed(item)));
  }
  const matchedItem = (value: Maybe): number | undefined => {
    const index = Array.isArray(value) ? value.findIndex(matches) : -1;
    return index === -1 ? undefined : index;
  };
  return { op: 'elemMatch', leaves: false, test: (value) => matchedItem(value) !== undefined, matchedItem };
}

/** An array inside an array, as the query of `$elemMatch` sees it: fields named by index. */
function indexed(items: readonly Value[]): Doc {
  return Doc.of(items.map((item, index) => [String(index), item] as const));
}

function all(argument: Value, tools: OperatorTools): Predicate[] {
  if (!Array.isArray(argument)) throw new MongoError('BadValue', '$all needs an array');
  if (argument.length === 0) return [{ op: 'never', leaves: false, test: () => false }];
  const isElemMatch = (item: Value): boolean => item instanceof Doc && item.keys().next().value === '$elemMatch';
  const withElemMatch = isElemMatch(argument[0] as Value);
  const predicates = argument.map((item) => {
    if (isElemMatch(item) !== withElemMatch) {
      throw new MongoError('BadValue', withElemMatch ? '$all/$elemMatch has to be consistent' : 'no $ expressions in $all');
    }
    if (item instanceof Doc && isElemMatch(item)) return elemMatch(item.get('$elemMatch') as Value, tools);
    if (item instanceof Doc && tools.isOperator(item.keys().next().value ?? '')) throw new MongoError('BadValue', 'no $ expressions in $all');
    return item instanceof Regex ? regexPredicate(item.pattern, item.options) : comparison('eq', item, tools.context.collation);
  });
  const plain = argument.every((item) => !isElemMatch(item) && !(item instanceof Regex) && !(item instanceof Undefined));
  if (!plain || argument.length < many) return predicates;
  // The first is what an index is looked up by, the last what a position is told by.
  return [predicates[0] as Predicate, manyValues(argument, tools), predicates.at(-1) as Predicate];
}

/** From so many values on, `$all` looks through an array once, and not once for each. */
const many = 16;

function manyValues(operand: readonly Value[], { context: { collation } }: OperatorTools): Predicate {
  const wanted = new Set(operand.map((item) => hashKey(item, collation)));
  return {
    op: 'all', leaves: true, test: () => false,
    together() {
      const left = new Set(wanted);
      return (value) => {
        // A missing field is equal to null.
        left.delete(hashKey(value === undefined ? null : value, collation));
        return left.size === 0;
      };
    },
  };
}

export const operators: OperatorFamily = {
  $size: (argument) => ({ predicates: [size(argument)] }),
  $elemMatch: (argument, tools) => ({ predicates: [elemMatch(argument, tools)] }),
  $all: (argument, tools) => ({ predicates: all(argument, tools) }),
};

