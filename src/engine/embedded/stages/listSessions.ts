import { readArguments, strictBool } from '../arguments.ts';
import { Doc } from '../bson/value.ts';
import { MongoError } from '../errors.ts';
import type { StageDefinition } from '../pipeline.ts';
import { shownSession, users } from '../session-users.ts';

/** The sessions that are kept. https://www.mongodb.com/docs/manual/reference/operator/aggregation/listSessions/ */
export const stage: StageDefinition = {
  parse(argument, { origin, nested, inFacet }) {
    if (!(argument instanceof Doc)) throw new MongoError('TypeMismatch', '$listSessions options must be specified in an object');
    const args = readArguments('$listSessions', argument, { allUsers: strictBool, users });
    const named = args.users !== undefined && args.users.length > 0;
    if (args.allUsers && named) throw new MongoError('UnsupportedFormat', '$listSessions may not specify {allUsers:true} and {users:[...]} at the same time');
    if (!origin || nested || inFacet || origin.collectionless || origin.database !== 'config' || origin.asked !== 'system.sessions') {
      throw new MongoError('InvalidNamespace', '$listSessions may only be run against config.system.sessions');
    }
    const { server } = origin;
    return {
      source: 'collection',
      *run() {
        // There are no users, so no session is one's.
        for (const id of named ? [] : server.sessions.all()) yield shownSession(id);
      },
    };
  },
};
