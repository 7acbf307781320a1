import { compareValues } from '../bson/compare.ts';
import { int32 } from '../bson/decode.ts';
import { isNaNValue, isWhole, maxInt32, toDouble } from '../bson/number.ts';
import { Doc, isNumeric, typeName, type Numeric, type Value } from '../bson/value.ts';
import { parseAccumulator } from '../accumulator.ts';
import { MongoError } from '../errors.ts';
import { parseExpression } from '../expression.ts';
import type { StageDefinition } from '../pipeline.ts';
import { preferredNumbers, seriesNames } from '../preferred-numbers.ts';
import type { Scope } from '../variables.ts';

interface Item {
  scope: Scope;
  value: Value;
}

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/bucketAuto/ */
export const stage: StageDefinition = {
  parse(argument, { query }) {
    if (!(argument instanceof Doc)) throw new MongoError(40240, `The argument to $bucketAuto must be an object, but found type: ${typeName(argument)}.`);
    for (const [name, value] of argument) checkOption(name, value);
    const [groupBy, buckets, output] = ['groupBy', 'buckets', 'output'].map((name) => argument.get(name));
    if (groupBy === undefined || buckets === undefined) throw new MongoError(40246, "$bucketAuto requires 'groupBy' and 'buckets' to be specified");
    const granularity = argument.get('granularity');
    const series = typeof granularity === 'string' ? preferredNumbers(granularity) : undefined;
    const key = parseExpression(groupBy, query);
    const count = toDouble(buckets as number);
    const fields = [...(output instanceof Doc && output.size > 0 ? output : Doc.of({ count: Doc.of({ $sum: int32(1) }) }))].map(([name, spec]) => {
      if (name === '_id') throw new MongoError(15948, "group's field cannot be named _id");
      if (name.includes('.')) throw new MongoError(40235, `The field name '${name}' cannot contain '.'`);
      if (name.startsWith('$')) throw new MongoError(40236, `The field name '${name}' cannot be an operator name`);
      return { name, accumulator: parseAccumulator(name, spec, query) };
    });
    const compare = (a: Item | undefined, b: Item | undefined): number => compareValues(a?.value, b?.value, query.collation);
    return {
      *run(input) {
        const items: Item[] = [];
        for (const doc of input) {
          const scope = { root: doc, current: doc, bound: query.variables };
          const value = key(scope) ?? null;
          if (series) checkNumber(value);
          items.push({ scope, value });
        }
        items.sort(compare);
        const size = Math.max(1, Math.round(items.length / count));
        let min: Value = series && items[0] ? series.below(items[0].value as Numeric) : (items[0]?.value ?? null);
        for (let from = 0, made = 1; from < items.length; made++) {
          let to = made === count ? items.length : Math.min(items.length, from + size);
          // Equal values stay together.
          while (to < items.length && compare(items[to], items[to - 1]) === 0) to++;
          let max = ((items[to] ?? items[to - 1]) as Item).value;
          if (series) {
            max = series.above((items[to - 1] as Item).value as Numeric);
            while (to < items.length && compareValues((items[to] as Item).value, max) < 0) to++;
          }
          const bucket = items.slice(from, to);
          const states = fields.map(({ accumulator }) => accumulator.begin((bucket[0] as Item).scope));
          for (const { scope } of bucket) fields.forEach(({ accumulator }, index) => states[index]?.add(accumulator.expression(scope), scope));
          const id = Doc.of({ min, max });
          min = max;
          yield Doc.of([['_id', id] as const, ...fields.map(({ name }, index) => [name, states[index]?.result()] as const)]);
          from = to;
        }
      },
    };
  },
};

/** @throws MongoError where a value has no place among preferred numbers */
function checkNumber(value: Value): void {
  if (!isNumeric(value)) throw new MongoError(40258, `$bucketAuto can specify a 'granularity' with numeric boundaries only, but found a value with type: ${typeName(value)}`);
  if (isNaNValue(value)) throw new MongoError(40259, "$bucketAuto can specify a 'granularity' with numeric boundaries only, but found a NaN");
  if (toDouble(value) < 0) throw new MongoError(40260, "$bucketAuto can specify a 'granularity' with non-negative numbers only, but found a negative number");
}

function checkOption(name: string, value: Value): void {
  switch (name) {
    case 'groupBy':
      if (!(typeof value === 'string' && value.startsWith('$')) && !(value instanceof Doc && [...value.keys()][0]?.startsWith('$'))) {
        throw new MongoError(40239, "The $bucketAuto 'groupBy' field must be defined as a $-prefixed path or an expression object");
      }
      return;
    case 'buckets':
      if (!isNumeric(value)) throw new MongoError(40241, `The $bucketAuto 'buckets' field must be a numeric value, but found type: ${typeName(value)}`);
      if (!isWhole(value) || Math.abs(toDouble(value)) > maxInt32) throw new MongoError(40242, "The $bucketAuto 'buckets' field must be representable as a 32-bit integer");
      if (toDouble(value) <= 0) throw new MongoError(40243, "The $bucketAuto 'buckets' field must be greater than 0");
      return;
    case 'output':
      if (!(value instanceof Doc)) throw new MongoError(40244, `The $bucketAuto 'output' field must be an object, but found type: ${typeName(value)}`);
      return;
    case 'granularity':
      if (typeof value !== 'string') throw new MongoError(40261, `The $bucketAuto 'granularity' field must be a string, but found type: ${typeName(value)}`);
      if (!seriesNames.includes(value)) throw new MongoError(40257, `Unknown rounding granularity '${value}'`);
      return;
    default: throw new MongoError(40245, `Unrecognized option to $bucketAuto: ${name}`);
  }
}
