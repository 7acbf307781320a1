import { encodeBriefly, encodeDocument } from './bson/encode.ts';
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
  return joined(bytes, encodeBriefly(fields));
}

/** A document with another's fields at its end. */
export function joined(bytes: Buffer, more: Buffer): Buffer {
  const result = Buffer.allocUnsafe(bytes.length + more.length - 5);
  bytes.copy(result, 0, 0, bytes.length - 1);
  more.copy(result, bytes.length - 1, 4);
  result.writeInt32LE(result.length, 0);
  return result;
}

type Batch = 'firstBatch' | 'nextBatch';

/** What comes before a batch, with places for the lengths of the reply, of `cursor` and of the batch. */
const heads: Readonly<Record<Batch, Buffer>> = { firstBatch: headOf('firstBatch'), nextBatch: headOf('nextBatch') };

function headOf(batch: Batch): Buffer {
  return Buffer.from(`....\x03cursor\0....\x04${batch}\0....`, 'latin1');
}

/** Where the length of `cursor` stands. */
const cursorAt = 12;

/** What comes behind a batch, with places for a cursor's id and the length of the namespace. */
const tail = Buffer.from('\0\x12id\0\0\0\0\0\0\0\0\0\x02ns\0....', 'latin1');

/** `ok: 1` and the end of the document. */
const okBytes = encodeDocument(Doc.of({ ok: 1 })).subarray(4);

/** What comes behind the namespace: the ends of it and of `cursor`, `ok: 1`, the end of the document. */
const last = Buffer.concat([Buffer.alloc(2), okBytes]);

/**
 * The reply that carries a batch of a cursor: `{ cursor: { firstBatch|nextBatch: […], id, ns, … }, ok: 1 }`. The
 * documents go in as they are stored.
 */
export function cursorReply(batch: Batch, documents: readonly Buffer[], id: bigint, namespace: string, inCursor?: Record<string, Value>, more?: Doc): Buffer {
  const head = heads[batch];
  const own = inCursor && encodeBriefly(Doc.of({ ...inCursor, id, ns: namespace }));
  const nsSize = textSize(namespace);
  const tailSize = own ? 1 + own.length - 4 + okBytes.length : tail.length + nsSize + last.length;
  let arraySize = 5;
  for (let index = 0; index < documents.length; index++) arraySize += (documents[index] as Buffer).length + 2 + digitsOf(index);
  // The batch's end counts as the tail's first byte.
  const size = head.length + arraySize - 5 + tailSize;
  const bytes = Buffer.allocUnsafe(size);
  bytes.set(head);
  bytes.writeInt32LE(size, 0);
  bytes.writeInt32LE(size - cursorAt - okBytes.length, cursorAt);
  bytes.writeInt32LE(arraySize, head.length - 4);
  let at = head.length;
  for (let index = 0; index < documents.length; index++) {
    const document = documents[index] as Buffer;
    bytes[at++] = bsonType.object;
    at = writeIndex(bytes, at, index);
    bytes[at++] = 0;
    bytes.set(document, at);
    at += document.length;
  }
  if (own) {
    bytes[at] = 0;
    own.copy(bytes, at + 1, 4);
    okBytes.copy(bytes, size - okBytes.length);
  } else {
    bytes.set(tail, at);
    if (id !== 0n) bytes.writeBigInt64LE(id, at + 5);
    at = bytes.writeInt32LE(nsSize + 1, at + tail.length - 4);
    writeText(bytes, namespace, at, nsSize);
    bytes.set(last, at + nsSize);
  }
  return more ? withFields(bytes, more) : bytes;
}

/** How many bytes a text has. */
function textSize(text: string): number {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0x7f) return Buffer.byteLength(text);
  return text.length;
}

function writeText(bytes: Buffer, text: string, at: number, size: number): void {
  if (size !== text.length) bytes.write(text, at, 'utf8');
  else for (let index = 0; index < size; index++) bytes[at + index] = text.charCodeAt(index);
}

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
