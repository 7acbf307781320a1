import type { Binary} from '../bson/value.ts';
import { Int32 } from '../bson/value.ts';
import { MongoError } from '../errors.ts';
import { sizedText, textLimit } from '../text-size.ts';
import { conversionFailure, unreadable } from './failure.ts';
import type { ByteOrder, BinaryFormat } from './target.ts';

/** The integer that bytes stand for. @throws MongoError ConversionFailure where there are not as many as one has */
export function integerIn(value: Binary, lengths: readonly number[], order: ByteOrder, to: string): bigint {
  const bytes = Buffer.from(value.bytes);
  if (!lengths.includes(bytes.length)) throw conversionFailure(`Failed to convert '${bytes.length}' bytes of binData to ${to} because of invalid length`);
  if (bytes.length === 8) return order === 'big' ? bytes.readBigInt64BE() : bytes.readBigInt64LE();
  return BigInt(order === 'big' ? bytes.readIntBE(0, bytes.length) : bytes.readIntLE(0, bytes.length));
}

/** The IEEE 754 number of 4 or 8 bytes. @throws MongoError ConversionFailure */
export function doubleIn(value: Binary, order: ByteOrder): number {
  const bytes = Buffer.from(value.bytes);
  if (bytes.length === 4) return order === 'big' ? bytes.readFloatBE() : bytes.readFloatLE();
  if (bytes.length === 8) return order === 'big' ? bytes.readDoubleBE() : bytes.readDoubleLE();
  throw conversionFailure(`Failed to convert '${bytes.length}' bytes of binData to double because of invalid length`);
}

/** The bytes of an int32, an int64 or a double. */
export function bytesOfNumber(value: number | bigint | Int32, order: ByteOrder): Uint8Array {
  const bytes = Buffer.alloc(value instanceof Int32 ? 4 : 8);
  if (value instanceof Int32) bytes.writeInt32LE(value.value);
  else if (typeof value === 'bigint') bytes.writeBigInt64LE(value);
  else bytes.writeDoubleLE(value);
  return new Uint8Array(order === 'big' ? bytes.reverse() : bytes);
}

const uuidText = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** The bytes that text stands for. @throws MongoError ConversionFailure where it is not written so */
export function bytesOfText(text: string, format: BinaryFormat, subtype: number): Uint8Array {
  if ((format === 'uuid') !== (subtype === 4)) throw conversionFailure(`Failed to parse BinData '${text.slice(0, 200)}' with subtype ${subtype} in format ${format}`);
  return new Uint8Array(readers[format](text));
}

const reader = (pattern: RegExp, encoding: BufferEncoding, name: string) => (text: string): Buffer => {
  if (!pattern.test(text)) throw unreadable(text, 'BinData', `Input is not a valid ${name} string.`);
  return Buffer.from(text, encoding);
};

const readers: Readonly<Record<BinaryFormat, (text: string) => Buffer>> = {
  auto: (text) => {
    throw unreadable(text, 'BinData', `Use of 'auto' format is only allowed from binData to string.`);
  },
  base64: reader(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/, 'base64', 'base64'),
  base64url: reader(/^(?:[\w-]{4})*(?:[\w-]{2}(?:==)?|[\w-]{3}=?)?$/, 'base64url', 'base64url'),
  hex: reader(/^(?:[0-9a-f]{2})*$/i, 'hex', 'hex'),
  utf8: (text) => Buffer.from(text),
  uuid: (text) => {
    if (!uuidText.test(text)) throw unreadable(text, 'BinData', 'Input is not a valid UUID string.');
    return Buffer.from(text.replaceAll('-', ''), 'hex');
  },
};

/** Bytes as text. @throws MongoError ConversionFailure where they cannot be written so, or the text were too long */
export function textOfBytes({ subtype, bytes }: Binary, format: BinaryFormat): string {
  const buffer = Buffer.from(bytes);
  if (format === 'utf8') return utf8Text(buffer);
  const wanted = format === 'auto' ? (subtype === 4 && bytes.length === 16 ? 'uuid' : 'base64') : format;
  if (wanted === 'uuid') return uuidOf(subtype, buffer);
  const text = wanted === 'hex' ? buffer.toString('hex').toUpperCase() : buffer.toString(wanted);
  if (text.length >= textLimit) throw conversionFailure('Resulting string exceeds maximum size');
  return text;
}

function utf8Text(buffer: Buffer): string {
  try {
    return sizedText(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(buffer));
  } catch (error) {
    if (error instanceof MongoError) throw error;
    throw conversionFailure('BinData does not represent a valid UTF-8 string');
  }
}

function uuidOf(subtype: number, buffer: Buffer): string {
  if (subtype !== 4 || buffer.length !== 16) throw conversionFailure(`Only a UUID can be written in format uuid, not BinData of subtype ${subtype}`);
  return buffer.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
