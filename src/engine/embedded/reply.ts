import { encodeDocument } from './bson/encode.ts';
import { bsonType, Doc, type Value } from './bson/value.ts';
import { int32 } from './bson/decode.ts';
import type { MongoError } from './errors.ts';

/** The reply to a command that failed. */
export function errorReply(error: MongoError): Doc {
  const reply = Doc.of({ ok: 0, errmsg: error.message, code: int32(error.code), codeName: error.codeName });
  if (error.extra) for (const [name, value] of error.extra) if (!['errmsg', 'code', 'codeName', 'ok'].includes(name)) reply.set(name, value);
  return reply;
}

/** A write error of a reply's `writeErrors`. */
export function writeError(index: number, error: MongoError): Doc {
  const reply = Doc.of({ index: int32(index), code: int32(error.code) });
  if (error.extra) for (const [name, value] of error.extra) if (name !== 'errorLabels') reply.set(name, value);
  return reply.set('errmsg', error.message) as Doc;
}

/** A document with further fields at its end, without decoding it. */
export function withFields(bytes: Buffer, fields: Doc): Buffer {
  const more = encodeDocument(fields);
  const result = Buffer.allocUnsafe(bytes.length + more.length - 5);
  bytes.copy(result, 0, 0, bytes.length - 1);
  more.copy(result, bytes.length - 1, 4);
  result.writeInt32LE(result.length, 0);
  return result;
}

/**
 * The reply that carries a batch of a cursor: `{ cursor: { firstBatch|nextBatch: […], id, ns, … }, ok: 1 }`. The
 * documents go in as they are stored.
 */
export function cursorReply(batch: 'firstBatch' | 'nextBatch', documents: readonly Buffer[], id: bigint, namespace: string, inCursor?: Record<string, Value>, more?: Doc): Buffer {
  const cursorTail = tailOf(id, namespace, inCursor);
  let arraySize = 5;
  for (let index = 0; index < documents.length; index++) arraySize += (documents[index] as Buffer).length + 2 + digitsOf(index);
  const cursorSize = 4 + 1 + batch.length + 1 + arraySize + cursorTail.length;
  const size = 4 + 1 + 7 + cursorSize + okBytes.length;
  const bytes = Buffer.allocUnsafe(size);
  let at = bytes.writeInt32LE(size, 0);
  bytes[at++] = bsonType.object;
  at += bytes.write('cursor\0', at, 'latin1');
  at = bytes.writeInt32LE(cursorSize, at);
  bytes[at++] = bsonType.array;
  at += bytes.write(`${batch}\0`, at, 'latin1');
  at = bytes.writeInt32LE(arraySize, at);
  for (let index = 0; index < documents.length; index++) {
    const document = documents[index] as Buffer;
    bytes[at++] = bsonType.object;
    at = writeIndex(bytes, at, index);
    bytes[at++] = 0;
    bytes.set(document, at);
    at += document.length;
  }
  bytes[at++] = 0;
  at += cursorTail.copy(bytes, at);
  okBytes.copy(bytes, at);
  return more ? withFields(bytes, more) : bytes;
}

/** What comes after the batch in `cursor`, and its end. */
function tailOf(id: bigint, namespace: string, inCursor: Record<string, Value> | undefined): Buffer {
  if (inCursor) return encodeDocument(Doc.of({ ...inCursor, id, ns: namespace })).subarray(4);
  const nsBytes = Buffer.byteLength(namespace);
  const bytes = Buffer.allocUnsafe(12 + 8 + nsBytes + 2);
  bytes.write('\x12id\0', 0, 'latin1');
  bytes.writeBigInt64LE(id, 4);
  bytes.write('\x02ns\0', 12, 'latin1');
  bytes.writeInt32LE(nsBytes + 1, 16);
  bytes.write(namespace, 20, 'utf8');
  bytes.writeUInt16LE(0, 20 + nsBytes);
  return bytes;
}

/** `ok: 1` and the end of the document. */
const okBytes = encodeDocument(Doc.of({ ok: 1 })).subarray(4);

function digitsOf(index: number): number {
  return index < 10 ? 1 : index < 100 ? 2 : index < 1000 ? 3 : String(index).length;
}

function writeIndex(bytes: Buffer, at: number, index: number): number {
  if (index < 10) {
    bytes[at] = 48 + index;
    return at + 1;
  }
  return at + bytes.write(String(index), at, 'latin1');
}
