import { anything } from '../arguments.ts';
import { int32 } from '../bson/decode.ts';
import { Doc } from '../bson/value.ts';
import type { CommandDefinition } from '../command.ts';

/** https://www.mongodb.com/docs/manual/reference/command/dropAllUsersFromDatabase/ */
export const command: CommandDefinition = {
  writes: true, fields: { dropAllUsersFromDatabase: anything },
  run({ server, database }) {
    const here = server.users.all().filter((user) => user.database === database);
    for (const { name } of here) server.users.remove(database, name);
    return Doc.of({ n: int32(here.length) });
  },
};
