import { anything, bool, integer, readArguments, type ArgumentFields } from '../arguments.ts';
import { Doc } from '../bson/value.ts';
import { indexBytes } from '../collection-stats.ts';
import type { CommandDefinition } from '../command.ts';
import { isGeneric } from '../generic-arguments.ts';

const fields = { dbStats: anything, dbstats: anything, scale: integer({ min: 1 }), freeStorage: bool } satisfies ArgumentFields;

/** https://www.mongodb.com/docs/manual/reference/command/dbStats/ */
export const command: CommandDefinition = {
  aliases: ['dbstats'], fields,
  run({ server, database, body }) {
    const { scale = 1, freeStorage = false } = readArguments('dbStats', body, fields, isGeneric);
    const known = server.store.database(database);
    let [objects, bytes, storage, indexes, indexSize] = [0, 0, 0, 0, 0];
    for (const collection of known?.collections.values() ?? []) {
      objects += collection.size;
      bytes += collection.bytes;
      storage += collection.bytes + 4096;
      for (const index of collection.indexes.values()) {
        indexes++;
        indexSize += indexBytes(index.entries.size);
      }
    }
    const count = (number: number): bigint => BigInt(Math.floor(number));
    return Doc.of({
      db: database, collections: count(known?.collections.size ?? 0), views: count(known?.views.size ?? 0), objects: count(objects),
      avgObjSize: objects === 0 ? 0 : bytes / objects, dataSize: bytes / scale, storageSize: storage / scale, ...(freeStorage ? { freeStorageSize: 0 } : {}), indexes: count(indexes),
      indexSize: indexSize / scale, ...(freeStorage ? { indexFreeStorageSize: 0 } : {}), totalSize: (storage + indexSize) / scale,
      ...(freeStorage ? { totalFreeStorageSize: 0 } : {}), scaleFactor: count(scale), fsUsedSize: 0, fsTotalSize: 0,
    });
  },
};
