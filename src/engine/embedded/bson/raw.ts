import { MongoError } from '../errors.ts';
import { bsonType } from './value.ts';

/** One element of a raw document, by its places in the bytes. */
export interface RawElement {
  type: number;
  /** Where the name begins and ends. */
  nameStart: number;
  nameEnd: number;
  /** Where the value begins and ends. */
  start: number;
  end: number;
}

/** Where the value of a type that begins at `at` ends. */
export function skipValue(type: number, bytes: Buffer, at: number): number {
  switch (type) {
    case bsonType.double: case bsonType.date: case bsonType.timestamp: case bsonType.long: return at + 8;
    case bsonType.string: case bsonType.javascript: case bsonType.symbol: return at + 4 + bytes.readInt32LE(at);
    case bsonType.object: case bsonType.array: case bsonType.javascriptWithScope: return at + bytes.readInt32LE(at);
    case bsonType.binData: return at + 5 + bytes.readInt32LE(at);
    case bsonType.undefined: case bsonType.null: case bsonType.minKey: case bsonType.maxKey: return at;
    case bsonType.objectId: return at + 12;
    case bsonType.bool: return at + 1;
    case bsonType.int: return at + 4;
    case bsonType.decimal: return at + 16;
    case bsonType.regex: return bytes.indexOf(0, bytes.indexOf(0, at) + 1) + 1;
    case bsonType.dbPointer: return at + 4 + bytes.readInt32LE(at) + 12;
    default: throw new MongoError('InvalidBSON', `unknown BSON type ${type}`);
  }
}

/** Calls `visit` with each element of the document at `offset`, until it returns true. The element object is reused. */
export function scanElements(bytes: Buffer, offset: number, visit: (element: RawElement) => boolean | void): void {
  const end = offset + bytes.readInt32LE(offset) - 1;
  const element: RawElement = { type: 0, nameStart: 0, nameEnd: 0, start: 0, end: 0 };
  let at = offset + 4;
  while (at < end) {
    element.type = bytes[at] as number;
    element.nameStart = at + 1;
    element.nameEnd = nulAfter(bytes, at);
    element.start = element.nameEnd + 1;
    element.end = at = skipValue(element.type, bytes, element.start);
    if (visit(element)) return;
  }
}

/** The place of the NUL behind `at`, -1 where there is none. A name is short: a loop is faster than calling out. */
function nulAfter(bytes: Buffer, at: number): number {
  do at++;
  while (at < bytes.length && bytes[at] !== 0);
  return at < bytes.length ? at : -1;
}

/** A field's name as bytes, to look for in raw documents. */
export function nameBytes(name: string): Buffer {
  return Buffer.from(name, 'utf8');
}

/** Finds a field of the document at `offset`; false where it is missing. Fills `found`. */
export function findElement(bytes: Buffer, offset: number, name: Buffer, found: RawElement): boolean {
  const end = offset + bytes.readInt32LE(offset) - 1;
  const size = name.length;
  let at = offset + 4;
  while (at < end) {
    const type = bytes[at] as number;
    const nameStart = at + 1;
    let same = 0;
    while (same < size && bytes[nameStart + same] === name[same]) same++;
    if (same === size && bytes[nameStart + size] === 0) {
      found.type = type;
      found.nameStart = nameStart;
      found.nameEnd = nameStart + size;
      found.start = nameStart + size + 1;
      found.end = skipValue(type, bytes, found.start);
      return true;
    }
    let nameEnd = nameStart + same;
    while (bytes[nameEnd] !== 0) nameEnd++;
    at = skipValue(type, bytes, nameEnd + 1);
  }
  return false;
}
