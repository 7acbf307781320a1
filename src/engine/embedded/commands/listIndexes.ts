import { anything, object, readArguments, strictBool, type ArgumentFields } from '../arguments.ts';
import { encodeDocument } from '../bson/encode.ts';
import { Doc } from '../bson/value.ts';
import type { CommandContext, CommandDefinition, Reply, Work } from '../command.ts';
import { MongoError } from '../errors.ts';
import { isGeneric } from '../generic-arguments.ts';
import { firstReply, readCursorOptions } from '../list-cursor.ts';
import { collectionName } from '../namespace.ts';

const fields = { listIndexes: anything, cursor: object, includeBuildUUIDs: strictBool, includeIndexBuildInfo: strictBool, isTimeseriesNamespace: anything } satisfies ArgumentFields;

/** https://www.mongodb.com/docs/manual/reference/command/listIndexes/ */
export const command: CommandDefinition = { stable: true, fields, run: listIndexes };

function* listIndexes(context: CommandContext): Work<Reply> {
  const { server, database, body } = context;
  const name = collectionName('listIndexes', database, body.get('listIndexes'));
  const args = readArguments('listIndexes', body, fields, isGeneric);
  const collection = server.store.collection(database, name);
  if (!collection) {
    if (server.store.view(database, name)) throw new MongoError('CommandNotSupportedOnView', `Namespace ${database}.${name} is a view, not a collection`);
    throw new MongoError('NamespaceNotFound', `ns does not exist: ${database}.${name}`);
  }
  if (args.includeBuildUUIDs && args.includeIndexBuildInfo) throw new MongoError('InvalidOptions', "The listIndexes command does not support using both 'includeBuildUUIDs' and 'includeIndexBuildInfo' at the same time.");
  const documents = [...(collection.clustered ? [collection.clustered] : []), ...collection.indexes.values()].map(({ spec: { shown } }) => encodeDocument(args.includeIndexBuildInfo ? Doc.of({ spec: shown }) : shown));
  return yield* firstReply(context, `${database}.${name}`, documents.values(), readCursorOptions('listIndexes', args.cursor), true);
}
