import { anything, readArguments, something, wrongType } from './arguments.ts';
import { Binary, Doc, type Value } from './bson/value.ts';
import { MongoError } from './errors.ts';

/** The session ids, as hex, that a command such as `endSessions` lists. @throws MongoError where one is not a session */
export function readSessionIds(command: string, value: Value | undefined): string[] {
  const field = `${command}.${command}`;
  if (value === undefined || !Array.isArray(value)) throw wrongType(field, value ?? null, ['array']);
  return value.map((item, index) => readSessionId(`${field}.${index}`, item));
}

/** One session's id, as hex. @param at what messages call it */
export function readSessionId(at: string, item: Value): string {
  if (!(item instanceof Doc)) throw wrongType(at, item, ['object']);
  const { id } = readArguments(at, item, { id: something, uid: anything });
  if (id === undefined) throw new MongoError(40414, `BSON field '${at}.id' is missing but a required field`);
  if (!(id instanceof Binary)) throw wrongType(`${at}.id`, id, ['binData']);
  if (id.subtype !== 4) throw new MongoError('TypeMismatch', `BSON field '${at}.id' is the wrong binData type '${binaryName(id.subtype)}', expected type 'UUID'`);
  if (id.bytes.length !== 16) throw new MongoError('InvalidUUID', 'uuid must be a 16-byte binary field with UUID (4) subtype');
  return Buffer.from(id.bytes).toString('hex');
}

const names: Record<number, string> = { 0: 'general', 1: 'function', 2: 'bin', 3: 'uuid', 4: 'newUUID', 5: 'MD5', 6: 'encrypt', 7: 'column', 8: 'sensitive' };

const binaryName = (subtype: number): string => names[subtype] ?? 'custom';
