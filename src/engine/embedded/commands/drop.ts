import { anything, readArguments, type ArgumentFields } from '../arguments.ts';
import { int32 } from '../bson/decode.ts';
import { Doc } from '../bson/value.ts';
import { checkCollectionUuid, uuid } from '../collection-uuid.ts';
import type { CommandDefinition } from '../command.ts';
import { MongoError } from '../errors.ts';
import { isGeneric } from '../generic-arguments.ts';
import { collectionName } from '../namespace.ts';

const fields = { drop: anything, collectionUUID: uuid } satisfies ArgumentFields;

/** Dropping what is not there succeeds. https://www.mongodb.com/docs/manual/reference/command/drop/ */
export const command: CommandDefinition = {
  stable: true, writes: true, fields,
  run({ server, database, body }) {
    const name = collectionName('drop', database, body.get('drop'));
    const { collectionUUID } = readArguments('drop', body, fields, isGeneric);
    checkCollectionUuid(server, database, name, collectionUUID);
    const collection = server.store.collection(database, name);
    if (name.startsWith('system.') && name !== 'system.profile' && !collection) throw new MongoError('IllegalOperation', `can't drop system collection ${database}.${name}`);
    const was = collection?.indexes.size;
    if (!server.store.drop(database, name)) return new Doc();
    server.cursors.killNamespace(`${database}.${name}`, 'collection dropped');
    return Doc.of({ ...(was === undefined ? {} : { nIndexesWas: int32(was) }), ns: `${database}.${name}` });
  },
};
