import { findElement, scanElements, type RawElement } from './bson/raw.ts';
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

/** The raw documents of an array field of a command's body, as views; undefined where there is no such field. */
export function rawDocuments(body: Buffer, field: string, shown: string): Buffer[] | undefined {
  const found: RawElement = { type: 0, nameStart: 0, nameEnd: 0, start: 0, end: 0 };
  if (!findElement(body, 0, parsePath(field).firstName, found)) return undefined;
  if (found.type === bsonType.null || found.type === bsonType.undefined) return undefined;
  if (found.type !== bsonType.array) throw wrongType(shown, decodeValue(found.type, body, found.start), ['array']);
  const documents: Buffer[] = [];
  scanElements(body, found.start, (element) => {
    if (element.type !== bsonType.object) throw wrongType(`${shown}.${documents.length}`, decodeValue(element.type, body, element.start), ['object']);
    documents.push(body.subarray(element.start, element.end));
  });
  return documents;
}

