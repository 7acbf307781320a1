import { maxInt64, minInt64, toBigInt } from '../bson/number.ts';
import { Binary, Int32, isNumeric, ObjectId, Timestamp, UtcDate, type BsonTypeName, type Value } from '../bson/value.ts';
import { isoText } from '../calendar.ts';
import { dateIn } from '../date-arguments.ts';
import { parseDate } from '../date-parse.ts';
import { MongoError } from '../errors.ts';
import { numberText } from '../numeric.ts';
import { isTrue } from '../truth.ts';
import { bytesOfNumber, bytesOfText, textOfBytes } from './binary.ts';
import { conversionFailure, unreadable, unsupportedConversion } from './failure.ts';
import { toDecimal128, toFloat, toInt32, toInt64 } from './numbers.ts';
import type { BinaryFormat, ConversionOptions } from './target.ts';

type Convert = (value: Value, options: ConversionOptions) => Value;

const needFormat = ({ format }: ConversionOptions): BinaryFormat => {
  if (format === undefined) throw new MongoError(4341115, `Conversions between BinData and string require a 'format' argument in $convert`);
  return format;
};

const toText: Convert = (value, options) => {
  if (typeof value === 'string') return value;
  if (isNumeric(value)) return numberText(value);
  if (typeof value === 'boolean') return String(value);
  if (value instanceof ObjectId) return Buffer.from(value.bytes).toString('hex');
  if (value instanceof UtcDate) return isoText(value);
  if (value instanceof Binary) return textOfBytes(value, needFormat(options));
  throw unsupportedConversion(value, 'string');
};

const toBytes: Convert = (value, options) => {
  const { subtype, byteOrder } = options;
  if (value instanceof Binary) {
    if (value.subtype !== subtype) throw conversionFailure(`Conversions between different BinData subtypes are not supported: ${value.subtype} to ${subtype}`);
    return value;
  }
  if (typeof value === 'string') return new Binary(subtype, bytesOfText(value, needFormat(options), subtype));
  if (typeof value === 'number' || typeof value === 'bigint' || value instanceof Int32) return new Binary(subtype, bytesOfNumber(value, byteOrder));
  throw unsupportedConversion(value, 'binData');
};

const toObjectId: Convert = (value) => {
  if (value instanceof ObjectId) return value;
  if (typeof value !== 'string') throw unsupportedConversion(value, 'objectId');
  if (!/^[0-9a-f]{24}$/i.test(value)) throw unreadable(value, 'objectId', `Invalid string length for parsing to OID, expected 24 but found ${value.length}`);
  return new ObjectId(Uint8Array.from(Buffer.from(value, 'hex')));
};

const toDate: Convert = (value) => {
  if (value instanceof UtcDate || value instanceof ObjectId || value instanceof Timestamp) return new UtcDate(dateIn(value) as bigint);
  if (typeof value === 'string') return new UtcDate(parseDate(value));
  if (!isNumeric(value) || value instanceof Int32) throw unsupportedConversion(value, 'date');
  const ms = toBigInt(value);
  if (ms === undefined || ms < minInt64 || ms > maxInt64) throw conversionFailure('Conversion would overflow target type');
  return new UtcDate(ms);
};

/** By type; there is no way to any other. https://www.mongodb.com/docs/manual/reference/operator/aggregation/convert/ */
const converters: Readonly<Partial<Record<BsonTypeName | 'missing', Convert>>> = {
  int: toInt32, long: toInt64, double: toFloat, decimal: toDecimal128, string: toText, binData: toBytes, objectId: toObjectId, date: toDate,
  bool: (value) => typeof value === 'string' || isTrue(value),
};

/** A value as one of another type. @throws MongoError ConversionFailure where it cannot be one */
export function convertTo(type: BsonTypeName | 'missing', value: Value, options: ConversionOptions): Value {
  const convert = converters[type];
  if (!convert) throw unsupportedConversion(value, type);
  return convert(value, options);
}
