import { encodeDocument } from './bson/encode.ts';
import { toDouble } from './bson/number.ts';
import type { Doc, Numeric } from './bson/value.ts';
import { MongoError } from './errors.ts';
import { sortMemory } from './parameters.ts';
import type { Server } from './server-state.ts';

/** What a stage may hold where it may not use the disk, in bytes. */
export function stageMemory({ parameters }: Server): number {
  return toDouble(parameters.get(sortMemory) as Numeric);
}

/** The documents as they are. @throws MongoError 292 where they are together more than the limit, if there is one */
export function* spendOn(input: Iterable<Doc>, stage: string, limit: number | undefined): Iterable<Doc> {
  if (limit === undefined) return yield* input;
  let bytes = 0;
  for (const doc of input) {
    bytes += encodeDocument(doc).length;
    if (bytes > limit) throw new MongoError('QueryExceededMemoryLimitNoDiskUseAllowed', `${stage} exceeded memory limit of ${limit} bytes, but did not opt in to external sorting. Set allowDiskUse:true to opt in`);
    yield doc;
  }
}
