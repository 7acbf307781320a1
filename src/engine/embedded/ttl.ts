import { toDouble } from './bson/number.ts';
import { Doc, UtcDate, type Numeric } from './bson/value.ts';
import { findMatches, prepareFind } from './find-documents.ts';
import { operationContext } from './operation.ts';
import { ttlEnabled, ttlSleep } from './parameters.ts';
import type { Server } from './server-state.ts';
import type { Collection } from './storage/collection.ts';

/** As long as a timer can wait. */
const longestMs = 2 ** 31 - 1;

/** Looks for documents whose time is over until the server stops. https://www.mongodb.com/docs/manual/core/index-ttl/ */
export function startTtl(server: Server): void {
  const { parameters, stopping } = server;
  let timer: NodeJS.Timeout | undefined;
  const wait = (): void => {
    clearInterval(timer);
    timer = setInterval(look, Math.min(toDouble(parameters.get(ttlSleep) as Numeric) * 1000, longestMs)).unref();
  };
  const look = (): void => {
    if (parameters.get(ttlEnabled) === true) removeExpired(server, Date.now());
  };
  parameters.whenSet((name) => {
    if (name === ttlSleep) wait();
  });
  stopping.signal.addEventListener('abort', () => clearInterval(timer), { once: true });
  wait();
}

/** Removes the documents whose time was over at a moment, by all TTL indexes. @returns how many */
export function removeExpired(server: Server, now: number): number {
  let removed = 0;
  for (const database of server.store.databases()) {
    for (const collection of database.collections.values()) removed += removeFrom(collection, `${database.name}.${collection.name}`, now);
  }
  return removed;
}

function removeFrom(collection: Collection, namespace: string, now: number): number {
  let removed = 0;
  const expire = (path: string, seconds: number, includes: (document: Buffer) => boolean): void => {
    const latest = new UtcDate(BigInt(now - seconds * 1000));
    const prepared = prepareFind(collection, { filter: Doc.of({ [path]: Doc.of({ $lte: latest }) }) }, operationContext({}), namespace);
    for (const match of findMatches(prepared)) {
      // What a transaction has written is looked at again the next time.
      if (!match || collection.holders.has(match.id) || !includes(match.document)) continue;
      collection.remove(match.id);
      removed++;
    }
  };
  if (collection.expireAfterSeconds !== undefined) expire('_id', collection.expireAfterSeconds, () => true);
  for (const { spec, fields } of collection.indexes.values()) {
    const [field] = fields;
    if (spec.expireAfterSeconds !== undefined && field) expire(field.path.text, spec.expireAfterSeconds, (document) => spec.partial?.filter.matches(document) ?? true);
  }
  return removed;
}
