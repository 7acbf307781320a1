import { createHash } from 'node:crypto';
import { readArguments, required, strictBool, text, wrongType, type Argument } from '../arguments.ts';
import { Binary, Doc, UtcDate } from '../bson/value.ts';
import { MongoError } from '../errors.ts';
import type { StageDefinition } from '../pipeline.ts';
import { serverOrigin } from '../pipeline-origin.ts';

/** Users, `{ user, db }`; null is none. */
const users: Argument<Doc[]> = {
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

/** The sessions in use. https://www.mongodb.com/docs/manual/reference/operator/aggregation/listLocalSessions/ */
export const stage: StageDefinition = {
  parse(argument, context) {
    if (!(argument instanceof Doc)) throw new MongoError('TypeMismatch', '$listLocalSessions options must be specified in an object');
    const args = readArguments('$listLocalSessions', argument, { allUsers: strictBool, users });
    const named = args.users !== undefined && args.users.length > 0;
    if (args.allUsers && named) throw new MongoError('UnsupportedFormat', '$listLocalSessions may not specify {allUsers:true} and {users:[...]} at the same time');
    const { server } = serverOrigin('$listLocalSessions', context);
    // There are no users, so no session is one's.
    const ids = named ? [] : server.sessions.all();
    return {
      source: true,
      *run() {
        for (const id of ids) yield Doc.of({ _id: Doc.of({ id: new Binary(4, new Uint8Array(Buffer.from(id, 'hex'))), uid: nobody }), lastUse: new UtcDate(BigInt(Date.now())) });
      },
    };
  },
};
