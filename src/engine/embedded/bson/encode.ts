import { MongoError } from '../errors.ts';
import { maxStoredDepth } from './validate.ts';
import {
  BsonSymbol, Binary, Code, DbPointer, Decimal128, Doc, Int32, ObjectId, RawDoc, Regex, Timestamp, typeByte, UtcDate, type Value,
} from './value.ts';

/** Encodes a document. The buffer is the caller's. */
export function encodeDocument(doc: Doc): Buffer {
  const writer = new Writer();
  writer.document(doc);
  return writer.take();
}

/**
 * The same for a document that is stored: what has to be read again may not be nested deeper than what is read.
 * @throws MongoError Overflow
 */
export function encodeStored(doc: Doc): Buffer {
  const writer = new Writer(maxStoredDepth);
  writer.document(doc);
  return writer.take();
}

/** The same for bytes that are not kept: who kept them would keep those beside them too. */
export function encodeBriefly(doc: Doc): Buffer {
  const writer = new Writer();
  writer.document(doc);
  return writer.take(Buffer.allocUnsafe(writer.length));
}

/** The same behind so many bytes, which the caller fills. */
export function encodeBehind(room: number, doc: Doc): Buffer {
  const writer = new Writer();
  writer.document(doc);
  return writer.take(Buffer.allocUnsafe(room + writer.length), room);
}

let scratch = Buffer.allocUnsafeSlow(64 * 1024);

/** More than any message may have, and than any document on its way through a pipeline. */
const mostBytes = 128 * 1024 * 1024;

/** Writes into a scratch buffer that grows and is shared between calls; encoding never yields, so no two overlap. */
class Writer {
  #at = 0;
  /** In how many documents and arrays it is, the outermost left out. */
  #depth = -1;
  readonly #most: number;

  constructor(most = Infinity) {
    this.#most = most;
  }

  get length(): number {
    return this.#at;
  }

  take(bytes = Buffer.allocUnsafeSlow(this.#at), start = 0): Buffer {
    // Few bytes are copied faster one by one.
    if (this.#at > 64) scratch.copy(bytes, start, 0, this.#at);
    else for (let index = 0; index < this.#at; index++) bytes[start + index] = scratch[index] as number;
    if (scratch.length > 4 * 1024 * 1024) scratch = Buffer.allocUnsafeSlow(64 * 1024);
    return bytes;
  }

  document(doc: Doc): void {
    if (doc instanceof RawDoc) return this.#bytes(doc.bytes);
    const start = this.#open();
    for (const [name, value] of doc) this.#element(name, value);
    this.#close(start);
  }

  #array(values: readonly Value[]): void {
    const start = this.#open();
    for (let index = 0; index < values.length; index++) this.#element(String(index), values[index] as Value);
    this.#close(start);
  }

  #open(): number {
    if (++this.#depth > this.#most) throw new MongoError('Overflow', `Document exceeds maximum nested object depth: ${this.#most}`);
    const start = this.#at;
    this.#room(4);
    this.#at += 4;
    return start;
  }

  #close(start: number): void {
    this.#depth--;
    this.#room(1);
    scratch[this.#at++] = 0;
    scratch.writeInt32LE(this.#at - start, start);
  }

  #element(name: string, value: Value): void {
    const type = typeByte(value);
    this.#room(2 + name.length * 3);
    scratch[this.#at++] = type;
    this.#text(name);
    scratch[this.#at++] = 0;
    this.#value(value);
  }

  #value(value: Value): void {
    this.#room(24);
    if (typeof value === 'number') this.#at = scratch.writeDoubleLE(value, this.#at);
    else if (typeof value === 'string') this.#string(value);
    else if (value instanceof Int32) this.#at = scratch.writeInt32LE(value.value, this.#at);
    else if (typeof value === 'bigint') this.#at = scratch.writeBigInt64LE(value, this.#at);
    else if (typeof value === 'boolean') scratch[this.#at++] = value ? 1 : 0;
    else if (value instanceof Doc) this.document(value);
    else if (Array.isArray(value)) this.#array(value);
    else if (value instanceof ObjectId || value instanceof Decimal128) this.#bytes(value.bytes);
    else if (value instanceof UtcDate) this.#at = scratch.writeBigInt64LE(value.ms, this.#at);
    else if (value !== null) this.#rare(value);
  }

  #rare(value: Value): void {
    if (value instanceof Binary) {
      this.#at = scratch.writeInt32LE(value.bytes.length, this.#at);
      scratch[this.#at++] = value.subtype;
      this.#bytes(value.bytes);
    } else if (value instanceof Timestamp) {
      this.#at = scratch.writeUInt32LE(value.i, this.#at);
      this.#at = scratch.writeUInt32LE(value.t, this.#at);
    } else if (value instanceof Regex) {
      this.#cstring(value.pattern);
      this.#cstring(value.options);
    } else if (value instanceof BsonSymbol) {
      this.#string(value.value);
    } else if (value instanceof DbPointer) {
      this.#string(value.namespace);
      this.#bytes(value.id.bytes);
    } else if (value instanceof Code) {
      const start = this.#at;
      if (value.scope) this.#at += 4;
      this.#string(value.code);
      if (value.scope) {
        this.document(value.scope);
        scratch.writeInt32LE(this.#at - start, start);
      }
    }
  }

  #string(text: string): void {
    this.#room(5 + text.length * 3);
    const start = this.#at;
    this.#at += 4;
    this.#text(text);
    scratch[this.#at++] = 0;
    scratch.writeInt32LE(this.#at - start - 4, start);
  }

  /** Writes UTF-8 where there is room. Short plain texts are written here: that is faster than calling out. */
  #text(text: string): void {
    if (text.length > 24) {
      this.#at += scratch.write(text, this.#at, 'utf8');
      return;
    }
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (code > 0x7f) {
        this.#at += scratch.write(text, this.#at, 'utf8');
        return;
      }
      scratch[this.#at + index] = code;
    }
    this.#at += text.length;
  }

  #cstring(text: string): void {
    this.#room(1 + text.length * 3);
    this.#at += scratch.write(text, this.#at, 'utf8');
    scratch[this.#at++] = 0;
  }

  #bytes(bytes: Uint8Array): void {
    this.#room(bytes.length);
    scratch.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  #room(bytes: number): void {
    if (this.#at + bytes <= scratch.length) return;
    if (this.#at + bytes > mostBytes) {
      scratch = Buffer.allocUnsafeSlow(64 * 1024);
      throw new MongoError('BSONObjectTooLarge', `BSONObj size is invalid: it is more than ${mostBytes} bytes. Size must be between 0 and 16793600(16MB)`);
    }
    const larger = Buffer.allocUnsafeSlow(Math.max(scratch.length * 2, this.#at + bytes));
    scratch.copy(larger, 0, 0, this.#at);
    scratch = larger;
  }
}

