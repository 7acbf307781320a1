import type { Collation } from '../bson/collation.ts';
import { exactParts, formatDecimal, partsOf } from '../bson/decimal.ts';
import { decodeValue } from '../bson/decode.ts';
import { typeOrder } from '../bson/compare.ts';
import { findElement, type RawElement } from '../bson/raw.ts';
import {
  BsonSymbol, Binary, bsonType, Code, DbPointer, Doc, Int32, isNumeric, ObjectId, Regex, Timestamp, UtcDate,
  type Maybe, type Numeric, type Value,
} from '../bson/value.ts';

/**
 * Index keys: one string per entry whose characters are bytes, so that JavaScript's `<` on two keys is BSON's order of
 * the values. Each part ends itself, so a compound key is its parts one after the other; a descending part has its
 * bytes inverted. A part begins with a byte for the type (`keyByte`), never 0xff, whichever the direction.
 */
export type Key = string;

/** Sorts above every key that begins with the text before it: keys hold no character above 0xff. */
export const afterAll = '\u0100';

/** The first byte of a value's key. */
export function keyByte(value: Maybe): number {
  return (value === undefined ? 5 : typeOrder(value)) + 10;
}

let scratch = Buffer.allocUnsafeSlow(4096);
let at = 0;

/** The key of one value. A missing value has null's. */
export function keyOf(value: Maybe, descending = false, collation?: Collation): Key {
  at = 0;
  write(value, collation);
  return finish(descending);
}

function finish(descending: boolean): Key {
  if (descending) for (let index = 0; index < at; index++) scratch[index] = 255 - (scratch[index] as number);
  // A number's, as most ids are: a short text is made faster of its characters than by calling out.
  if (at === 10) {
    return String.fromCharCode(
      scratch[0] as number, scratch[1] as number, scratch[2] as number, scratch[3] as number, scratch[4] as number,
      scratch[5] as number, scratch[6] as number, scratch[7] as number, scratch[8] as number, scratch[9] as number,
    );
  }
  return scratch.toString('latin1', 0, at);
}

/**
 * The key of a value inside a raw document, without decoding the common types. Arrays and documents have to be
 * looked into by the caller.
 */
export function keyOfRaw(type: number, bytes: Buffer, start: number, descending: boolean, collation: Collation | undefined): Key {
  at = 0;
  switch (type) {
    case bsonType.objectId:
      scratch[at++] = 45;
      bytes.copy(scratch, at, start, start + 12);
      at += 12;
      return finish(descending);
    case bsonType.int:
      scratch[at++] = 20;
      writeDouble(bytes.readInt32LE(start));
      return finish(descending);
    case bsonType.double:
      scratch[at++] = 20;
      writeDouble(bytes.readDoubleLE(start));
      return finish(descending);
    case bsonType.string:
      if (collation) break;
      scratch[at++] = 25;
      writeTextBytes(bytes, start + 4, start + 3 + bytes.readInt32LE(start));
      return finish(descending);
    default:
  }
  write(decodeValue(type, bytes, start), collation);
  return finish(descending);
}

const found: RawElement = { type: 0, nameStart: 0, nameEnd: 0, start: 0, end: 0 };
const idName = Buffer.from('_id');

/** The key of a stored document's `_id`, which is never an array. */
export function keyOfId(bytes: Buffer, collation?: Collation): Key {
  return findElement(bytes, 0, idName, found) ? keyOfRaw(found.type, bytes, found.start, false, collation) : keyOf(undefined);
}

function room(bytes: number): void {
  if (at + bytes <= scratch.length) return;
  const larger = Buffer.allocUnsafeSlow(Math.max(scratch.length * 2, at + bytes));
  scratch.copy(larger, 0, 0, at);
  scratch = larger;
}

function write(value: Maybe, collation: Collation | undefined): void {
  room(32);
  scratch[at++] = keyByte(value);
  if (value === undefined || value === null) return;
  if (isNumeric(value)) return writeNumber(value);
  if (typeof value === 'string') return writeText(collation ? collation.key(value) : value);
  if (typeof value === 'boolean') {
    scratch[at++] = value ? 1 : 0;
    return;
  }
  if (value instanceof ObjectId) return writeBytes(value.bytes);
  if (value instanceof UtcDate) {
    at = scratch.writeBigUInt64BE(BigInt.asUintN(64, value.ms) ^ (1n << 63n), at);
    return;
  }
  if (value instanceof Doc) return writeDoc(value, collation);
  if (Array.isArray(value)) {
    for (const item of value) write(item, collation);
    end();
    return;
  }
  writeRare(value, collation);
}

function end(): void {
  room(1);
  scratch[at++] = 0;
}

/** Field by field: the type first, then the name, then the value, as documents compare. */
function writeDoc(doc: Doc, collation: Collation | undefined): void {
  for (const [name, value] of doc) {
    room(2);
    scratch[at++] = keyByte(value);
    writeText(name);
    write(value, collation);
  }
  end();
}

function writeRare(value: Value, collation: Collation | undefined): void {
  if (value instanceof BsonSymbol) return writeText(collation ? collation.key(value.value) : value.value);
  if (value instanceof Binary) {
    at = scratch.writeUInt32BE(value.bytes.length, at);
    scratch[at++] = value.subtype;
    return writeBytes(value.bytes);
  }
  if (value instanceof Timestamp) {
    at = scratch.writeUInt32BE(value.t, at);
    at = scratch.writeUInt32BE(value.i, at);
  } else if (value instanceof Regex) {
    writeText(value.pattern);
    writeText(value.options);
  } else if (value instanceof DbPointer) {
    at = scratch.writeUInt32BE(value.namespace.length, at);
    writeText(value.namespace);
    writeBytes(value.id.bytes);
  } else if (value instanceof Code) {
    writeText(value.code);
    if (value.scope) writeDoc(value.scope, collation);
  }
}

function writeBytes(bytes: Uint8Array): void {
  room(bytes.length);
  scratch.set(bytes, at);
  at += bytes.length;
}

/** UTF-8, which sorts by code points; NUL is escaped, so that NUL NUL can end it. */
function writeText(text: string): void {
  room(text.length * 3 + 2);
  const start = at;
  at += scratch.write(text, at, 'utf8');
  if (text.includes('\0')) {
    const bytes = Buffer.from(scratch.subarray(start, at));
    at = start;
    return writeTextBytes(bytes, 0, bytes.length);
  }
  scratch[at++] = 0;
  scratch[at++] = 0;
}

function writeTextBytes(bytes: Buffer, start: number, stop: number): void {
  room((stop - start) * 2 + 2);
  for (let index = start; index < stop; index++) {
    const byte = bytes[index] as number;
    scratch[at++] = byte;
    if (byte === 0) scratch[at++] = 0xff;
  }
  scratch[at++] = 0;
  scratch[at++] = 0;
}

/** What follows the double that a number is cut to: the rest is below, none, or above. */
const rest = { below: 1, none: 2, above: 3 } as const;

function writeDouble(value: number): void {
  if (Number.isNaN(value)) {
    scratch.fill(0, at, at + 8);
  } else {
    scratch.writeDoubleBE(value === 0 ? 0 : value, at);
    if ((scratch[at] as number) & 0x80) for (let index = at; index < at + 8; index++) scratch[index] = 255 - (scratch[index] as number);
    else scratch[at] = (scratch[at] as number) | 0x80;
  }
  at += 8;
  scratch[at++] = rest.none;
}

/** The double nearest to zero's side, then what is cut off, so that equal numbers of any type have equal keys. */
function writeNumber(value: Numeric): void {
  if (typeof value === 'number') return writeDouble(value);
  if (value instanceof Int32) return writeDouble(value.value);
  if (typeof value === 'bigint') {
    if (BigInt.asIntN(53, value) === value) return writeDouble(Number(value));
    return writeExact(value < 0n, value < 0n ? -value : value, 0, Number(value));
  }
  const parts = partsOf(value);
  if (parts.kind === 'nan') return writeDouble(Number.NaN);
  if (parts.kind === 'infinite') return writeDouble(parts.negative ? -Infinity : Infinity);
  writeExact(parts.negative, parts.coefficient, parts.exponent, Number(formatDecimal(value)));
}

function writeExact(negative: boolean, coefficient: bigint, exponent: number, nearest: number): void {
  let whole = Number.isFinite(nearest) ? Math.abs(nearest) : Number.MAX_VALUE;
  let [difference, scale] = minus(coefficient, exponent, whole);
  if (difference < 0n) {
    whole = previousDouble(whole);
    [difference, scale] = minus(coefficient, exponent, whole);
  }
  writeDouble(negative ? -whole : whole);
  if (difference === 0n) return;
  scratch[at - 1] = negative ? rest.below : rest.above;
  const text = difference.toString();
  const start = at;
  room(text.length + 3);
  at = scratch.writeUInt16BE(scale + text.length + 0x8000, at);
  at += scratch.write(text.replace(/0+$/, ''), at, 'latin1');
  scratch[at++] = 0;
  if (negative) for (let index = start; index < at; index++) scratch[index] = 255 - (scratch[index] as number);
}

/** A number minus a double, exactly: the difference's coefficient and decimal exponent. */
function minus(coefficient: bigint, exponent: number, double: number): [bigint, number] {
  const exact = double === 0 ? { coefficient: 0n, exponent: 0 } : exactParts(double);
  const scale = Math.min(exponent, exact.exponent);
  const scaled = (value: bigint, from: number): bigint => (value === 0n ? 0n : value * 10n ** BigInt(from - scale));
  return [scaled(coefficient, exponent) - scaled(exact.coefficient, exact.exponent), scale];
}

function previousDouble(value: number): number {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, value);
  bits.setBigUint64(0, bits.getBigUint64(0) - 1n);
  return bits.getFloat64(0);
}
