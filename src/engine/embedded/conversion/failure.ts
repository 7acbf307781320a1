import { typeName, type Value } from '../bson/value.ts';
import { MongoError } from '../errors.ts';

/** A value that cannot be made one of the type asked for; what `onError` catches. */
export const conversionFailure = (why: string): MongoError => new MongoError('ConversionFailure', `${why} in $convert with no onError value`);

/** There is no way from one type to the other. */
export const unsupportedConversion = (from: Value, to: string): MongoError => conversionFailure(`Unsupported conversion from ${typeName(from)} to ${to}`);

/** The text is not written as such a value is. */
export const unreadable = (text: string, to: string, why: string): MongoError =>
  new MongoError('ConversionFailure', `Failed to parse ${to} '${text.slice(0, 200)}' in $convert with no onError value: ${why}`);
