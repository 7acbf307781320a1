import { objects } from '../arguments.ts';
import { Binary, Doc } from '../bson/value.ts';
import type { CommandDefinition } from '../command.ts';

/** https://www.mongodb.com/docs/manual/reference/command/endSessions/ */
export const command: CommandDefinition = {
  stable: true,
  run({ server, body }) {
    const sessions = objects.parse(body.get('endSessions') ?? [], 'endSessions.endSessions');
    for (const session of sessions) {
      const id = session.get('id');
      if (!(id instanceof Binary)) continue;
      const known = Buffer.from(id.bytes).toString('hex');
      server.cursors.closeSession(known);
      server.sessions.end(known);
    }
    return new Doc();
  },
};
