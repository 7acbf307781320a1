import { Doc } from '../bson/value.ts';
import { cappedCopy, copied, readSize } from '../capped-copy.ts';
import type { CommandDefinition } from '../command.ts';
import { MongoError } from '../errors.ts';
import { collectionName } from '../namespace.ts';
import type { Database } from '../storage/store.ts';

/** https://www.mongodb.com/docs/manual/reference/command/convertToCapped/ */
export const command: CommandDefinition = {
  writes: true,
  run(context) {
    const { server, database, body } = context;
    const name = collectionName('convertToCapped', database, body.get('convertToCapped'));
    const size = readSize(body.get('size'));
    if (name.startsWith('system.')) throw new MongoError('BadValue', `cannot convert system collection ${database}.${name}`);
    const from = copied(context, name);
    const copy = cappedCopy(context, from, `tmp.${Date.now().toString(36)}.convertToCapped.${name}`.slice(0, 200), size);
    server.store.rename(copy, server.store.database(database) as Database, database, name);
    server.cursors.killNamespace(`${database}.${name}`, 'collection dropped');
    return new Doc();
  },
};
