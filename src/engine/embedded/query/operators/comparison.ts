import type { Collation } from '../../bson/collation.ts';
import { compareValues, hashKey, typeOrder } from '../../bson/compare.ts';
import { isNaNValue } from '../../bson/number.ts';
import { BsonSymbol, Doc, isNumeric, MaxKey, MinKey, Regex, Undefined, type Maybe, type Value } from '../../bson/value.ts';
import { MongoError } from '../../errors.ts';
import type { OperatorFamily, Predicate } from '../predicate.ts';
import { regexMatcher } from '../regex.ts';

type Order = 'eq' | 'gt' | 'gte' | 'lt' | 'lte';

/** A comparison of one value, by type brackets: https://www.mongodb.com/docs/manual/reference/operator/query-comparison/ */
export function comparison(op: Order, operand: Value, collation: Collation | undefined): Predicate {
  return { op, operand, leaves: true, test: tester(op, operand, collation) };
}

function tester(op: Order, operand: Value, collation: Collation | undefined): (value: Maybe) => boolean {
  const orEqual = op === 'eq' || op === 'gte' || op === 'lte';
  if (operand === null) return orEqual ? (value) => value === null || value === undefined : () => false;
  if (op === 'eq') {
    if (typeof operand === 'string' && !collation) return (value) => value === operand || (value instanceof BsonSymbol && value.value === operand);
    const order = typeOrder(operand);
    return (value) => value !== undefined && typeOrder(value) === order && compareValues(value, operand, collation) === 0;
  }
  const accepts = (order: number): boolean => (op === 'gt' ? order > 0 : op === 'gte' ? order >= 0 : op === 'lt' ? order < 0 : order <= 0);
  // MinKey and MaxKey compare with every type, and with a missing field.
  if (operand instanceof MinKey || operand instanceof MaxKey) return (value) => accepts(compareValues(value, operand));
  const bracket = typeOrder(operand);
  const operandIsNaN = isNumeric(operand) && isNaNValue(operand);
  return (value) => {
    if (value === undefined || typeOrder(value) !== bracket) return false;
    // NaN is neither above nor below a number; it equals itself.
    if (isNumeric(value) && isNaNValue(value) !== operandIsNaN) return false;
    return accepts(compareValues(value, operand, collation));
  };
}

function parse(op: Order) {
  return (argument: Value, tools: { path: string; context: { collation: Collation | undefined } }): { predicates: Predicate[] } => {
    if (argument instanceof Undefined) throw new MongoError('BadValue', 'cannot compare to undefined');
    if (argument instanceof Regex && op !== 'eq') throw new MongoError('BadValue', `Can't have RegEx as arg to predicate over field '${tools.path}'.`);
    return { predicates: [comparison(op, argument, tools.context.collation)] };
  };
}

/** `$in`: a set of values by their hash keys, and regular expressions. */
export function membership(name: string, argument: Value, collation: Collation | undefined): Predicate {
  if (!Array.isArray(argument)) throw new MongoError('BadValue', `${name} needs an array`);
  const keys = new Set<string>();
  const patterns: ((value: Maybe) => boolean)[] = [];
  for (const item of argument) {
    if (item instanceof Doc && [...item.keys()].some((key) => key.startsWith('$') && !['$ref', '$id', '$db'].includes(key))) {
      throw new MongoError('BadValue', `cannot nest $ under ${name}`);
    }
    if (item instanceof Undefined) throw new MongoError('BadValue', 'InMatchExpression equality cannot be undefined');
    if (item instanceof Regex) {
      const matches = regexMatcher(item.pattern, item.options);
      patterns.push((value) => (typeof value === 'string' && matches(value)) || (value instanceof Regex && compareValues(value, item) === 0));
    } else {
      keys.add(hashKey(item, collation));
    }
  }
  const hasNull = argument.includes(null);
  return {
    op: 'in', operand: argument, leaves: true,
    test: (value) => (value === undefined ? hasNull : !(value instanceof Undefined) && keys.has(hashKey(value, collation))) || patterns.some((matches) => matches(value)),
  };
}

export const operators: OperatorFamily = {
  $eq: parse('eq'),
  $gt: parse('gt'),
  $gte: parse('gte'),
  $lt: parse('lt'),
  $lte: parse('lte'),
  $ne: (argument, tools) => {
    if (argument instanceof Regex) throw new MongoError('BadValue', "Can't have regex as arg to $ne.");
    return { ...parse('eq')(argument, tools), negated: true };
  },
  $in: (argument, tools) => ({ predicates: [membership('$in', argument, tools.context.collation)] }),
  $nin: (argument, tools) => ({ predicates: [membership('$nin', argument, tools.context.collation)], negated: true }),
};
