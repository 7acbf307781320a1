import { integer, readArguments, type ArgumentFields } from '../arguments.ts';
import { Doc } from '../bson/value.ts';
import type { CommandDefinition } from '../command.ts';
import { MongoError } from '../errors.ts';
import { isGeneric } from '../generic-arguments.ts';

const fields = { dropDatabase: integer() } satisfies ArgumentFields;

/** https://www.mongodb.com/docs/manual/reference/command/dropDatabase/ */
export const command: CommandDefinition = {
  stable: true, writes: true, fields,
  run({ server, database, body }) {
    const { dropDatabase } = readArguments('dropDatabase', body, fields, isGeneric);
    if (dropDatabase === undefined) throw new MongoError(40414, "BSON field 'dropDatabase.dropDatabase' is missing but a required field");
    if (dropDatabase !== 1) throw new MongoError(5255100, "Have to pass 1 as 'drop' parameter");
    if (database === 'admin' || database === 'local' || database === 'config') throw new MongoError('IllegalOperation', `Dropping the '${database}' database is prohibited.`);
    server.store.dropDatabase(database);
    server.cursors.killNamespace(`${database}.`, 'database dropped');
    return new Doc();
  },
};
