import { compareValues } from '../bson/compare.ts';
import { int32 } from '../bson/decode.ts';
import { Doc, type Maybe, type Value } from '../bson/value.ts';
import { MongoError } from '../errors.ts';
import { bind, checkVariableName, evaluate, isConstantValue, type Expression, type ExpressionFamily, type ExpressionTools, type ParseExpression } from '../expression.ts';
import { isNullish } from '../numeric.ts';
import { isTrue } from '../truth.ts';

const comparing = (accepts: (order: number) => Value): ParseExpression => (argument, tools) => {
  const [left, right] = tools.operands(argument, 2, 2) as [Expression, Expression];
  return (scope) => accepts(compareValues(left(scope), right(scope), tools.context.collation));
};

const condition: ParseExpression = (argument, tools) => {
  let parts: Value[];
  if (argument instanceof Doc) {
    const named = tools.named(argument, ['if', 'then', 'else'], [], { object: 17080, unknown: 17083, missing: Object.fromEntries(['if', 'then', 'else'].map((part, index) => [part, 17080 + index])) });
    parts = [named.get('if'), named.get('then'), named.get('else')] as Value[];
  } else {
    parts = (Array.isArray(argument) ? argument : [argument]);
  }
  const [test, yes, no] = tools.operands(parts, 3, 3) as [Expression, Expression, Expression];
  return (scope) => (isTrue(test(scope)) ? yes(scope) : no(scope));
};

const switching: ParseExpression = (argument, tools) => {
  if (!(argument instanceof Doc)) throw new MongoError(40060, '$switch requires an object as an argument');
  const list = argument.get('branches');
  for (const name of argument.keys()) {
    if (name !== 'branches' && name !== 'default') throw new MongoError(40067, `$switch found an unknown argument: ${name}`);
  }
  if (list === undefined) throw new MongoError(40068, '$switch requires at least one branch');
  if (!Array.isArray(list)) throw new MongoError(40061, "$switch expected an array for 'branches'");
  const given = list.map((branch) => {
    if (!(branch instanceof Doc)) throw new MongoError(40062, '$switch expected each branch to be an object');
    for (const name of branch.keys()) if (name !== 'case' && name !== 'then') throw new MongoError(40063, `$switch found an unknown argument to a branch: ${name}`);
    const [test, then] = [branch.get('case'), branch.get('then')];
    if (test === undefined) throw new MongoError(40064, "$switch requires each branch have a 'case' expression");
    if (then === undefined) throw new MongoError(40065, "$switch requires each branch have a 'then' expression");
    return [test, then] as const;
  });
  const other = argument.get('default');
  if (given.length === 0) throw new MongoError(40068, '$switch requires at least one branch');
  const branches = readBranches(given, tools);
  const fallback = other === undefined ? undefined : tools.parse(other);
  return (scope) => {
    for (const [test, then] of branches) if (isTrue(test(scope))) return then(scope);
    if (fallback) return fallback(scope);
    throw new MongoError(40069, '$switch could not find a matching branch for an input, and no default was specified.');
  };
};

/** Behind a branch that always holds, and where one never does, nothing is computed beforehand. */
function readBranches(given: readonly (readonly [Value, Value])[], tools: ExpressionTools): (readonly [Expression, Expression])[] {
  let reached = true;
  return given.map(([test, then]) => {
    if (!reached) return [tools.lazily(test), tools.lazily(then)];
    const parsed = tools.parse(test);
    const holds = isConstantValue(test) ? isTrue(evaluate(parsed, new Doc(), tools.context)) : undefined;
    if (holds === true) reached = false;
    return [parsed, holds === false ? tools.lazily(then) : tools.parse(then)];
  });
}

/** True where one constant operand decides, whatever the others are and though they fail. */
const decided = (argument: Value, tools: ExpressionTools, by: boolean): boolean =>
  (Array.isArray(argument) ? argument : [argument]).some((one) => isConstantValue(one) && isTrue(evaluate(tools.parse(one), new Doc(), tools.context)) === by);

const letting: ParseExpression = (argument, tools) => {
  const named = tools.named(argument, ['vars', 'in'], [], { object: 16874, unknown: 16875, missing: { vars: 16876, in: 16877 } });
  const vars = named.get('vars');
  if (Array.isArray(vars)) throw new MongoError('FailedToParse', 'invalid parameter: expected an object (vars)');
  if (!(vars instanceof Doc)) throw new MongoError(10065, 'invalid parameter: expected an object (vars)');
  const bound = [...vars].map(([name, value]) => {
    checkVariableName(name);
    return [name, tools.parse(value)] as const;
  });
  const body = tools.parse(named.get('in') as Value, [...vars.keys()]);
  return (scope) => body(bind(scope, bound.map(([name, value]) => [name, value(scope)] as const)));
};

export const expressions: ExpressionFamily = {
  $eq: comparing((order) => order === 0),
  $ne: comparing((order) => order !== 0),
  $gt: comparing((order) => order > 0),
  $gte: comparing((order) => order >= 0),
  $lt: comparing((order) => order < 0),
  $lte: comparing((order) => order <= 0),
  $cmp: comparing((order) => int32(Math.sign(order))),
  $and: (argument, tools) => {
    const all = tools.operands(argument);
    if (decided(argument, tools, false)) return () => false;
    return (scope) => all.every((one) => isTrue(one(scope)));
  },
  $or: (argument, tools) => {
    const any = tools.operands(argument);
    if (decided(argument, tools, true)) return () => true;
    return (scope) => any.some((one) => isTrue(one(scope)));
  },
  $not: (argument, tools) => {
    const [operand] = tools.operands(argument, 1, 1) as [Expression];
    return (scope) => !isTrue(operand(scope));
  },
  $cond: condition,
  $ifNull: (argument, tools) => {
    const choices = tools.operands(argument);
    if (choices.length < 2) throw new MongoError(1257300, `$ifNull needs at least two arguments, had: ${choices.length}`);
    return (scope) => {
      let value: Maybe;
      for (const choice of choices) {
        value = choice(scope);
        if (!isNullish(value)) return value;
      }
      return value;
    };
  },
  $switch: switching,
  $let: letting,
};
