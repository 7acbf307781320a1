import { anything, readArguments, required, text, wrongType } from '../arguments.ts';
import { Doc } from '../bson/value.ts';
import type { CommandDefinition } from '../command.ts';

const strictText = required({ ...text, takesNull: true });

/** There are no users, so all sessions are meant. https://www.mongodb.com/docs/manual/reference/command/killAllSessions/ */
export const command: CommandDefinition = {
  fields: { killAllSessions: anything },
  run({ server, body }) {
    const users = body.get('killAllSessions') ?? null;
    if (!Array.isArray(users)) throw wrongType('killAllSessions.killAllSessions', users, ['array']);
    for (const [index, user] of users.entries()) {
      if (!(user instanceof Doc)) throw wrongType(`killAllSessions.killAllSessions.${index}`, user, ['object']);
      readArguments(`killAllSessions.killAllSessions.${index}`, user, { user: strictText, db: strictText });
    }
    for (const id of server.sessions.all()) {
      server.cursors.closeSession(id);
      server.sessions.end(id);
    }
    return new Doc();
  },
};
