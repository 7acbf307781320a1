import { readArguments, required, text, type ArgumentFields } from '../arguments.ts';
import { Doc } from '../bson/value.ts';
import type { CommandDefinition } from '../command.ts';
import { isGeneric } from '../generic-arguments.ts';

const fields = { dropUser: required(text) } satisfies ArgumentFields;

/** https://www.mongodb.com/docs/manual/reference/command/dropUser/ */
export const command: CommandDefinition = {
  writes: true, fields,
  run({ server, database, body }) {
    const { dropUser } = readArguments('dropUser', body, fields, isGeneric);
    server.users.get(database, dropUser);
    server.users.remove(database, dropUser);
    return new Doc();
  },
};
