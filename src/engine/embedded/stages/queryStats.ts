import { object, readArguments } from '../arguments.ts';
import { Doc } from '../bson/value.ts';
import { MongoError } from '../errors.ts';
import type { StageDefinition } from '../pipeline.ts';
import { serverOrigin } from '../pipeline-origin.ts';

/** Statistics of query shapes: a server collects none before its sampling rate is set, which it is not here. https://www.mongodb.com/docs/manual/reference/operator/aggregation/queryStats/ */
export const stage: StageDefinition = {
  parse(argument, context) {
    if (!(argument instanceof Doc)) throw new MongoError('FailedToParse', '$queryStats value must be an object');
    readArguments('$queryStats', argument, { transformIdentifiers: object });
    const { database } = serverOrigin('$queryStats', context);
    if (database !== 'admin') throw new MongoError('InvalidNamespace', "$queryStats must be run against the 'admin' database with {aggregate: 1}");
    return { source: true, run: () => [] };
  },
};
