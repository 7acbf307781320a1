/**
 * BSON values as the engine computes with them. Stored documents stay raw bytes; what is decoded is exact:
 *
 * | BSON              | here                      |
 * | ----------------- | ------------------------- |
 * | double            | `number`                  |
 * | int32             | `Int32`                   |
 * | int64             | `bigint`                  |
 * | decimal128        | `Decimal128`              |
 * | string, bool, null| `string`, `boolean`, `null` |
 * | document          | `Doc`, fields in order    |
 * | array             | `Value[]`                 |
 * | a missing field   | `undefined` (never inside a Doc or an array) |
 *
 * Types: https://bsonspec.org/spec.html
 */
export type Value =
  | number | Int32 | bigint | Decimal128 | string | boolean | null | Doc | Value[] | ObjectId | UtcDate | Timestamp
  | Binary | Regex | Code | DbPointer | BsonSymbol | Undefined | MinKey | MaxKey;

/** A field's value, or `undefined` where the field is missing. */
export type Maybe = Value | undefined;

/** BSON element type bytes. */
export const bsonType = {
  double: 0x01, string: 0x02, object: 0x03, array: 0x04, binData: 0x05, undefined: 0x06, objectId: 0x07, bool: 0x08,
  date: 0x09, null: 0x0a, regex: 0x0b, dbPointer: 0x0c, javascript: 0x0d, symbol: 0x0e, javascriptWithScope: 0x0f,
  int: 0x10, timestamp: 0x11, long: 0x12, decimal: 0x13, minKey: 0xff, maxKey: 0x7f,
} as const;

export type BsonTypeName = keyof typeof bsonType;

/** An ordered document. Names are unique: of a repeated name the last value counts, in the first one's place. */
export class Doc extends Map<string, Value> {
  /** A document of the pairs given, undefined values left out. */
  static of(fields: Record<string, Maybe> | Iterable<readonly [string, Maybe]>): Doc {
    const doc = new Doc();
    const pairs = Symbol.iterator in fields ? (fields as Iterable<readonly [string, Maybe]>) : Object.entries(fields as Record<string, Maybe>);
    for (const [name, value] of pairs) if (value !== undefined) doc.set(name, value);
    return doc;
  }
}

/** A stored document on its way into a reply: its bytes are written as they are. Only replies hold one. */
export class RawDoc extends Doc {
  readonly bytes: Buffer;
  constructor(bytes: Buffer) {
    super();
    this.bytes = bytes;
  }
}

export class Int32 {
  readonly value: number;
  constructor(value: number) { this.value = value; }
}

/** IEEE 754 decimal128, kept as its 16 bytes, little endian; arithmetic is in `decimal.ts`. */
export class Decimal128 {
  readonly bytes: Uint8Array;
  constructor(bytes: Uint8Array) { this.bytes = bytes; }
}

export class ObjectId {
  /** Twelve bytes. */
  readonly bytes: Uint8Array;
  constructor(bytes: Uint8Array) { this.bytes = bytes; }
}

export class UtcDate {
  /** Milliseconds since the epoch, a signed 64-bit integer. */
  readonly ms: bigint;
  constructor(ms: bigint) { this.ms = ms; }
}

export class Timestamp {
  /** Seconds and increment, both unsigned 32 bits. */
  readonly t: number;
  readonly i: number;
  constructor(t: number, i: number) { this.t = t; this.i = i; }
}

export class Binary {
  readonly subtype: number;
  readonly bytes: Uint8Array;
  constructor(subtype: number, bytes: Uint8Array) { this.subtype = subtype; this.bytes = bytes; }
}

export class Regex {
  readonly pattern: string;
  /** Sorted, as BSON wants them. */
  readonly options: string;
  constructor(pattern: string, options: string) { this.pattern = pattern; this.options = options; }
}

/** JavaScript code, with a scope or without. */
export class Code {
  readonly code: string;
  readonly scope: Doc | undefined;
  constructor(code: string, scope?: Doc) { this.code = code; this.scope = scope; }
}

export class DbPointer {
  readonly namespace: string;
  readonly id: ObjectId;
  constructor(namespace: string, id: ObjectId) { this.namespace = namespace; this.id = id; }
}

export class BsonSymbol {
  readonly value: string;
  constructor(value: string) { this.value = value; }
}

/** The deprecated BSON type `undefined`; a missing field is JavaScript's undefined. */
export class Undefined {
  readonly type = 'undefined';
  static readonly value = new Undefined();
}

export class MinKey {
  readonly type = 'minKey';
  static readonly value = new MinKey();
}

export class MaxKey {
  readonly type = 'maxKey';
  static readonly value = new MaxKey();
}

/** The BSON type byte of a value. */
export function typeByte(value: Value): number {
  switch (typeof value) {
    case 'number': return bsonType.double;
    case 'bigint': return bsonType.long;
    case 'string': return bsonType.string;
    case 'boolean': return bsonType.bool;
    default:
  }
  if (value === null) return bsonType.null;
  if (value instanceof Int32) return bsonType.int;
  if (value instanceof Doc) return bsonType.object;
  if (Array.isArray(value)) return bsonType.array;
  if (value instanceof ObjectId) return bsonType.objectId;
  if (value instanceof UtcDate) return bsonType.date;
  if (value instanceof Decimal128) return bsonType.decimal;
  if (value instanceof Binary) return bsonType.binData;
  if (value instanceof Regex) return bsonType.regex;
  if (value instanceof Timestamp) return bsonType.timestamp;
  if (value instanceof Code) return value.scope ? bsonType.javascriptWithScope : bsonType.javascript;
  if (value instanceof DbPointer) return bsonType.dbPointer;
  if (value instanceof BsonSymbol) return bsonType.symbol;
  if (value instanceof Undefined) return bsonType.undefined;
  if (value instanceof MinKey) return bsonType.minKey;
  return bsonType.maxKey;
}

const names = new Map<number, BsonTypeName>(Object.entries(bsonType).map(([name, byte]) => [byte, name as BsonTypeName]));

/** The name that `$type` and error messages use, `missing` for undefined. */
export function typeName(value: Maybe): BsonTypeName | 'missing' {
  return value === undefined ? 'missing' : (names.get(typeByte(value)) as BsonTypeName);
}

export type Numeric = number | Int32 | bigint | Decimal128;

export function isNumeric(value: Maybe): value is Numeric {
  return typeof value === 'number' || typeof value === 'bigint' || value instanceof Int32 || value instanceof Decimal128;
}
