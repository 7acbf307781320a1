import { hostname } from 'node:os';
import { Doc, UtcDate } from '../bson/value.ts';
import { MongoError } from '../errors.ts';
import type { StageDefinition } from '../pipeline.ts';
import { collectionOrigin } from '../pipeline-origin.ts';

/** How often each index was used. https://www.mongodb.com/docs/manual/reference/operator/aggregation/indexStats/ */
export const stage: StageDefinition = {
  parse(argument, context) {
    if (!(argument instanceof Doc) || argument.size > 0) throw new MongoError(28803, 'The $indexStats stage specification must be an empty object');
    const { server, database, name } = collectionOrigin('$indexStats', context);
    return {
      source: 'collection',
      *run() {
        for (const { spec, uses } of server.store.collection(database, name)?.indexes.values() ?? []) {
          yield Doc.of({
            name: spec.name, key: spec.pattern, host: hostname(), accesses: Doc.of({ ops: BigInt(uses.count), since: new UtcDate(BigInt(uses.since)) }), spec: spec.shown,
          });
        }
      },
    };
  },
};
