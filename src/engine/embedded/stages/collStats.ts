import { hostname } from 'node:os';
import { integer, object, readArguments, strictBool } from '../arguments.ts';
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
    const histograms = args.latencyStats && (readArguments('$collStats.latencyStats', args.latencyStats, { histograms: { ...strictBool, takesNull: true } }).histograms ?? false);
    for (const name of ['count', 'queryExecStats'] as const) {
      if (args[name] && args[name].size > 0) throw new MongoError(31170, `${name} argument to $collStats must be an empty object, but got: ${[...args[name].keys()].join(', ')}`);
    }
    // Other options of it are for servers with shards.
    const scale = args.storageStats && readArguments('$collStats.storageStats', args.storageStats, { scale: integer({ min: 1 }) }, (name) => name !== 'scale').scale;
    const { server, database, asked: name } = collectionOrigin('$collStats', context);
    const namespace = `${database}.${name}`;
    return {
      source: 'collection',
      *run() {
        const needs = (['storageStats', 'count', 'queryExecStats'] as const).find((one) => args[one]);
        if (needs && server.store.view(database, name)) throw new MongoError('CommandNotSupportedOnView', `Namespace ${namespace} is a view, not a collection`);
        const collection = server.store.collection(database, name);
        if (!collection && needs) throw new MongoError('NamespaceNotFound', `Unable to retrieve ${needs} in $collStats stage :: caused by :: Collection [${namespace}] not found.`);
        const scans = BigInt(collection?.scans ?? 0);
        yield Doc.of({
          ns: namespace, host: hostname(), localTime: new UtcDate(BigInt(Date.now())),
          ...(histograms === undefined ? {} : { latencyStats: server.usage.show(collection ?? server.store.view(database, name), histograms) }),
          ...(args.storageStats ? { storageStats: storageStats(collection, Math.min(scale ?? 1, maxInt32)) } : {}), ...(args.count ? { count: size(collection?.size ?? 0) } : {}),
          ...(args.queryExecStats ? { queryExecStats: Doc.of({ collectionScans: Doc.of({ total: scans, nonTailable: scans - BigInt(collection?.tails ?? 0) }) }) } : {}),
        });
      },
    };
  },
};
