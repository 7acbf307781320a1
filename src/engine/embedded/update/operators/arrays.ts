import { compareValues, hashKey, valuesEqual } from '../../bson/compare.ts';
import { isWhole, toDouble } from '../../bson/number.ts';
import { showValue } from '../../bson/show.ts';
import { Doc, isNumeric, Regex, typeName, type Maybe, type Value } from '../../bson/value.ts';
import { MongoError } from '../../errors.ts';
import { isOperatorDoc, parseFilter, parseValueTest } from '../../query/filter.ts';
import { isPathless } from '../../query/pathless.ts';
import { regexPredicate } from '../../query/regex.ts';
import { parseSort, sortBy } from '../../query/sort.ts';
import type { Occasion, Modifier, ModifierFamily, ParseModifier } from '../modifier.ts';

function arrayOf(current: Maybe, { path, id }: Occasion): Value[] {
  if (current === undefined) return [];
  if (!Array.isArray(current)) throw new MongoError('BadValue', `The field '${path}' must be an array but is of type ${typeName(current)} in document {_id: ${showValue(id)}}`);
  return current;
}

const integer = (value: Value, message: string): number => {
  if (!isNumeric(value) || !isWhole(value)) throw new MongoError('BadValue', message);
  return toDouble(value);
};

const isEach = (argument: Value): argument is Doc => argument instanceof Doc && argument.keys().next().value === '$each';

function items(argument: Doc, operator: string): Value[] {
  const each = argument.get('$each') as Value;
  if (!Array.isArray(each)) throw new MongoError(operator === '$push' ? 'BadValue' : 'TypeMismatch', `The argument to $each in ${operator} must be an array but it was of type: ${typeName(each)}`);
  return each;
}

/** https://www.mongodb.com/docs/manual/reference/operator/update/push/ */
const push: ParseModifier = (argument, { context }) => {
  if (!(argument instanceof Doc) || !argument.has('$each')) {
    return { operator: '$push', creates: true, appends: true, apply: (current, occasion) => [...arrayOf(current, occasion), argument] };
  }
  const added = items(argument, '$push');
  for (const name of argument.keys()) {
    if (!['$each', '$slice', '$sort', '$position'].includes(name)) throw new MongoError('BadValue', `Unrecognized clause in $push: ${name}`);
  }
  const part = (name: string, what: string): number | undefined => (argument.has(name) ? integer(argument.get(name) as Value, what) : undefined);
  const slice = part('$slice', `The value for $slice must be an integer value but was given type: ${typeName(argument.get('$slice'))}`);
  const position = part('$position', `The value for $position must be an integer value, not of type: ${typeName(argument.get('$position'))}`);
  const order = argument.has('$sort') ? sorting(argument.get('$sort') as Value, context.collation) : undefined;
  return {
    operator: '$push', creates: true, appends: slice === undefined && position === undefined && !order,
    apply(current, occasion) {
      const before = arrayOf(current, occasion);
      const at = position === undefined ? before.length : position < 0 ? Math.max(0, before.length + position) : Math.min(position, before.length);
      const joined = [...before.slice(0, at), ...added, ...before.slice(at)];
      const sorted = order ? order(joined) : joined;
      return slice === undefined ? sorted : slice >= 0 ? sorted.slice(0, slice) : sorted.slice(slice);
    },
  };
};

function sorting(spec: Value, collation: Parameters<typeof parseSort>[1]): (values: Value[]) => Value[] {
  if (isNumeric(spec)) {
    const direction = toDouble(spec);
    if (direction !== 1 && direction !== -1) throw new MongoError('BadValue', 'The $sort element value must be either 1 or -1');
    return (values) => [...values].sort((a, b) => compareValues(a, b, collation) * direction);
  }
  if (!(spec instanceof Doc)) throw new MongoError('BadValue', 'The $sort is invalid: use 1/-1 to sort the whole element, or {field:1/-1} to sort embedded fields');
  if (spec.size === 0) throw new MongoError('BadValue', 'The $sort pattern is empty when it should be a set of fields.');
  for (const [name, direction] of spec) {
    if (!isNumeric(direction) || Math.abs(toDouble(direction)) !== 1) throw new MongoError('BadValue', 'The $sort element value must be either 1 or -1');
    if (name === '') throw new MongoError('BadValue', 'The $sort field cannot be empty');
    if (name.split('.').includes('')) throw new MongoError('BadValue', `The $sort field is a dotted field but has an empty part: ${name}`);
  }
  const sort = parseSort(spec, collation);
  return (values) => sortBy(values, sort, (value) => (value instanceof Doc ? sort.key(value) : sort.fields.map(() => undefined)));
}

const addToSet: ParseModifier = (argument, { context }) => {
  const added = isEach(argument) ? items(argument, '$addToSet') : [argument];
  if (isEach(argument) && argument.size > 1) throw new MongoError('BadValue', `Found unexpected fields after $each in $addToSet: ${showValue(argument)}`);
  return {
    operator: '$addToSet', creates: true, appends: true,
    apply(current, occasion) {
      const array = arrayOf(current, occasion);
      const known = new Set(array.map((item) => hashKey(item, context.collation)));
      const fresh = added.filter((item) => {
        const key = hashKey(item, context.collation);
        return !known.has(key) && known.add(key);
      });
      return fresh.length === 0 && current !== undefined ? array : [...array, ...fresh];
    },
  };
};

const pop: ParseModifier = (argument) => {
  const way = isNumeric(argument) ? toDouble(argument) : NaN;
  if (Number.isNaN(way)) throw new MongoError('FailedToParse', `Expected a number in: ${showValue(argument)}`);
  if (way !== 1 && way !== -1) throw new MongoError('FailedToParse', `$pop expects 1 or -1, found: ${showValue(argument)}`);
  return {
    operator: '$pop', creates: false, mustReach: true,
    apply(current, { path }) {
      if (current === undefined) return undefined;
      if (!Array.isArray(current)) throw new MongoError('TypeMismatch', `Path '${path}' contains an element of non-array type '${typeName(current)}'`);
      return way === 1 ? current.slice(0, -1) : current.slice(1);
    },
  };
};

/** Removes the items that `unwanted` accepts; the same array where none is. */
function removing(operator: string, unwanted: (item: Value) => boolean): Modifier {
  return {
    operator, creates: false,
    apply(current) {
      if (current === undefined) return undefined;
      if (!Array.isArray(current)) throw new MongoError('BadValue', `Cannot apply ${operator} to a non-array value`);
      return current.filter((item) => !unwanted(item));
    },
  };
}

const pull: ParseModifier = (argument, { context }) => {
  if (isOperatorDoc(argument) && !isPathless([...argument.keys()][0] as string)) return removing('$pull', parseValueTest(argument, context));
  if (argument instanceof Doc) {
    const filter = parseFilter(argument, context, { nested: true });
    return removing('$pull', (item) => item instanceof Doc && filter.matchesDoc(item));
  }
  if (argument instanceof Regex) {
    const { test } = regexPredicate(argument.pattern, argument.options);
    return removing('$pull', test);
  }
  return removing('$pull', (item) => valuesEqual(item, argument, context.collation));
};

const pullAll: ParseModifier = (argument, { context }) => {
  if (!Array.isArray(argument)) throw new MongoError('BadValue', `$pullAll requires an array argument but was given a ${typeName(argument)}`);
  const keys = new Set(argument.map((item) => hashKey(item, context.collation)));
  return removing('$pullAll', (item) => keys.has(hashKey(item, context.collation)));
};

export const operators: ModifierFamily = { $push: push, $addToSet: addToSet, $pop: pop, $pull: pull, $pullAll: pullAll };
