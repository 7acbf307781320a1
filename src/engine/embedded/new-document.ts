import { randomBytes } from 'node:crypto';
import { decodeDocument } from './bson/decode.ts';
import { scanElements } from './bson/raw.ts';
import { validateDocument } from './bson/validate.ts';
import { bsonType, Doc, ObjectId, Regex, Timestamp, Undefined, type Value } from './bson/value.ts';
import { MongoError } from './errors.ts';

const processPart = randomBytes(5);
let counter = randomBytes(3).readUIntBE(0, 3);

/** A new ObjectId: seconds, five random bytes of this process, a counter. */
export function newObjectId(): ObjectId {
  const bytes = Buffer.allocUnsafeSlow(12);
  bytes.writeUInt32BE(Math.floor(Date.now() / 1000), 0);
  processPart.copy(bytes, 4);
  counter = (counter + 1) & 0xffffff;
  bytes.writeUIntBE(counter, 9, 3);
  return new ObjectId(bytes);
}

let lastSecond = 0;
let increment = 0;

/** A timestamp that no other of this process equals. */
export function nextTimestamp(): Timestamp {
  const second = Math.floor(Date.now() / 1000);
  increment = second === lastSecond ? increment + 1 : 1;
  lastSecond = second;
  return new Timestamp(second, increment);
}

/** @throws MongoError where a value may not be an `_id` */
export function checkId(id: Value): void {
  if (id instanceof Regex) throw new MongoError('InvalidIdField', "can't use a regex for _id");
  if (id instanceof Undefined) throw new MongoError('InvalidIdField', "can't use a undefined for _id");
  if (Array.isArray(id)) throw new MongoError('InvalidIdField', "can't use an array for _id");
  if (id instanceof Doc) {
    for (const name of id.keys()) {
      if (name.startsWith('$')) throw new MongoError('DollarPrefixedFieldName', `_id fields may not contain '$'-prefixed fields: ${name} is not valid for storage.`);
    }
  }
}

/**
 * Makes a document that came from a client ready to be stored: checked, `_id` first (a new ObjectId where it lacks),
 * empty timestamps filled in. All else is stored byte for byte.
 * @throws MongoError where it cannot be stored
 */
export function prepareInsert(bytes: Buffer): Buffer {
  validateDocument(bytes);
  let ids = 0;
  let first = true;
  let [idType, idStart, idEnd] = [0, 0, 0];
  let empty: number[] | undefined;
  scanElements(bytes, 0, (element) => {
    const isId = element.nameEnd - element.nameStart === 3 && bytes[element.nameStart] === 0x5f && bytes[element.nameStart + 1] === 0x69 && bytes[element.nameStart + 2] === 0x64;
    if (isId) {
      ids++;
      idType = element.type;
      if (!first) [idStart, idEnd] = [element.nameStart - 1, element.end];
    } else if (element.type === bsonType.timestamp && bytes.readBigUInt64LE(element.start) === 0n) {
      (empty ??= []).push(element.start);
    }
    first = false;
  });
  if (ids > 1) throw new MongoError('BadValue', "can't have multiple _id fields in one document");
  if (ids === 1 && (idType === bsonType.array || idType === bsonType.regex || idType === bsonType.undefined || idType === bsonType.object)) {
    checkId(decodeDocument(bytes).get('_id') as Value);
  }
  if (ids === 0) return filled(withId(bytes, newObjectId()), empty, (at) => at + objectIdLength);
  if (idStart === 0) return empty ? filled(Buffer.from(bytes), empty, (at) => at) : bytes;
  return filled(withIdInFront(bytes, idStart, idEnd), empty, (at) => (at < idStart ? at + idEnd - idStart : at));
}

/** The document with times in the place of its empty timestamps; `moved` tells where each is now. */
function filled(document: Buffer, empty: readonly number[] | undefined, moved: (at: number) => number): Buffer {
  for (const was of empty ?? []) {
    const { t, i } = nextTimestamp();
    document.writeUInt32LE(i, moved(was));
    document.writeUInt32LE(t, moved(was) + 4);
  }
  return document;
}

/** The same for a decoded document: an upsert's. */
export function storable(doc: Doc): Doc {
  const result = new Doc([['_id', doc.has('_id') ? (doc.get('_id') as Value) : newObjectId()]]);
  for (const [name, value] of doc) {
    if (name !== '_id') result.set(name, value instanceof Timestamp && value.t === 0 && value.i === 0 ? nextTimestamp() : value);
  }
  return result;
}

function withIdInFront(bytes: Buffer, start: number, end: number): Buffer {
  const result = Buffer.allocUnsafeSlow(bytes.length);
  bytes.copy(result, 0, 0, 4);
  bytes.copy(result, 4, start, end);
  bytes.copy(result, 4 + end - start, 4, start);
  bytes.copy(result, end, end);
  return result;
}

/** How many bytes a field `_id` with an ObjectId takes. */
const objectIdLength = 17;

function withId(bytes: Buffer, id: ObjectId): Buffer {
  const result = Buffer.allocUnsafeSlow(bytes.length + objectIdLength);
  result.writeInt32LE(result.length, 0);
  result[4] = bsonType.objectId;
  result.write('_id\0', 5, 'latin1');
  result.set(id.bytes, 9);
  bytes.copy(result, 21, 4);
  return result;
}
