import type { Doc } from '../bson/value.ts';
import { beginLogin } from '../auth/login.ts';
import type { CommandDefinition } from '../command.ts';

/** Begins a login by SCRAM. https://www.mongodb.com/docs/manual/core/security-scram/ */
export const command: CommandDefinition = {
  stable: true,
  run({ server, client, database, body }): Doc {
    client.login = undefined;
    const { conversation, reply } = beginLogin(server.users, database, body);
    client.login = conversation;
    return reply;
  },
};
