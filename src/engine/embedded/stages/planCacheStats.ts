import { Doc } from '../bson/value.ts';
import { MongoError } from '../errors.ts';
import type { StageDefinition } from '../pipeline.ts';
import { collectionOrigin } from '../pipeline-origin.ts';

/** A plan is made anew for every query: none is kept to be shown. https://www.mongodb.com/docs/manual/reference/operator/aggregation/planCacheStats/ */
export const stage: StageDefinition = {
  parse(argument, context) {
    if (!(argument instanceof Doc)) throw new MongoError('FailedToParse', '$planCacheStats value must be an object');
    collectionOrigin('$planCacheStats', context);
    return { source: 'collection', *run() { /* nothing is kept */ } };
  },
};
