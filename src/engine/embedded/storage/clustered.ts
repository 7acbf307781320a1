import { bsonType } from '../bson/value.ts';
import { scanElements } from '../bson/raw.ts';
import { StorageError } from './errors.ts';

/** The largest `_id` there can be in a clustered collection, where it is the record's own number: 8 MiB. */
const maxRecordIdBytes = 8 * 1024 * 1024;

/** @throws StorageError id-too-large */
export function checkRecordId(document: Buffer): void {
  // A document that is smaller has no `_id` that is larger.
  if (document.length < maxRecordIdBytes) return;
  let bytes = 0;
  scanElements(document, 0, ({ nameStart, nameEnd, start, end, type }) => {
    if (document.toString('latin1', nameStart, nameEnd) !== '_id') return;
    // As MongoDB encodes keys: a string has 2 bytes beside its own (5 in BSON), binary data 7 (5 in BSON).
    bytes = end - start + (type === bsonType.string ? -3 : type === bsonType.binData ? 2 : 0);
  });
  if (bytes > maxRecordIdBytes) throw new StorageError({ kind: 'id-too-large', bytes });
}
