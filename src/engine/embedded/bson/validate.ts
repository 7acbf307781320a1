import { MongoError } from '../errors.ts';
import { skipValue } from './raw.ts';
import { bsonType } from './value.ts';

/** How deep a document may be nested that is stored: less than one that is sent, so that a command has room around it. */
export const maxStoredDepth = 180;

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

/** True for a document inside others' bytes, before `limit`, in which nothing is wrong. */
export function isSound(bytes: Buffer, offset: number, limit: number): boolean {
  try {
    validateAt(bytes, offset, limit, 0);
    return true;
  } catch {
    return false;
  }
}

function validateAt(bytes: Buffer, offset: number, limit: number, depth: number): void {
  if (depth > maxStoredDepth) throw new MongoError('Overflow', `Document exceeds maximum nested object depth: ${maxStoredDepth}`);
  const end = offset + bytes.readInt32LE(offset);
  if (end > limit || end < offset + 5 || bytes[end - 1] !== 0) throw invalid('a document has a wrong length');
  let at = offset + 4;
  while (at < end - 1) {
    const type = bytes[at++] as number;
    while (at < end && bytes[at] !== 0) at++;
    const start = at + 1;
    at = skipValue(type, bytes, start);
    if (at > end - 1 || at < start) throw invalid('a value is longer than its document');
    validateValue(type, bytes, start, at, depth);
  }
  if (at !== end - 1) throw invalid('a document has a wrong length');
}

function validateValue(type: number, bytes: Buffer, start: number, end: number, depth: number): void {
  switch (type) {
    case bsonType.object: case bsonType.array: validateAt(bytes, start, end, depth + 1); return;
    case bsonType.string: case bsonType.symbol: case bsonType.javascript: validateString(bytes, start, end); return;
    case bsonType.dbPointer: validateString(bytes, start, end - 12); return;
    case bsonType.binData:
      if (bytes.readInt32LE(start) < 0) throw invalid('binary data has a wrong length');
      return;
    case bsonType.bool:
      if ((bytes[start] as number) > 1) throw invalid('a boolean is neither false nor true');
      return;
    case bsonType.javascriptWithScope: {
      const scope = start + 8 + bytes.readInt32LE(start + 4);
      if (scope <= start + 8 || scope + 5 > end) throw invalid('code with scope has a wrong length');
      validateString(bytes, start + 4, scope);
      if (scope + bytes.readInt32LE(scope) !== end) throw invalid('code with scope has a wrong length');
      validateAt(bytes, scope, end, depth + 1);
      return;
    }
    default:
  }
}

function validateString(bytes: Buffer, start: number, end: number): void {
  if (end <= start + 4 || bytes[end - 1] !== 0) throw invalid('a string has a wrong length');
}
