import { anything, bool, object, hint, objects, readArguments, type ArgumentFields, type Arguments } from '../arguments.ts';
import { decodeDocument, int32 } from '../bson/decode.ts';
import { Doc, type Value } from '../bson/value.ts';
import type { CommandContext, CommandDefinition, Reply, Work } from '../command.ts';
import { MongoError } from '../errors.ts';
import { findFirst, prepareFind, type PreparedFind } from '../find-documents.ts';
import { isGeneric } from '../generic-arguments.ts';
import { collectionName } from '../namespace.ts';
import { operationContext } from '../operation.ts';
import { parseProjection } from '../query/projection.ts';
import { updateArgument } from '../update-argument.ts';
import { updateDocuments } from '../update-documents.ts';
import { released, WriteTarget } from '../write-access.ts';
import { writeTime } from '../write-time.ts';

const fields = {
  findAndModify: anything, findandmodify: anything, query: object, fields: object, sort: object, hint, remove: bool, update: updateArgument,
  new: bool, upsert: bool, collation: object, arrayFilters: objects, let: object, bypassDocumentValidation: bool, stmtId: anything, runtimeConstants: anything,
  sampleId: anything, isTimeseriesNamespace: bool,
} satisfies ArgumentFields;

type FindAndModify = Arguments<typeof fields>;

/** https://www.mongodb.com/docs/manual/reference/command/findAndModify/ */
export const command: CommandDefinition = { aliases: ['findandmodify'], stable: true, writes: true, fields, run: findAndModify };

function* findAndModify({ server, database, body, name: called }: CommandContext): Work<Reply> {
  const name = collectionName('findAndModify', database, body.get(called));
  const args = readArguments('findAndModify', body, fields, isGeneric);
  checkTogether(args);
  const target = new WriteTarget(server, database, name, args);
  const context = operationContext({ collation: args.collation, let: args.let, collection: target.collection, clusterTime: writeTime(server) });
  const prepared = prepareFind(target.collection, { filter: args.query ?? new Doc(), sort: args.sort, hint: args.hint }, context, target.namespace);
  const projection = args.fields && args.fields.size > 0 ? parseProjection(args.fields, context, { find: true, filter: prepared.filter }) : undefined;
  const shown = (bytes: Buffer | undefined): Value => {
    if (!bytes) return null;
    const doc = decodeDocument(bytes);
    return projection ? projection.apply(doc, projection.positional ? prepared.filter.matchedIndex(doc) : undefined) : doc;
  };
  if (args.remove) {
    const removed = yield* removeFirst(prepared);
    return Doc.of({ lastErrorObject: Doc.of({ n: int32(removed ? 1 : 0) }), value: shown(removed) });
  }
  const result = yield* updateDocuments(target, {
    filter: args.query ?? new Doc(), update: args.update as Doc | Value[], upsert: args.upsert, collation: args.collation, arrayFilters: args.arrayFilters,
    hint: args.hint, sort: args.sort, let: args.let,
  });
  const updated = result.matched > 0;
  const lastErrorObject = Doc.of({
    n: int32(updated || result.upserted !== undefined ? 1 : 0), updatedExisting: updated, ...(result.upserted === undefined ? {} : { upserted: result.upserted }),
  });
  return Doc.of({ lastErrorObject, value: shown(args.new ? result.after : result.before) });
}

/** Removes the first that matches; looked for anew where another command has changed it meanwhile. */
function* removeFirst(prepared: PreparedFind): Work<Buffer | undefined> {
  const { collection } = prepared;
  for (;;) {
    const match = yield* findFirst(prepared);
    if (!match || !collection) return undefined;
    if (collection.holders.has(match.id)) {
      yield* released(collection, match.id);
    } else if (collection.get(match.id) === match.document) {
      collection.remove(match.id);
      return match.document;
    }
  }
}

function checkTogether(args: FindAndModify): void {
  const wrong = (message: string): MongoError => new MongoError('FailedToParse', message);
  if (args.remove) {
    if (args.update) throw wrong('Cannot specify both an update and remove=true');
    if (args.upsert) throw wrong('Cannot specify both upsert=true and remove=true ');
    if (args.new) throw wrong("Cannot specify both new=true and remove=true; 'remove' always returns the deleted document");
    if (args.arrayFilters) throw wrong('Cannot specify arrayFilters and remove=true');
  } else if (!args.update) {
    throw wrong('Either an update or remove=true must be specified');
  }
}
