import { Doc } from '../bson/value.ts';
import { MongoError } from '../errors.ts';
import type { StageDefinition } from '../pipeline.ts';
import { parseSort, sortBy } from '../query/sort.ts';

export const stage: StageDefinition = {
  parse(argument, { query }) {
    if (!(argument instanceof Doc)) throw new MongoError(15973, 'the $sort key specification must be an object');
    if (argument.size === 0) throw new MongoError(15976, '$sort stage must have at least one sort key');
    const sort = parseSort(argument, query.collation);
    return { sort, run: (input) => sortBy([...input], sort, (doc) => sort.key(doc)) };
  },
};
