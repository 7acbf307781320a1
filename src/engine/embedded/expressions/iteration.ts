import { toDouble } from '../bson/number.ts';
import { isNumeric, typeName, type Maybe, type Value } from '../bson/value.ts';
import { need32 } from '../array-arguments.ts';
import { MongoError } from '../errors.ts';
import { bind, checkVariableName, type Expression, type ExpressionFamily, type ParseExpression } from '../expression.ts';
import { gathering } from '../expression-memory.ts';
import { isNullish } from '../numeric.ts';
import { isTrue } from '../truth.ts';

/** A name given by `as`, or another's where none is. */
function variableName(named: ReadonlyMap<string, Value>, key: string, otherwise: string): string {
  if (!named.has(key)) return otherwise;
  const value = named.get(key);
  const name = typeof value === 'string' ? value : '';
  checkVariableName(name);
  return name;
}

function limitOf(value: Maybe): number {
  if (isNullish(value)) return Infinity;
  const limit = need32(value, 327391, 327391, '$filter: limit');
  if (limit <= 0) throw new MongoError(327392, `$filter: limit must be greater than 0. Value is ${isNumeric(value) ? toDouble(value) : ''}`);
  return limit;
}

const filter: ParseExpression = (argument, tools) => {
  const named = tools.named(argument, ['input', 'cond'], ['as', 'limit', 'arrayIndexAs'], { object: 28646, unknown: 28647, missing: { input: 28648, cond: 28650 } });
  const as = variableName(named, 'as', 'this');
  const input = tools.parse(named.get('input') as Value);
  const test = tools.parse(named.get('cond') as Value, [as]);
  const limit = named.has('limit') ? tools.parse(named.get('limit') as Value) : undefined;
  return (scope) => {
    const array = input(scope);
    if (isNullish(array)) return null;
    if (!Array.isArray(array)) throw new MongoError(28651, `input to $filter must be an array not ${typeName(array)}`);
    const most = limit === undefined ? Infinity : limitOf(limit(scope));
    const kept: Value[] = [];
    for (const item of array) {
      if (kept.length >= most) break;
      if (isTrue(test(bind(scope, [[as, item]])))) kept.push(item);
    }
    return kept;
  };
};

const map: ParseExpression = (argument, tools) => {
  const named = tools.named(argument, ['input', 'in'], ['as'], { object: 16878, unknown: 16879, missing: { input: 16880, in: 16882 } });
  const as = variableName(named, 'as', 'this');
  const input = tools.parse(named.get('input') as Value);
  const body = tools.parse(named.get('in') as Value, [as]);
  return (scope) => {
    const array = input(scope);
    if (isNullish(array)) return null;
    if (!Array.isArray(array)) throw new MongoError(16883, `input to $map must be an array not ${typeName(array)}`);
    const counted = gathering('$map');
    return array.map((item) => counted(body(bind(scope, [[as, item]])) ?? null));
  };
};

const reduce: ParseExpression = (argument, tools) => {
  const named = tools.named(argument, ['input', 'initialValue', 'in'], [], { object: 40075, unknown: 40076, missing: { input: 40077, initialValue: 40078, in: 40079 } });
  const [input, initial] = [tools.parse(named.get('input') as Value), tools.parse(named.get('initialValue') as Value)];
  const body = tools.parse(named.get('in') as Value, ['this', 'value']);
  return (scope) => {
    const array = input(scope);
    if (isNullish(array)) return null;
    if (!Array.isArray(array)) throw new MongoError(40080, `$reduce requires that 'input' be an array, found: ${typeName(array)}`);
    return array.reduce<Maybe>((value, item) => body(bind(scope, [['this', item], ['value', value]])), initial(scope));
  };
};

const zip: ParseExpression = (argument, tools, name) => {
  const named = tools.named(argument, [], ['inputs', 'useLongestLength', 'defaults'], { object: 34460, unknown: 34464, missing: 34465 });
  const [given, longest = false, others] = [named.get('inputs'), named.get('useLongestLength'), named.get('defaults')];
  if (given !== undefined && !Array.isArray(given)) throw new MongoError(34461, `inputs must be an array of expressions, found ${typeName(given)}`);
  if (others !== undefined && !Array.isArray(others)) throw new MongoError(34462, `defaults must be an array of expressions, found ${typeName(others)}`);
  if (typeof longest !== 'boolean') throw new MongoError(34463, `useLongestLength must be a bool, found ${typeName(longest)}`);
  if (given === undefined || given.length === 0) throw new MongoError(34465, `${name} requires at least one input array`);
  if (others !== undefined && others.length > 0 && !longest) throw new MongoError(34466, 'cannot specify defaults unless useLongestLength is true');
  if (others !== undefined && others.length > 0 && others.length !== given.length) throw new MongoError(34467, 'defaults and inputs must have the same length');
  const [inputs, defaults] = [given, others ?? []].map((list) => list.map((item) => tools.parse(item))) as [Expression[], Expression[]];
  return (scope) => {
    const arrays: Value[][] = [];
    for (const input of inputs) {
      const value = input(scope);
      if (isNullish(value)) return null;
      if (!Array.isArray(value)) throw new MongoError(34468, `${name} found a non-array expression in input: ${typeName(value)}`);
      arrays.push(value);
    }
    const fallbacks = inputs.map((_, index) => defaults[index]?.(scope) ?? null);
    const lengths = arrays.map((array) => array.length);
    const length = longest ? Math.max(...lengths) : Math.min(...lengths);
    const counted = gathering(name);
    return Array.from({ length }, (_, at) => counted(arrays.map((array, index) => array[at] ?? (at < array.length ? null : (fallbacks[index] as Value)))));
  };
};

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/map/ */
export const expressions: ExpressionFamily = { $filter: filter, $map: map, $reduce: reduce, $zip: zip };
