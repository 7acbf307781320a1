import { anything, integer, readArguments, type ArgumentFields } from '../arguments.ts';
import { Doc } from '../bson/value.ts';
import { storageStats } from '../collection-stats.ts';
import type { CommandDefinition } from '../command.ts';
import { MongoError } from '../errors.ts';
import { isGeneric } from '../generic-arguments.ts';
import { collectionName } from '../namespace.ts';

const fields = { collStats: anything, collstats: anything, scale: integer({ min: 1 }), waitForLock: anything } satisfies ArgumentFields;

/** https://www.mongodb.com/docs/manual/reference/command/collStats/ */
export const command: CommandDefinition = {
  aliases: ['collstats'], fields,
  run({ server, database, body, name: called }) {
    const name = collectionName('collStats', database, body.get(called));
    const args = readArguments('collStats', body, fields, isGeneric);
    if (server.store.view(database, name)) throw new MongoError('CommandNotSupportedOnView', `Namespace ${database}.${name} is a view, not a collection`);
    return new Doc([['ns', `${database}.${name}`], ...storageStats(server.store.collection(database, name), args.scale ?? 1)]);
  },
};
