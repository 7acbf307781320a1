import { anything } from '../arguments.ts';
import { Doc } from '../bson/value.ts';
import type { CommandDefinition } from '../command.ts';
import { readSessionIds } from '../session-ids.ts';

/** https://www.mongodb.com/docs/manual/reference/command/refreshSessions/ */
export const command: CommandDefinition = {
  stable: true, fields: { refreshSessions: anything },
  run({ server, body }) {
    for (const id of readSessionIds('refreshSessions', body.get('refreshSessions'))) server.sessions.touch(id);
    return new Doc();
  },
};
