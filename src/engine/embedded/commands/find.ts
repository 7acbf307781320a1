import { anything, bool, integer, object, objectOrText, readArguments, type ArgumentFields, type Arguments } from '../arguments.ts';
import { decodeDocument } from '../bson/decode.ts';
import { encodeDocument } from '../bson/encode.ts';
import { Doc } from '../bson/value.ts';
import type { CommandContext, CommandDefinition, Reply, Work } from '../command.ts';
import { firstBatchSize } from '../cursors.ts';
import { findMatches, prepareFind, type PreparedFind } from '../find-documents.ts';
import { isGeneric } from '../generic-arguments.ts';
import { collectionName } from '../namespace.ts';
import { operationContext } from '../operation.ts';
import { parseProjection, type Projection } from '../query/projection.ts';
import { cursorReply } from '../reply.ts';
import type { QueryContext } from '../variables.ts';

const fields = {
  find: anything, filter: object, projection: object, sort: object, hint: objectOrText, skip: integer({ min: 0 }), limit: integer(),
  batchSize: integer({ min: 0 }), singleBatch: bool, max: object, min: object, returnKey: bool, showRecordId: bool, tailable: bool,
  oplogReplay: bool, noCursorTimeout: bool, awaitData: bool, allowPartialResults: bool, collation: object, allowDiskUse: bool, let: object,
  ntoreturn: integer(), term: anything, includeQueryStatsMetrics: bool, resumeAfter: object, requestResumeToken: bool, _use44SortKeys: bool,
} satisfies ArgumentFields;

type FindArguments = Arguments<typeof fields>;

/** https://www.mongodb.com/docs/manual/reference/command/find/ */
export const command: CommandDefinition = { stable: true, fields, run: find };

function* find(context: CommandContext): Work<Reply> {
  const { server, database, body, generic } = context;
  const name = collectionName('find', database, body.get('find'));
  const args = readArguments('find', body, fields, isGeneric);
  const namespace = `${database}.${name}`;
  server.counters.query++;
  const collection = server.store.collection(database, name);
  const operation = operationContext({ collation: args.collation, let: args.let, collection });
  const prepared = prepareFind(collection, { ...args, filter: args.filter ?? new Doc() }, operation, namespace);
  const limit = args.limit === undefined || args.limit === 0 ? Infinity : Math.abs(args.limit);
  const source = results(prepared, args, operation, limit);
  const cursor = server.cursors.create({
    namespace, source, session: generic.session, noTimeout: args.noCursorTimeout ?? false, openedBy: 'find',
  });
  const single = args.singleBatch === true || (args.limit !== undefined && args.limit < 0);
  const size = Math.min(args.batchSize ?? (Number.isFinite(limit) && single ? limit : firstBatchSize), limit);
  const documents = yield* cursor.batch(size);
  const open = !cursor.exhausted && !single && documents.length < limit;
  if (open) server.cursors.keep(cursor);
  else cursor.close();
  return cursorReply('firstBatch', documents, open ? cursor.id : 0n, namespace);
}

function* results(prepared: PreparedFind, args: FindArguments, context: QueryContext, limit: number): Generator<Buffer | undefined, void> {
  const projection = args.projection && args.projection.size > 0 ? parseProjection(args.projection, context, { find: true, filter: prepared.filter }) : undefined;
  let skip = args.skip ?? 0;
  let left = limit;
  for (const match of findMatches(prepared, limit + skip)) {
    if (!match) {
      yield undefined;
      continue;
    }
    if (skip > 0) {
      skip--;
      continue;
    }
    yield projection ? projected(match.document, projection, prepared) : match.document;
    if (--left <= 0) return;
  }
}

function projected(document: Buffer, projection: Projection, { filter }: PreparedFind): Buffer {
  const doc = decodeDocument(document);
  return encodeDocument(projection.apply(doc, projection.positional ? filter.matchedIndex(doc) : undefined));
}

