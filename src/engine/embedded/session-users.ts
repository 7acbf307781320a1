import { createHash } from 'node:crypto';
import { readArguments, required, text, wrongType, type Argument } from './arguments.ts';
import { Binary, Doc, UtcDate } from './bson/value.ts';

/** Users, `{ user, db }`; null is none. */
export const users: Argument<Doc[]> = {
  parse(value, field) {
    if (!Array.isArray(value)) throw wrongType(field, value, ['array']);
    return value.filter((item) => item !== null).map((item) => {
      if (!(item instanceof Doc)) throw wrongType(field, item, ['object']);
      readArguments(field, item, { user: required(text), db: required(text) });
      return item;
    });
  },
};

/** Who opened a session, where nobody logs in: the digest of no name. */
const nobody = new Binary(0, new Uint8Array(createHash('sha256').digest()));

/** A session as the stages that list them show it. @param id in hex */
export const shownSession = (id: string): Doc =>
  Doc.of({ _id: Doc.of({ id: new Binary(4, new Uint8Array(Buffer.from(id, 'hex'))), uid: nobody }), lastUse: new UtcDate(BigInt(Date.now())) });
