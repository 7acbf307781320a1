import { Doc } from '../bson/value.ts';
import type { CommandDefinition } from '../command.ts';

/** https://www.mongodb.com/docs/manual/reference/command/logout/ */
export const command: CommandDefinition = {
  run({ client, database }) {
    client.loggedIn = client.loggedIn.filter((user) => user.database !== database);
    return new Doc();
  },
};
