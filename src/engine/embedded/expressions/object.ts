import { Doc, typeName, type Maybe, type Value } from '../bson/value.ts';
import { MongoError } from '../errors.ts';
import { evaluate, isConstantValue, type Expression, type ExpressionFamily, type ExpressionTools, type ParseExpression } from '../expression.ts';
import { isNullish } from '../numeric.ts';

const objectToArray: ParseExpression = (argument, tools) => {
  const [operand] = tools.operands(argument, 1, 1) as [Expression];
  return (scope) => {
    const value = operand(scope);
    if (isNullish(value)) return null;
    if (!(value instanceof Doc)) throw new MongoError(40390, `$objectToArray requires a document input, found: ${typeName(value)}`);
    return [...value].map(([k, v]) => Doc.of({ k, v }));
  };
};

const noNull = (key: string, code: number): string => {
  if (key.includes('\0')) throw new MongoError(code, `Key field cannot contain an embedded null byte`);
  return key;
};

function pairOf(item: Value): [string, Value] {
  if (!Array.isArray(item)) throw new MongoError(40396, `$arrayToObject requires a consistent input format. Elements must all be arrays or all be objects. Array was detected, now found: ${typeName(item)}`);
  if (item.length !== 2) throw new MongoError(40397, `$arrayToObject requires an array of size 2 arrays,found array of size: ${item.length}`);
  const [key, value] = item as [Value, Value];
  if (typeof key !== 'string') throw new MongoError(40395, `$arrayToObject requires an array of key-value pairs, where the key must be of type string. Found key type: ${typeName(key)}`);
  return [noNull(key, 4940400), value];
}

function entryOf(item: Value): [string, Value] {
  if (!(item instanceof Doc)) throw new MongoError(40391, `$arrayToObject requires a consistent input format. Elements must all be arrays or all be objects. Object was detected, now found: ${typeName(item)}`);
  if (item.size !== 2) throw new MongoError(40392, `$arrayToObject requires an object keys of 'k' and 'v'. Found incorrect number of keys:${item.size}`);
  const [key, value] = [item.get('k'), item.get('v')];
  if (key === undefined || value === undefined) throw new MongoError(40393, '$arrayToObject requires an object with keys \'k\' and \'v\'.');
  if (typeof key !== 'string') throw new MongoError(40394, `$arrayToObject requires an object with keys 'k' and 'v', where the value of 'k' must be of type string. Found type: ${typeName(key)}`);
  return [noNull(key, 4940401), value];
}

const arrayToObject: ParseExpression = (argument, tools) => {
  const [operand] = tools.operands(argument, 1, 1) as [Expression];
  return (scope) => {
    const value = operand(scope);
    if (isNullish(value)) return null;
    if (!Array.isArray(value)) throw new MongoError(40386, `$arrayToObject requires an array input, found: ${typeName(value)}`);
    const [first] = value;
    if (first === undefined) return new Doc();
    if (!Array.isArray(first) && !(first instanceof Doc)) throw new MongoError(40398, `Unrecognised input type format for $arrayToObject: ${typeName(first)}`);
    return new Doc(value.map(Array.isArray(first) ? pairOf : entryOf));
  };
};

const mergeObjects: ParseExpression = (argument, tools) => {
  const parts = tools.operands(argument);
  return (scope) => {
    const merged = new Doc();
    const values = parts.map((part) => part(scope));
    for (const value of values.length === 1 && Array.isArray(values[0]) ? values[0] : values) {
      if (isNullish(value)) continue;
      if (!(value instanceof Doc)) throw new MongoError(40400, `$mergeObjects requires object inputs, but input is of type ${typeName(value)}`);
      for (const [name, item] of value) merged.set(name, item);
    }
    return merged;
  };
};

const getField: ParseExpression = (argument, tools) => {
  const isShort = !(argument instanceof Doc) || [...argument.keys()][0]?.startsWith('$');
  const parts = isShort ? { field: tools.parse(argument), input: tools.parse('$$CURRENT') } : tools.namedParts(argument, ['field', 'input'], [], { object: 3041700, unknown: 3041701, missing: { field: 3041702, input: 3041703 } });
  return (scope) => {
    const key = parts.field?.(scope);
    if (typeof key !== 'string') throw new MongoError(3041704, `$getField requires 'field' to evaluate to type String, but got ${typeName(key)}`);
    const value = parts.input?.(scope);
    if (isNullish(value)) return value === undefined ? undefined : null;
    return value instanceof Doc ? value.get(key) : undefined;
  };
};

function constantName(field: Value, tools: ExpressionTools, name: string): string {
  if (typeof field === 'string' && field.startsWith('$')) throw new MongoError(4161108, `A field path reference which is not allowed in this context. Did you mean {$literal: '${field}'}?`);
  const parsed = tools.parse(field);
  // Only what is written as one value is constant here, not what could be computed.
  const computed = Array.isArray(field) || (field instanceof Doc && field.size > 0 && !field.has('$literal') && !field.has('$const'));
  if (computed || !isConstantValue(field)) throw new MongoError(4161106, `${name} requires 'field' to evaluate to a constant, but got a non-constant argument`);
  const value = evaluate(parsed, new Doc(), tools.context);
  if (typeof value !== 'string') throw new MongoError(4161107, `${name} requires 'field' to evaluate to type String, but got ${typeName(value)}`);
  if (value.includes('\0')) throw new MongoError(9534700, `${name}: 'field' cannot contain a null byte`);
  return value;
}

/** `$setField` and `$unsetField`. */
const setField = (removes: boolean): ParseExpression => (argument, tools, name) => {
  const named = tools.named(argument, removes ? ['field', 'input'] : ['field', 'value', 'input'], [], { object: 4161100, unknown: 4161101, missing: { field: 4161102, value: 4161103, input: 4161109 } });
  const input = tools.parse(named.get('input') as Value);
  const field = constantName(named.get('field') as Value, tools, name);
  const value = removes ? undefined : tools.parse(named.get('value') as Value);
  return (scope): Maybe => {
    const doc = input(scope);
    if (isNullish(doc)) return null;
    if (!(doc instanceof Doc)) throw new MongoError(4161105, `${name} requires 'input' to evaluate to type Object`);
    const copy = new Doc(doc);
    const made = value?.(scope);
    if (made === undefined) copy.delete(field);
    else copy.set(field, made);
    return copy;
  };
};

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/setField/ */
export const expressions: ExpressionFamily = {
  $objectToArray: objectToArray, $arrayToObject: arrayToObject, $mergeObjects: mergeObjects, $getField: getField,
  $setField: setField(false), $unsetField: setField(true),
};
