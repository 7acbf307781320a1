import { anything, readArguments, type ArgumentFields } from '../arguments.ts';
import { int32 } from '../bson/decode.ts';
import { Doc } from '../bson/value.ts';
import type { CommandContext, CommandDefinition, Reply, Work } from '../command.ts';
import { MongoError } from '../errors.ts';
import { isGeneric } from '../generic-arguments.ts';
import { collectionName } from '../namespace.ts';

const fields = { reIndex: anything } satisfies ArgumentFields;

/** Makes a collection's indexes anew, on a standalone alone. https://www.mongodb.com/docs/manual/reference/command/reIndex/ */
export const command: CommandDefinition = { writes: true, fields, run: reIndex };

function* reIndex({ server, database, body }: CommandContext): Work<Reply> {
  const name = collectionName('reIndex', database, body.get('reIndex'));
  readArguments('reIndex', body, fields, isGeneric);
  if (server.replset) throw new MongoError('IllegalOperation', 'reIndex is only allowed on a standalone mongod instance.');
  if (server.store.view(database, name)) throw new MongoError('CommandNotSupportedOnView', `can't re-index a view: ${database}.${name}`);
  const collection = server.store.collection(database, name);
  if (!collection) throw new MongoError('NamespaceNotFound', `collection does not exist: ${database}.${name}`);
  const specs = [...collection.indexes.values()].map(({ spec }) => spec);
  for (const spec of specs) {
    if (spec.name === '_id_') continue;
    collection.dropIndex(spec.name);
    yield* collection.buildIndex(spec);
  }
  return Doc.of({ nIndexesWas: int32(specs.length), nIndexes: int32(collection.indexes.size), indexes: specs.map(({ shown }) => shown) });
}
