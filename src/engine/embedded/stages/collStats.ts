import { hostname } from 'node:os';
import { integer, object, readArguments } from '../arguments.ts';
import { maxInt32 } from '../bson/number.ts';
import { Doc, UtcDate } from '../bson/value.ts';
import { size, storageStats } from '../collection-stats.ts';
import { MongoError } from '../errors.ts';
import type { StageDefinition } from '../pipeline.ts';
import { collectionOrigin } from '../pipeline-origin.ts';

const fields = { latencyStats: object, storageStats: object, count: object, queryExecStats: object };

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/collStats/ */
export const stage: StageDefinition = {
  parse(argument, context) {
    if (!(argument instanceof Doc)) throw new MongoError(5447000, `$collStats must take a nested object but found: $collStats: ${String(argument)}`);
    const args = readArguments('$collStats', argument, fields);
    if (args.latencyStats || args.queryExecStats) throw new MongoError('NotImplemented', `$collStats with ${args.latencyStats ? 'latencyStats' : 'queryExecStats'} is not supported by this server`);
    const scale = args.storageStats && readArguments('$collStats.storageStats', args.storageStats, { scale: integer({ min: 1 }) }).scale;
    const { server, database, name } = collectionOrigin('$collStats', context);
    return {
      source: 'collection',
      *run() {
        if (server.store.view(database, name)) throw new MongoError('CommandNotSupportedOnView', `Namespace ${database}.${name} is a view, not a collection`);
        const collection = server.store.collection(database, name);
        if (!collection && (args.count || args.storageStats)) throw new MongoError('NamespaceNotFound', `Unable to retrieve ${args.count ? 'count' : 'storageStats'} in $collStats stage :: caused by :: Collection [${database}.${name}] not found.`);
        yield Doc.of({
          ns: `${database}.${name}`, host: hostname(), localTime: new UtcDate(BigInt(Date.now())),
          ...(args.storageStats ? { storageStats: storageStats(collection, Math.min(scale ?? 1, maxInt32)) } : {}), ...(args.count ? { count: size(collection?.size ?? 0) } : {}),
        });
      },
    };
  },
};
