import { anything, object, readArguments, strictBool, type ArgumentFields } from '../arguments.ts';
import { encodeDocument } from '../bson/encode.ts';
import { Doc } from '../bson/value.ts';
import type { CommandContext, CommandDefinition, Reply, Work } from '../command.ts';
import { isGeneric } from '../generic-arguments.ts';
import { firstReply, readCursorOptions } from '../list-cursor.ts';
import { operationContext } from '../operation.ts';
import { parseFilter } from '../query/filter.ts';
import type { Collection } from '../storage/collection.ts';
import type { View } from '../storage/store.ts';

const fields = { listCollections: anything, filter: object, nameOnly: strictBool, authorizedCollections: strictBool, cursor: object } satisfies ArgumentFields;

/** https://www.mongodb.com/docs/manual/reference/command/listCollections/ */
export const command: CommandDefinition = { stable: true, fields, run: listCollections };

function* listCollections(context: CommandContext): Work<Reply> {
  const { server, database, body } = context;
  const args = readArguments('listCollections', body, fields, isGeneric);
  const filter = args.filter && parseFilter(args.filter, operationContext({}), { unindexed: true });
  const known = server.store.database(database);
  const entries = [
    ...[...(known?.collections.values() ?? [])].map((collection) => describe(collection)),
    ...[...(known?.views.values() ?? [])].map((view) => describeView(view)),
  ];
  const documents = entries
    .map((entry) => (args.nameOnly ? Doc.of({ name: entry.get('name'), type: entry.get('type') }) : entry))
    .filter((entry) => !filter || filter.matchesDoc(entry))
    .map((entry) => encodeDocument(entry));
  return yield* firstReply(context, `${database}.$cmd.listCollections`, documents.values(), readCursorOptions('listCollections', args.cursor), true);
}

function describe(collection: Collection): Doc {
  return Doc.of({
    name: collection.name, type: 'collection', options: collection.options, info: Doc.of({ readOnly: false, uuid: collection.uuid }),
    ...(collection.clustered ? {} : { idIndex: collection.idIndex.spec.shown }),
  });
}

function describeView(view: View): Doc {
  return Doc.of({ name: view.name, type: 'view', options: view.options, info: Doc.of({ readOnly: true }) });
}
