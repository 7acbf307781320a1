import { anything, object, readArguments, strictBool, type ArgumentFields } from '../arguments.ts';
import { encodeDocument } from '../bson/encode.ts';
import { Doc } from '../bson/value.ts';
import { describedCollections } from '../collection-info.ts';
import type { CommandContext, CommandDefinition, Reply, Work } from '../command.ts';
import { isGeneric } from '../generic-arguments.ts';
import { firstReply, readCursorOptions } from '../list-cursor.ts';
import { operationContext } from '../operation.ts';
import { parseFilter } from '../query/filter.ts';

const fields = { listCollections: anything, filter: object, nameOnly: strictBool, authorizedCollections: strictBool, cursor: object } satisfies ArgumentFields;

/** https://www.mongodb.com/docs/manual/reference/command/listCollections/ */
export const command: CommandDefinition = { stable: true, fields, run: listCollections };

function* listCollections(context: CommandContext): Work<Reply> {
  const { server, database, body } = context;
  const args = readArguments('listCollections', body, fields, isGeneric);
  const filter = args.filter && parseFilter(args.filter, { ...operationContext({}), timeless: true }, { unindexed: true });
  const documents = describedCollections(server.store, database)
    .map((entry) => (args.nameOnly ? Doc.of({ name: entry.get('name'), type: entry.get('type') }) : entry))
    .filter((entry) => !filter || filter.matchesDoc(entry))
    .map((entry) => encodeDocument(entry));
  return yield* firstReply(context, `${database}.$cmd.listCollections`, documents.values(), readCursorOptions('listCollections', args.cursor), true);
}
