import { Doc } from '../bson/value.ts';
import type { CommandDefinition } from '../command.ts';
import { MongoError } from '../errors.ts';
import { readSessionIds } from '../session-ids.ts';

/** https://www.mongodb.com/docs/manual/reference/command/killSessions/ */
export const command: CommandDefinition = {
  run({ server, body }) {
    const given = body.get('killSessions') ?? null;
    if (given === null) throw new MongoError(40414, "BSON field 'killSessions.killSessions' is missing but a required field");
    const ids = readSessionIds('killSessions', Array.isArray(given) ? given.filter((id) => id !== null) : given);
    // Of none, all are meant.
    for (const id of ids.length > 0 ? ids : server.sessions.all()) {
      server.cursors.closeSession(id);
      server.sessions.end(id);
    }
    return new Doc();
  },
};
