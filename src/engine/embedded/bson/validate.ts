import { MongoError } from '../errors.ts';
import { maxDepth } from './decode.ts';
import { skipValue } from './raw.ts';
import { bsonType } from './value.ts';

const invalid = (what: string): MongoError => new MongoError('InvalidBSON', what);

/**
 * Checks a document that came from outside, without decoding it: lengths, terminators, types and depth.
 * @throws MongoError InvalidBSON; Overflow where it is nested too deep
 */
export function validateDocument(bytes: Buffer): void {
  if (bytes.length < 5 || bytes.readInt32LE(0) !== bytes.length) throw invalid('a document has a wrong length');
  try {
    validateAt(bytes, 0, bytes.length, 0);
  } catch (error) {
    if (error instanceof RangeError) throw invalid('a value ends before its length');
    throw error;
  }
}

function validateAt(bytes: Buffer, offset: number, limit: number, depth: number): void {
  if (depth > maxDepth) throw new MongoError('Overflow', `Document exceeds maximum nested object depth: ${maxDepth}`);
  const end = offset + bytes.readInt32LE(offset);
  if (end > limit || end < offset + 5 || bytes[end - 1] !== 0) throw invalid('a document has a wrong length');
  let at = offset + 4;
  while (at < end - 1) {
    const type = bytes[at++] as number;
    while (at < end && bytes[at] !== 0) at++;
    const start = at + 1;
    at = skipValue(type, bytes, start);
    if (at > end - 1 || at < start) throw invalid('a value is longer than its document');
    if (type === bsonType.object || type === bsonType.array) validateAt(bytes, start, at, depth + 1);
    else if (type === bsonType.string && (at <= start + 4 || bytes[at - 1] !== 0)) throw invalid('a string has a wrong length');
  }
  if (at !== end - 1) throw invalid('a document has a wrong length');
}
