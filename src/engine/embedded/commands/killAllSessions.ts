import { readArguments, required, text, wrongType } from '../arguments.ts';
import { Doc } from '../bson/value.ts';
import type { CommandDefinition } from '../command.ts';
import { MongoError } from '../errors.ts';

/** All sessions, or those of the users that are named. https://www.mongodb.com/docs/manual/reference/command/killAllSessions/ */
export const command: CommandDefinition = {
  run({ server, body }) {
    const given = body.get('killAllSessions') ?? null;
    if (given === null) throw new MongoError(40414, "BSON field 'killAllSessions.killAllSessions' is missing but a required field");
    const users = Array.isArray(given) ? given.filter((user) => user !== null) : given;
    if (!Array.isArray(users)) throw wrongType('killAllSessions.killAllSessions', users, ['array']);
    for (const [index, user] of users.entries()) {
      if (!(user instanceof Doc)) throw wrongType(`killAllSessions.killAllSessions.${index}`, user, ['object']);
      readArguments(`killAllSessions.killAllSessions.${index}`, user, { user: required(text), db: required(text) });
    }
    // Whose a session is, is not known; where nobody has to log in it is nobody's.
    if (users.length > 0 && server.accessControl) throw new MongoError('NotImplemented', 'killAllSessions of single users is not supported by this server');
    if (users.length > 0) return new Doc();
    for (const id of server.sessions.all()) {
      server.cursors.closeSession(id);
      server.sessions.end(id);
    }
    return new Doc();
  },
};
