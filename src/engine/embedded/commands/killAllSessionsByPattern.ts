import { anything, array, object, readArguments, wrongType } from '../arguments.ts';
import { Doc } from '../bson/value.ts';
import type { CommandDefinition } from '../command.ts';
import { MongoError } from '../errors.ts';
import { readSessionId } from '../session-ids.ts';
import type { Server } from '../server-state.ts';

const patternFields = { lsid: object, uid: anything, users: array, roles: array };

/** The sessions that one of the patterns fits; without patterns all. https://www.mongodb.com/docs/manual/reference/command/killAllSessionsByPattern/ */
export const command: CommandDefinition = {
  run({ server, body }) {
    const given = body.get('killAllSessionsByPattern') ?? null;
    if (given === null) throw new MongoError(40414, "BSON field 'killAllSessionsByPattern.killAllSessionsByPattern' is missing but a required field");
    if (!Array.isArray(given)) throw wrongType('killAllSessionsByPattern.killAllSessionsByPattern', given, ['array']);
    const ids = given.length === 0 ? server.sessions.all() : given.flatMap((pattern, index) => {
      const at = `killAllSessionsByPattern.killAllSessionsByPattern.${index}`;
      if (!(pattern instanceof Doc)) throw wrongType(at, pattern, ['object']);
      return matching(server, pattern, at);
    });
    for (const id of ids) {
      server.cursors.closeSession(id);
      server.sessions.end(id);
    }
    return new Doc();
  },
};

function matching(server: Server, pattern: Doc, at: string): string[] {
  const { lsid, uid, users, roles } = readArguments(at, pattern, patternFields);
  if (lsid) {
    const id = readSessionId(`${at}.lsid`, lsid);
    if (!lsid.has('uid')) throw new MongoError(40414, `BSON field '${at}.lsid.uid' is missing but a required field`);
    return [id];
  }
  if (uid === undefined && !users && !roles) return server.sessions.all();
  // Whose a session is, is not known; where nobody has to log in it is nobody's.
  if (server.accessControl) throw new MongoError('NotImplemented', 'killAllSessionsByPattern of single users is not supported by this server');
  return [];
}
