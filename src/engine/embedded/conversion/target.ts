import { isWhole, toDouble } from '../bson/number.ts';
import { bsonType, Doc, isNumeric, typeName, type BsonTypeName, type Maybe, type Value } from '../bson/value.ts';
import { MongoError } from '../errors.ts';
import { isNullish } from '../numeric.ts';

const formats = ['auto', 'base64', 'base64url', 'hex', 'utf8', 'uuid'] as const;
const orders = ['little', 'big'] as const;

/** How bytes are written as text. */
export type BinaryFormat = (typeof formats)[number];
/** Which byte of a number comes first. */
export type ByteOrder = (typeof orders)[number];

export interface ConversionOptions {
  /** Needed between text and bytes, of no account elsewhere. */
  readonly format: BinaryFormat | undefined;
  readonly byteOrder: ByteOrder;
  /** The subtype of bytes that are made. */
  readonly subtype: number;
}

const wrong = (message: string): MongoError => new MongoError('FailedToParse', message);
const byCode = new Map<number, BsonTypeName>(Object.entries(bsonType).map(([name, code]) => [code === bsonType.minKey ? -1 : code, name as BsonTypeName]));

/** Reads `to`: a type's name or number, or `{ type, subtype }`. @throws MongoError where it is none */
export function readTarget(to: Value): { type: BsonTypeName | 'missing'; subtype: number } {
  if (!(to instanceof Doc)) return { type: readType(to), subtype: 0 };
  const type = to.get('type');
  if (type === undefined) throw wrong("$convert's 'to' argument must be a string, number, or an object with a 'type' field");
  return { type: readType(type), subtype: readType(type) === 'binData' ? readSubtype(to.get('subtype')) : 0 };
}

function readType(value: Value): BsonTypeName | 'missing' {
  if (typeof value === 'string') {
    if (value === 'missing' || value in bsonType) return value as BsonTypeName;
    throw new MongoError('BadValue', `Unknown type name: ${value}`);
  }
  if (!isNumeric(value)) throw wrong(`$convert's 'to' argument must be a string or number, but is ${typeName(value)}`);
  const code = toDouble(value);
  if (!isWhole(value)) throw wrong(`In $convert, numeric 'to' argument is not an integer: ${code}`);
  if (code === 0) return 'missing';
  const name = byCode.get(code);
  if (!name) throw wrong(`In $convert, numeric value for 'to' does not correspond to a BSON type: ${code}`);
  return name;
}

function readSubtype(value: Maybe): number {
  if (value === undefined) return 0;
  if (!isNumeric(value)) throw new MongoError(4341108, `$convert requires that 'subtype' be a number, found: ${typeName(value)}`);
  if (!isWhole(value)) throw new MongoError(4341106, `In $convert, numeric 'subtype' argument is not an integer: ${toDouble(value)}`);
  const subtype = toDouble(value);
  if (subtype < 0 || subtype > 255 || (subtype > 9 && subtype < 128)) throw new MongoError(4341107, `In $convert, numeric value for 'subtype' does not correspond to a BinData type: ${subtype}`);
  return subtype === 0 ? 0 : subtype;
}

/** @throws MongoError where it names no format */
export function readFormat(value: Maybe): BinaryFormat | undefined {
  if (isNullish(value)) return undefined;
  if (typeof value !== 'string') throw new MongoError(4341114, `$convert requires that 'format' be a string, found: ${typeName(value)}`);
  const format = formats.find((one) => one === value);
  if (!format) throw new MongoError(4341125, `Invalid 'format' argument for $convert: ${value}`);
  return format;
}

/** @throws MongoError where it is neither `little`, as where none is given, nor `big` */
export function readByteOrder(value: Maybe): ByteOrder {
  if (isNullish(value)) return 'little';
  if (typeof value !== 'string') throw new MongoError(9130001, `$convert requires that 'byteOrder' be a string, found: ${typeName(value)}`);
  const order = orders.find((one) => one === value);
  if (!order) throw new MongoError(9130002, `Invalid 'byteOrder' argument for $convert: ${value}`);
  return order;
}
