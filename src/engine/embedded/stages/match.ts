import { Doc } from '../bson/value.ts';
import { MongoError } from '../errors.ts';
import type { StageDefinition } from '../pipeline.ts';
import { parseFilter } from '../query/filter.ts';

export const stage: StageDefinition = {
  parse(argument, { query }) {
    if (!(argument instanceof Doc)) throw new MongoError(15959, 'the match filter must be an expression in an object');
    const filter = parseFilter(argument, query);
    return {
      filter,
      *run(input) {
        for (const doc of input) if (filter.matchesDoc(doc)) yield doc;
      },
    };
  },
};
