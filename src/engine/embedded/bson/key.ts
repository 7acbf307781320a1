import { typeOrder } from './compare.ts';
import { addDecimals, decimalToNumber, negateDecimal, parseDecimal, partsOf } from './decimal.ts';
import { encodeDocument } from './encode.ts';
import { toDouble } from './number.ts';
import {
  BsonSymbol, Binary, Code, DbPointer, Decimal128, Doc, isNumeric, ObjectId, Regex, Timestamp, UtcDate, type Numeric, type Value,
} from './value.ts';

/**
 * Index keys as strings of bytes (one character each) whose order is the order of the values, so that an index compares
 * with one string comparison. Each value's bytes are self-delimiting. A descending field's bytes are inverted.
 */
export function encodeKey(values: readonly Value[], directions: readonly (1 | -1)[]): string {
  let key = '';
  for (let index = 0; index < values.length; index++) {
    const part = encodePart(values[index] as Value);
    key += directions[index] === -1 ? invert(part) : part;
  }
  return key;
}

/** The bytes of one value in ascending order. */
export function encodePart(value: Value): string {
  return String.fromCharCode(typeOrder(value) + 2) + payload(value);
}

/** Above every key of a value's type, below every key of the next. */
export function endOfType(value: Value): string {
  return String.fromCharCode(typeOrder(value) + 3);
}

/** The first key of a value's type. */
export function startOfType(value: Value): string {
  return String.fromCharCode(typeOrder(value) + 2);
}

export function invert(part: string): string {
  let result = '';
  for (let index = 0; index < part.length; index++) result += String.fromCharCode(255 - part.charCodeAt(index));
  return result;
}

function payload(value: Value): string {
  if (isNumeric(value)) return number(value);
  if (typeof value === 'string') return text(value);
  if (typeof value === 'boolean') return value ? '\x01' : '\x00';
  if (value === null) return '';
  if (value instanceof ObjectId) return latin1(value.bytes);
  if (value instanceof UtcDate) return int64(value.ms);
  if (value instanceof Doc) return [...value].map(([name, item]) => String.fromCharCode(typeOrder(item) + 2) + text(name) + payload(item)).join('') + '\x00';
  if (Array.isArray(value)) return `${value.map(encodePart).join('')}\x00`;
  if (value instanceof Timestamp) return uint32(value.t) + uint32(value.i);
  if (value instanceof Binary) return uint32(value.bytes.length) + String.fromCharCode(value.subtype) + latin1(value.bytes);
  if (value instanceof BsonSymbol) return text(value.value);
  if (value instanceof Regex) return text(value.pattern) + text(value.options);
  if (value instanceof DbPointer) return uint32(value.namespace.length) + text(value.namespace) + latin1(value.id.bytes);
  if (value instanceof Code) return text(value.code) + (value.scope ? latin1(encodeDocument(value.scope)) : '');
  return '';
}

const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).latin1Slice();

/** UTF-8, NUL escaped, ended by two NULs: a prefix sorts before what it begins. */
function text(value: string): string {
  const bytes = /^[\x01-\x7f]*$/.test(value) ? value : Buffer.from(value, 'utf8').latin1Slice();
  return `${bytes.includes('\0') ? bytes.replaceAll('\0', '\x00\xff') : bytes}\x00\x00`;
}

const scratch = Buffer.alloc(8);

function int64(value: bigint): string {
  scratch.writeBigInt64BE(value);
  scratch[0] = (scratch[0] as number) ^ 0x80;
  return scratch.latin1Slice();
}

function uint32(value: number): string {
  scratch.writeUInt32BE(value);
  return scratch.latin1Slice(0, 4);
}

/** IEEE bits in the order of the numbers: negative ones inverted, the others with the sign bit set. */
function double(value: number): string {
  scratch.writeDoubleBE(value === 0 ? 0 : value);
  if ((scratch[0] as number) & 0x80) for (let index = 0; index < 8; index++) scratch[index] = 255 - (scratch[index] as number);
  else scratch[0] = (scratch[0] as number) | 0x80;
  return scratch.latin1Slice();
}

/** The nearest double, then what it leaves over, so that int64 and decimal128 keep their exact order. NaN comes first. */
function number(value: Numeric): string {
  const nearest = toDouble(value);
  if (Number.isNaN(nearest)) return '\x00'.repeat(9);
  const rest = typeof value === 'bigint' ? Number(value - BigInt(nearest)) : value instanceof Decimal128 ? decimalRest(value, nearest) : '';
  if (typeof rest === 'string') return `${double(nearest)}${rest || '\x80'}`;
  return double(nearest) + (rest === 0 ? '\x80' : (rest < 0 ? '\x40' : '\xc0') + double(rest) + double(0));
}

function decimalRest(value: Decimal128, nearest: number): string {
  const parts = partsOf(value);
  if (parts.kind !== 'finite' || !Number.isFinite(nearest)) return '';
  const exact = exactDecimal(nearest);
  if (exact === undefined) return '';
  const first = addDecimals(value, negateDecimal(exact));
  const rest = decimalToNumber(first);
  if (rest === 0) return '';
  const second = exactDecimal(rest);
  const more = second === undefined ? 0 : decimalToNumber(addDecimals(first, negateDecimal(second)));
  return (rest < 0 ? '\x40' : '\xc0') + double(rest) + double(more);
}

/** A double as a decimal of 34 digits: its expansion ends, and 34 digits order it against any decimal128. */
function exactDecimal(value: number): Decimal128 | undefined {
  return parseDecimal(value.toPrecision(34));
}
