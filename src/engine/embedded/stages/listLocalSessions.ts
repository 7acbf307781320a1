import { readArguments, strictBool } from '../arguments.ts';
import { Doc } from '../bson/value.ts';
import { MongoError } from '../errors.ts';
import type { StageDefinition } from '../pipeline.ts';
import { serverOrigin } from '../pipeline-origin.ts';
import { shownSession, users } from '../session-users.ts';

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
        for (const id of ids) yield shownSession(id);
      },
    };
  },
};
