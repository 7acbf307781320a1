import { Doc } from '../bson/value.ts';
import type { CommandDefinition } from '../command.ts';
import { MongoError } from '../errors.ts';
import { collectionName } from '../namespace.ts';

/**
 * A plan is made anew for every query, so none is kept to be cleared, whatever query is named.
 * https://www.mongodb.com/docs/manual/reference/command/planCacheClear/
 */
export const command: CommandDefinition = {
  run({ server, database, body }) {
    const name = collectionName('planCacheClear', database, body.get('planCacheClear'));
    if (server.store.view(database, name)) throw new MongoError('CommandNotSupportedOnView', `Namespace ${database}.${name} is a view, not a collection`);
    return new Doc();
  },
};
