import { compareValues, typeOrder } from '../bson/compare.ts';
import { int32 } from '../bson/decode.ts';
import { Doc, typeName, type Value } from '../bson/value.ts';
import { parseAccumulator } from '../accumulator.ts';
import { MongoError } from '../errors.ts';
import { evaluate, isConstantValue, parseExpression } from '../expression.ts';
import type { StageDefinition } from '../pipeline.ts';
import { outOfSlots } from '../slot-values.ts';
import type { QueryContext } from '../variables.ts';

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/bucket/ */
export const stage: StageDefinition = {
  parse(argument, context) {
    const { query } = context;
    if (!(argument instanceof Doc)) throw new MongoError(40201, `Argument to $bucket stage must be an object, but found type: ${typeName(argument)}.`);
    const [groupBy, given, output, other] = ['groupBy', 'boundaries', 'output', 'default'].map((name) => argument.get(name));
    for (const [name, value] of argument) {
      if (!['groupBy', 'boundaries', 'default', 'output'].includes(name)) throw new MongoError(40197, `Unrecognized option to $bucket: ${name}.`);
      checkOption(name, value);
    }
    if (groupBy === undefined || given === undefined) throw new MongoError(40198, "$bucket requires 'groupBy' and 'boundaries' to be specified.");
    const boundaries = readBoundaries(given as Value[], query);
    const fallback = other === undefined ? undefined : constant(other, query, 40195, 'The $bucket \'default\' field must be a constant value');
    if (fallback !== undefined && compareValues(fallback, boundaries[0], query.collation) >= 0 && compareValues(fallback, boundaries.at(-1), query.collation) < 0) {
      throw new MongoError(40199, "The $bucket 'default' field must be less than the lowest boundary or greater than or equal to the highest boundary.");
    }
    const key = parseExpression(groupBy, query);
    const fields = [...(output instanceof Doc ? output : Doc.of({ count: Doc.of({ $sum: int32(1) }) }))].map(([name, one]) => {
      if (name === '_id') throw new MongoError(15948, "group's field cannot be named _id");
      if (name.includes('.')) throw new MongoError(40235, `The field name '${name}' cannot contain '.'`);
      if (name.startsWith('$')) throw new MongoError(40236, `The field name '${name}' cannot be an operator name`);
      return { name, accumulator: parseAccumulator(name, one, query) };
    });
    return {
      *run(input) {
        const groups = new Map<number, { id: Value; states: ReturnType<(typeof fields)[number]['accumulator']['begin']>[] }>();
        for (const doc of input) {
          const scope = { root: doc, current: doc, bound: query.variables };
          const value = key(scope) ?? null;
          const at = find(boundaries, value, query);
          if (at === undefined && fallback === undefined) throw new MongoError(40069, '$switch could not find a matching branch for an input, and no default was specified.');
          const id = at === undefined ? (fallback as Value) : (boundaries[at] as Value);
          let group = groups.get(at ?? -1);
          if (!group) groups.set(at ?? -1, (group = { id, states: fields.map(({ accumulator }) => accumulator.begin(scope)) }));
          fields.forEach(({ accumulator }, index) => group.states[index]?.add(accumulator.expression(scope), scope));
        }
        const ordered = [...groups.values()].sort((a, b) => compareValues(a.id, b.id, query.collation));
        for (const { id, states } of ordered) {
          const doc = Doc.of([['_id', id] as const, ...fields.map(({ name }, index) => [name, states[index]?.result()] as const)]);
          // It is a $group with a $sort behind it.
          yield context.nested ? doc : outOfSlots(doc);
        }
      },
    };
  },
};

function checkOption(name: string, value: Value): void {
  if (name === 'groupBy' && !(typeof value === 'string' && value.startsWith('$')) && !(value instanceof Doc && [...value.keys()][0]?.startsWith('$'))) {
    throw new MongoError(40202, "The $bucket 'groupBy' field must be defined as a $-prefixed path or an expression.");
  }
  if (name === 'boundaries' && !Array.isArray(value)) throw new MongoError(40200, `The $bucket 'boundaries' field must be an array, but found type: ${typeName(value)}.`);
  if (name === 'output' && !(value instanceof Doc)) throw new MongoError(40196, `The $bucket 'output' field must be an object, but found type: ${typeName(value)}.`);
}

function constant(value: Value, query: QueryContext, code: number, message: string): Value {
  const parsed = parseExpression(value, query);
  if (!isConstantValue(value)) throw new MongoError(code, message);
  return evaluate(parsed, new Doc(), query) ?? null;
}

function readBoundaries(given: readonly Value[], query: QueryContext): Value[] {
  const boundaries = given.map((value) => constant(value, query, 40191, "The $bucket 'boundaries' field must be an array of constant values"));
  if (boundaries.length < 2) throw new MongoError(40192, "The $bucket 'boundaries' field must have at least 2 values");
  for (let index = 1; index < boundaries.length; index++) {
    const [low, high] = [boundaries[index - 1], boundaries[index]];
    if (typeOrder(low) !== typeOrder(high)) throw new MongoError(40193, "All values in the 'boundaries' option to $bucket must have the same type");
    if (compareValues(low, high, query.collation) >= 0) throw new MongoError(40194, "The 'boundaries' option to $bucket must be sorted in ascending order");
  }
  return boundaries;
}

/** The bucket that a value falls into. */
function find(boundaries: readonly Value[], value: Value, query: QueryContext): number | undefined {
  if (compareValues(value, boundaries[0], query.collation) < 0 || compareValues(value, boundaries.at(-1), query.collation) >= 0) return undefined;
  let [low, high] = [0, boundaries.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (compareValues(boundaries[middle], value, query.collation) <= 0) low = middle;
    else high = middle;
  }
  return low;
}
