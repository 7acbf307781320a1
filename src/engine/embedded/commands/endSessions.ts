import { anything } from '../arguments.ts';
import { Doc } from '../bson/value.ts';
import type { CommandDefinition } from '../command.ts';
import { readSessionIds } from '../session-ids.ts';

/** https://www.mongodb.com/docs/manual/reference/command/endSessions/ */
export const command: CommandDefinition = {
  stable: true, fields: { endSessions: anything },
  run({ server, body }) {
    for (const id of readSessionIds('endSessions', body.get('endSessions'))) {
      server.cursors.closeSession(id);
      server.sessions.end(id);
    }
    return new Doc();
  },
};
