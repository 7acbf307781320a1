import { clampedInteger } from './arguments.ts';
import { Doc, isNumeric, type Maybe } from './bson/value.ts';
import type { CommandContext } from './command.ts';
import { cappedOptions } from './create-options.ts';
import { MongoError } from './errors.ts';
import type { Collection } from './storage/collection.ts';
import { createCollection } from './write-access.ts';

/** Reads the size of a capped collection that another is made to. @throws MongoError where it is none */
export function readSize(value: Maybe): number {
  if (!isNumeric(value)) throw new MongoError('InvalidOptions', 'Capped collection size must be a number');
  const size = clampedInteger(value);
  if (size <= 0) throw new MongoError('InvalidOptions', 'Capped collection size must be greater than zero');
  if (size > 2 ** 50) throw new MongoError('BadValue', 'Capped collection size cannot exceed a petabyte');
  return size;
}

/** Copies the newest documents that fit into a capped collection, which has an index on `_id` alone. */
export function cappedCopy({ server, database }: CommandContext, from: Collection, name: string, size: number): Collection {
  const copy = createCollection(server, database, name);
  copy.options = new Doc(cappedOptions(size, undefined));
  let bytes = 0;
  const taken: Buffer[] = [];
  for (const id of from.recordsBackward()) {
    const document = from.get(id);
    if (!document) continue;
    bytes += document.length;
    if (bytes > size && taken.length > 0) break;
    taken.push(document);
  }
  for (const document of taken.reverse()) copy.insert(document);
  copy.capped = { bytes: Math.max(size, 256), documents: Infinity };
  return copy;
}

/** The collection that a command makes a copy of. @throws MongoError where there is none, or it is a view */
export function copied({ server, database }: CommandContext, name: string): Collection {
  if (server.store.view(database, name)) throw new MongoError('CommandNotSupportedOnView', `cannot make a view a capped collection: ${database}.${name}`);
  const collection = server.store.collection(database, name);
  if (!collection) throw new MongoError('NamespaceNotFound', `source collection ${database}.${name} does not exist`);
  return collection;
}
