import { smallestInteger } from './bson/number.ts';
import { Doc, type Value } from './bson/value.ts';
import type { Collection } from './storage/collection.ts';

/** A number as statistics give it. */
export const size = (bytes: number, scale = 1): Value => smallestInteger(BigInt(Math.floor(bytes / scale)));

/** Bytes that an index takes, about. */
export const indexBytes = (entries: number): number => 4096 + entries * 32;

/** What `collStats` and `$collStats` say of a collection's storage. */
export function storageStats(collection: Collection | undefined, scale: number): Doc {
  const indexes = [...(collection?.indexes.values() ?? [])];
  const total = indexes.reduce((sum, index) => sum + indexBytes(index.entries.size), 0);
  const bytes = collection?.bytes ?? 0;
  const count = collection?.size ?? 0;
  const storage = collection ? 4096 + bytes : 0;
  return Doc.of({
    size: size(bytes, scale), count: size(count), ...(count > 0 ? { avgObjSize: size(bytes / count) } : {}), numOrphanDocs: size(0),
    storageSize: size(storage, scale), freeStorageSize: size(0), capped: collection?.capped !== undefined,
    ...(collection?.capped ? { max: size(Number.isFinite(collection.capped.documents) ? collection.capped.documents : 0), maxSize: size(collection.capped.bytes, scale) } : {}),
    nindexes: size(indexes.length), indexBuilds: [], totalIndexSize: size(total, scale), totalSize: size(total + storage, scale),
    indexSizes: new Doc(indexes.map((index) => [index.spec.name, size(indexBytes(index.entries.size), scale)])), scaleFactor: size(scale),
  });
}
