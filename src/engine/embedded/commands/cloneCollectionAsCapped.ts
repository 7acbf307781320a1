import { text } from '../arguments.ts';
import { Doc } from '../bson/value.ts';
import { cappedCopy, copied, readSize } from '../capped-copy.ts';
import type { CommandDefinition } from '../command.ts';
import { MongoError } from '../errors.ts';
import { checkNewCollectionName } from '../namespace.ts';

/** https://www.mongodb.com/docs/manual/reference/command/cloneCollectionAsCapped/ */
export const command: CommandDefinition = {
  writes: true,
  run(context) {
    const { server, database, body } = context;
    const name = text.parse(body.get('cloneCollectionAsCapped') ?? null, 'cloneCollectionAsCapped.cloneCollectionAsCapped');
    const to = text.parse(body.get('toCollection') ?? null, 'cloneCollectionAsCapped.toCollection');
    for (const one of [name, to]) checkNewCollectionName(database, one);
    const size = readSize(body.get('size'));
    const from = copied(context, name);
    if (server.store.view(database, to)) throw new MongoError('CommandNotSupportedOnView', `cloneCollectionAsCapped failed - destination ${database}.${to} is a view`);
    if (server.store.collection(database, to)) throw new MongoError('NamespaceExists', `cloneCollectionAsCapped failed - destination collection ${database}.${to} already exists`);
    cappedCopy(context, from, to, size);
    return new Doc();
  },
};
