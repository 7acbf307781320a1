import { wrongType, type Argument } from './arguments.ts';
import { Binary, Doc, type Value } from './bson/value.ts';
import { MongoError } from './errors.ts';
import type { Server } from './server-state.ts';

/** A UUID. */
export const uuid: Argument<Binary> = {
  parse(value: Value, field) {
    if (!(value instanceof Binary)) throw wrongType(field, value, ['binData']);
    if (value.subtype !== 4) throw new MongoError('TypeMismatch', `BSON field '${field}' is the wrong binData type '${value.subtype}', expected type 'UUID'`);
    if (value.bytes.length !== 16) throw new MongoError('InvalidUUID', 'uuid must be a 16-byte binary field with UUID (4) subtype');
    return value;
  },
};

/** @throws MongoError CollectionUUIDMismatch where the collection of that name is another one */
export function checkCollectionUuid(server: Server, database: string, name: string, expected: Binary | undefined): void {
  if (!expected) return;
  const collection = server.store.collection(database, name);
  if (collection && Buffer.compare(collection.uuid.bytes, expected.bytes) === 0) return;
  const actual = [...(server.store.database(database)?.collections.values() ?? [])].find((other) => Buffer.compare(other.uuid.bytes, expected.bytes) === 0);
  throw new MongoError('CollectionUUIDMismatch', 'Collection UUID does not match that specified',
    Doc.of({ db: database, collectionUUID: expected, expectedCollection: name, actualCollection: actual?.name ?? null }));
}
