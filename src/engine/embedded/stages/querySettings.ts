import { readArguments, strictBool } from '../arguments.ts';
import { Doc } from '../bson/value.ts';
import { MongoError } from '../errors.ts';
import type { StageDefinition } from '../pipeline.ts';
import { serverOrigin } from '../pipeline-origin.ts';

/** Settings of query shapes: none can be made here, so there are none. https://www.mongodb.com/docs/manual/reference/operator/aggregation/querySettings/ */
export const stage: StageDefinition = {
  parse(argument, context) {
    if (!(argument instanceof Doc)) throw new MongoError('FailedToParse', '$querySettings stage expects a document as argument');
    readArguments('$querySettings', argument, { showDebugQueryShape: strictBool });
    serverOrigin('$querySettings', context);
    return { source: true, run: () => [] };
  },
};
