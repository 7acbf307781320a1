import { Binary, Doc, UtcDate } from '../bson/value.ts';
import { bool, objects, readArguments } from '../arguments.ts';
import { MongoError } from '../errors.ts';
import type { StageDefinition } from '../pipeline.ts';
import { originOf } from '../pipeline-origin.ts';

/** The sessions in use. https://www.mongodb.com/docs/manual/reference/operator/aggregation/listLocalSessions/ */
export const stage: StageDefinition = {
  parse(argument, context) {
    if (!(argument instanceof Doc)) throw new MongoError('TypeMismatch', '$listLocalSessions options must be specified in an object');
    const { allUsers, users } = readArguments('$listLocalSessions', argument, { allUsers: bool, users: objects });
    if (allUsers && users) throw new MongoError('UnsupportedFormat', '$listLocalSessions may not specify {allUsers:true} and {users:[...]} at the same time');
    const { server } = originOf('$listLocalSessions', context, false);
    // There are no users, so no session is one's.
    const ids = users ? [] : server.sessions.all();
    return {
      source: true,
      *run() {
        for (const id of ids) yield Doc.of({ _id: Doc.of({ id: new Binary(4, new Uint8Array(Buffer.from(id, 'hex'))) }), lastUse: new UtcDate(BigInt(Date.now())) });
      },
    };
  },
};
