import { MongoError } from '../errors.ts';
import { nameEnd, nameHash, readName, readShort } from './names.ts';
import { isSound } from './validate.ts';
import {
  BsonSymbol, Binary, bsonType, Code, DbPointer, Decimal128, Doc, Int32, MaxKey, MinKey, ObjectId, Regex, Timestamp, Undefined, UtcDate,
  type Value,
} from './value.ts';

/** Nested deeper than this, a document is refused, as the server refuses it. */
export const maxDepth = 200;

const small = Array.from({ length: 1152 }, (_, index) => new Int32(index - 128));

/** An int32; the small ones are shared. */
export function int32(value: number): Int32 {
  return small[value + 128] ?? new Int32(value);
}

/**
 * Decodes a document. What is decoded owns its bytes: nothing points into `bytes` afterwards.
 * @param except a field whose array is only checked, and is empty in what is returned
 * @throws MongoError InvalidBSON where it is damaged
 */
export function decodeDocument(bytes: Uint8Array, offset = 0, except?: string): Doc {
  try {
    return new Reader(bytes).document(offset, 0, except);
  } catch (error) {
    throw asInvalid(error);
  }
}

/** Decodes the value of an element; `offset` is where its value begins, after the name. */
export function decodeValue(type: number, bytes: Uint8Array, offset: number): Value {
  switch (type) {
    case bsonType.int: if (offset + 4 <= bytes.length) return int32(readInt(bytes, offset)); break;
    case bsonType.bool: if (offset < bytes.length) return bytes[offset] !== 0; break;
    case bsonType.null: return null;
    default:
  }
  try {
    return new Reader(bytes).value(type, offset, 0);
  } catch (error) {
    throw asInvalid(error);
  }
}

const readInt = (bytes: Uint8Array, at: number): number =>
  (bytes[at] as number) | ((bytes[at + 1] as number) << 8) | ((bytes[at + 2] as number) << 16) | ((bytes[at + 3] as number) << 24);

/** Reading behind the end of the bytes is what a wrong length leads to. */
const asInvalid = (error: unknown): unknown => (error instanceof RangeError ? invalid('a value ends before its length') : error);

const invalid = (what: string): MongoError => new MongoError('InvalidBSON', what);

/** Documents in which a name came twice, with all their fields. */
const repeating = new WeakMap<Doc, readonly (readonly [string, Value])[]>();
/** False until one comes: mostly none ever does, and every command asks. */
let anyRepeating = false;

/** True where a document was read in which a name came more than once: what looks a name up finds the last. */
export const repeatsNames = (doc: Doc): boolean => anyRepeating && repeating.has(doc);

/** The fields of a document as they came, a name as often as it came: each condition of a query counts, each operator of an update. */
export const fieldsOf = (doc: Doc): Iterable<readonly [string, Value]> => (anyRepeating ? repeating.get(doc) ?? doc : doc);

class Reader {
  readonly #bytes: Buffer;
  /** Where the value read last ended. */
  #end = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  document(offset: number, depth: number, except?: string): Doc {
    const bytes = this.#bytes;
    const doc = new Doc();
    const end = this.#open(offset, depth);
    // Which names came, as bits: only one whose bit is set may have come before.
    let seen = 0;
    let fields: (readonly [string, Value])[] | undefined;
    for (let at = offset + 4; at < end - 1;) {
      const name = readName(bytes, at + 1, end);
      if (name === undefined) throw invalid('a field name does not end');
      const bit = 1 << ((nameHash ^ (nameHash >>> 5)) & 31);
      if ((seen & bit) !== 0 && doc.has(name)) fields ??= [...doc];
      seen |= bit;
      let value: Value;
      if (name === except && bytes[at] === bsonType.array && isSound(bytes, nameEnd + 1, end - 1)) {
        value = [];
        this.#end = nameEnd + 1 + bytes.readInt32LE(nameEnd + 1);
      } else {
        value = this.value(bytes[at] as number, nameEnd + 1, depth + 1);
      }
      doc.set(name, value);
      fields?.push([name, value]);
      at = this.#end;
      if (at > end - 1) throw invalid('a value is longer than its document');
    }
    if (fields) {
      repeating.set(doc, fields);
      anyRepeating = true;
    }
    this.#end = end;
    return doc;
  }

  #array(offset: number, depth: number): Value[] {
    const bytes = this.#bytes;
    const array: Value[] = [];
    const end = this.#open(offset, depth);
    for (let at = offset + 4; at < end - 1;) {
      let nul = at + 1;
      while (nul < end && bytes[nul] !== 0) nul++;
      if (nul >= end) throw invalid('a field name does not end');
      array.push(this.value(bytes[at] as number, nul + 1, depth + 1));
      at = this.#end;
      if (at > end - 1) throw invalid('a value is longer than its document');
    }
    this.#end = end;
    return array;
  }

  /** Checks where the document at a place ends. */
  #open(offset: number, depth: number): number {
    const bytes = this.#bytes;
    if (depth > maxDepth) throw new MongoError('Overflow', `Document exceeds maximum nested object depth: ${maxDepth}`);
    if (offset + 5 > bytes.length) throw invalid('a document ends before its length');
    const length = bytes.readInt32LE(offset);
    const end = offset + length;
    if (length < 5 || end > bytes.length || bytes[end - 1] !== 0) throw invalid('a document has a wrong length');
    return end;
  }

  value(type: number, at: number, depth: number): Value {
    const bytes = this.#bytes;
    switch (type) {
      case bsonType.double: this.#end = at + 8; return bytes.readDoubleLE(at);
      case bsonType.string: return this.#string(at);
      case bsonType.object: return this.document(at, depth);
      case bsonType.array: return this.#array(at, depth);
      case bsonType.binData: return this.#binary(at);
      case bsonType.undefined: this.#end = at; return Undefined.value;
      case bsonType.objectId: return new ObjectId(this.#copy(at, 12));
      case bsonType.bool: this.#end = at + 1; return bytes.readUInt8(at) !== 0;
      case bsonType.date: this.#end = at + 8; return new UtcDate(bytes.readBigInt64LE(at));
      case bsonType.null: this.#end = at; return null;
      case bsonType.regex: {
        const pattern = this.#cstring(at);
        const options = this.#cstring(this.#end);
        return new Regex(pattern, options);
      }
      case bsonType.dbPointer: {
        const namespace = this.#string(at);
        return new DbPointer(namespace, new ObjectId(this.#copy(this.#end, 12)));
      }
      case bsonType.javascript: return new Code(this.#string(at));
      case bsonType.symbol: return new BsonSymbol(this.#string(at));
      case bsonType.javascriptWithScope: {
        const code = this.#string(at + 4);
        const scope = this.document(this.#end, depth);
        if (this.#end !== at + bytes.readInt32LE(at)) throw invalid('code with scope has a wrong length');
        return new Code(code, scope);
      }
      case bsonType.int: this.#end = at + 4; return int32(bytes.readInt32LE(at));
      case bsonType.timestamp: this.#end = at + 8; return new Timestamp(bytes.readUInt32LE(at + 4), bytes.readUInt32LE(at));
      case bsonType.long: this.#end = at + 8; return bytes.readBigInt64LE(at);
      case bsonType.decimal: return new Decimal128(this.#copy(at, 16));
      case bsonType.minKey: this.#end = at; return MinKey.value;
      case bsonType.maxKey: this.#end = at; return MaxKey.value;
      default: throw invalid(`unknown BSON type ${type}`);
    }
  }

  #string(at: number): string {
    const length = this.#bytes.readInt32LE(at);
    const end = at + 4 + length;
    if (length < 1 || end > this.#bytes.length || this.#bytes[end - 1] !== 0) throw invalid('a string has a wrong length');
    this.#end = end;
    return length <= 17 ? readShort(this.#bytes, at + 4, end - 1) : this.#bytes.toString('utf8', at + 4, end - 1);
  }

  #cstring(at: number): string {
    const nul = this.#bytes.indexOf(0, at);
    if (nul === -1) throw invalid('a string does not end');
    this.#end = nul + 1;
    return this.#bytes.toString('utf8', at, nul);
  }

  #binary(at: number): Binary {
    const length = this.#bytes.readInt32LE(at);
    const subtype = this.#bytes.readUInt8(at + 4);
    if (length < 0) throw invalid('binary data has a wrong length');
    return new Binary(subtype, this.#copy(at + 5, length));
  }

  #copy(at: number, length: number): Uint8Array {
    if (at + length > this.#bytes.length) throw invalid('a value ends before its length');
    this.#end = at + length;
    const copy = new Uint8Array(length);
    if (length > 32) copy.set(this.#bytes.subarray(at, at + length));
    else for (let index = 0; index < length; index++) copy[index] = this.#bytes[at + index] as number;
    return copy;
  }
}
