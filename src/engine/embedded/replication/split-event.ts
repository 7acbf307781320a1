import { int32 } from '../bson/decode.ts';
import { encodeDocument } from '../bson/encode.ts';
import { Doc, type Value } from '../bson/value.ts';
import { MongoError } from '../errors.ts';
import { readToken, resumeToken } from './resume-token.ts';

/** The largest event that is sent in one piece: what a document may take, and some room around it. */
export const maxEventBytes = 16 * 1024 * 1024 + 8 * 1024;

/**
 * Cuts an event into fragments that can each be sent: the smallest fields first, as many as there is room for.
 * https://www.mongodb.com/docs/manual/reference/operator/aggregation/changeStreamSplitLargeEvent/
 * @throws MongoError where one field alone is too large
 */
export function splitEvent(event: Doc): Doc[] {
  const { time, kind } = readToken(event.get('_id') as Doc);
  const fields = [...event].filter(([name]) => name !== '_id').map(([name, value]) => ({ name, value, bytes: sizeOf(name, value) }))
    .toSorted((a, b) => a.bytes - b.bytes || (a.name < b.name ? -1 : 1));
  const fragments: Doc[] = [];
  let room = 0;
  for (const { name, value, bytes } of fields) {
    if (fragments.length === 0 || bytes > room) {
      const fragment = Doc.of({ _id: resumeToken(time, kind, fragments.length), splitEvent: Doc.of({ fragment: int32(fragments.length + 1), of: int32(0) }) });
      room = maxEventBytes - encodeDocument(fragment).length;
      if (bytes > room) throw new MongoError(7182500, `Splitting change event failed: fragment size ${maxEventBytes - room + bytes} is greater than maximum allowed fragment size ${maxEventBytes}`);
      fragments.push(fragment);
    }
    (fragments.at(-1) as Doc).set(name, value);
    room -= bytes;
  }
  for (const fragment of fragments) (fragment.get('splitEvent') as Doc).set('of', int32(fragments.length));
  return fragments;
}

const emptyDocument = 5;
const sizeOf = (name: string, value: Value): number => encodeDocument(new Doc([[name, value]])).length - emptyDocument;
