import { findElement, skipValue, type RawElement } from './bson/raw.ts';
import { bsonType, type Doc } from './bson/value.ts';
import { decodeDocument, decodeValue } from './bson/decode.ts';
import { wrongType } from './arguments.ts';
import { parsePath } from './query/path.ts';

const insertBegins = Buffer.from('\x02insert\0', 'latin1');

/**
 * Decodes a command's document. The documents of an insert are left out of it, and an empty array stands for them: it takes
 * them raw, and whoever shows the command decodes it again.
 */
export function decodeCommand(body: Buffer): Doc {
  for (let index = 0; index < insertBegins.length; index++) if (body[4 + index] !== insertBegins[index]) return decodeDocument(body);
  return decodeDocument(body, 0, 'documents');
}

/**
 * The raw documents of an array field of a command's body, as views; undefined where there is no such field.
 * @param command its name, for messages
 */
export function rawDocuments(body: Buffer, field: string, command: string): Buffer[] | undefined {
  const found: RawElement = { type: 0, nameStart: 0, nameEnd: 0, start: 0, end: 0 };
  if (!findElement(body, 0, parsePath(field).firstName, found)) return undefined;
  if (found.type === bsonType.null || found.type === bsonType.undefined) return undefined;
  if (found.type !== bsonType.array) throw wrongType(`${command}.${field}`, decodeValue(found.type, body, found.start), ['array']);
  const documents: Buffer[] = [];
  // The array was checked when the command was decoded; a loop of its own is faster than a function told of each item.
  for (let at = found.start + 4; at < found.end - 1;) {
    const type = body[at] as number;
    while (body[at] !== 0) at++;
    const start = at + 1;
    at = skipValue(type, body, start);
    if (type !== bsonType.object) throw wrongType(`${command}.${field}.${documents.length}`, decodeValue(type, body, start), ['object']);
    documents.push(body.subarray(start, at));
  }
  return documents;
}

