import { anything } from '../arguments.ts';
import { Doc } from '../bson/value.ts';
import type { CommandDefinition } from '../command.ts';
import { readSessionIds } from '../session-ids.ts';

/** https://www.mongodb.com/docs/manual/reference/command/killSessions/ */
export const command: CommandDefinition = {
  fields: { killSessions: anything },
  run({ server, body }) {
    const ids = readSessionIds('killSessions', body.get('killSessions'));
    // Of none, all are meant.
    for (const id of ids.length > 0 ? ids : server.sessions.all()) {
      server.cursors.closeSession(id);
      server.sessions.end(id);
    }
    return new Doc();
  },
};
