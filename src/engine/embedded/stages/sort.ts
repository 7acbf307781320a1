import { clampedInteger } from '../arguments.ts';
import { int32, repeatsNames } from '../bson/decode.ts';
import { showValue } from '../bson/show.ts';
import { Doc, isNumeric, type Value } from '../bson/value.ts';
import { MongoError } from '../errors.ts';
import { splitPath } from '../field-path.ts';
import type { StageDefinition } from '../pipeline.ts';
import { parseSort, sortBy } from '../query/sort.ts';
import { spendOn } from '../memory-limit.ts';

/** What documents of a query by text or by place carry; none is here. */
const needed = new Set(['textScore', 'geoNearDistance']);
/** What documents may carry beside themselves; where they do not, it has no say in their order. */
const optional = new Set(['randVal', 'searchScore', 'vectorSearchScore', 'score']);

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/sort/ */
export const stage: StageDefinition = {
  parse(argument, { query, memoryLimit }) {
    if (!(argument instanceof Doc)) throw new MongoError(15973, 'the $sort key specification must be an object');
    if (argument.size === 0) throw new MongoError(15976, '$sort stage must have at least one sort key');
    if (repeatsNames(argument)) throw new MongoError(7472500, '$sort key must not contain duplicate keys');
    const spec = new Doc();
    for (const [name, value] of argument) {
      if (value instanceof Doc) checkMeta(name, value);
      else spec.set(name, isNumeric(value) ? direction(clampedInteger(value), value) : value);
    }
    const sort = parseSort(spec, query.collation);
    return { sort, run: (input) => sortBy([...(memoryLimit === undefined ? input : spendOn(input, '$sort', memoryLimit))], sort, (doc) => sort.key(doc)) };
  },
};

/** A fraction is cut to the direction it is near. */
const direction = (whole: number, given: Value): Value => (Math.abs(whole) === 1 ? int32(whole) : given);

function checkMeta(name: string, spec: Doc): void {
  splitPath(name);
  const meta = spec.get('$meta');
  if (meta !== undefined && spec.size > 1) throw new MongoError('FailedToParse', `Cannot have additional keys in a $meta sort: ${showValue(spec)}`);
  if (meta === undefined) throw new MongoError(17312, '$meta is the only expression supported by $sort right now');
  if (typeof meta === 'string' && needed.has(meta)) throw new MongoError(40218, `query requires ${meta} metadata, but it is not available`);
  if (typeof meta !== 'string' || !optional.has(meta)) throw new MongoError(31138, `Illegal $meta sort: ${showValue(spec)}`);
}
