import { Doc, type Value } from '../bson/value.ts';
import { MongoError } from '../errors.ts';
import type { StageDefinition } from '../pipeline.ts';
import { parseFilter, type Filter } from '../query/filter.ts';

export const stage: StageDefinition = {
  parse(argument, { query }) {
    if (!(argument instanceof Doc)) throw new MongoError(15959, 'the match filter must be an expression in an object');
    refuseNear(argument);
    const filter = parseFilter(argument, query);
    return { filter, run: (input) => matching(input, filter) };
  },
};

function* matching(input: Iterable<Doc>, filter: Filter): Iterable<Doc> {
  for (const doc of input) if (filter.matchesDoc(doc)) yield doc;
}

const sorting = new Set(['$near', '$nearSphere', '$geoNear']);

/** @throws MongoError for what also sorts, which a `$match` may not */
function refuseNear(value: Value): void {
  if (Array.isArray(value)) value.forEach(refuseNear);
  if (!(value instanceof Doc)) return;
  for (const [name, inner] of value) {
    if (sorting.has(name)) throw new MongoError(5626500, `$geoNear, $near, and $nearSphere are not allowed in this context, as these operators require sorting geospatial data: ${name}`);
    if (name !== '$expr' && name !== '$eq' && name !== '$in') refuseNear(inner);
  }
}
