import { anything, bool, integer, object, hint, readArguments, type ArgumentFields, type Arguments } from '../arguments.ts';
import { decodeDocument } from '../bson/decode.ts';
import { encodeDocument } from '../bson/encode.ts';
import { toDouble } from '../bson/number.ts';
import { Doc, isNumeric } from '../bson/value.ts';
import type { CommandContext, CommandDefinition, Reply, Work } from '../command.ts';
import { firstBatchSize, type DocumentSource } from '../cursors.ts';
import { MongoError } from '../errors.ts';
import { findMatches, prepareFind, type PreparedFind } from '../find-documents.ts';
import { isGeneric, transactionOf } from '../generic-arguments.ts';
import { collectionName, namespaceOf } from '../namespace.ts';
import { snapshotOf } from '../list-cursor.ts';
import { operationContext } from '../operation.ts';
import { pipelineResults, preparePipeline } from '../pipeline-run.ts';
import { valuesAt } from '../query/path.ts';
import { parseProjection, type Projection } from '../query/projection.ts';
import { cursorReply } from '../reply.ts';
import type { Server } from '../server-state.ts';
import type { Collection } from '../storage/collection.ts';
import type { Key } from '../storage/key.ts';
import type { IndexPlan, Plan } from '../storage/planner.ts';
import { findKey, type Match } from '../storage/scan.ts';
import { TailSource } from '../tail-source.ts';

const fields = {
  find: anything, filter: { ...object, takesNull: true }, projection: object, sort: object, hint, skip: integer({ min: 0 }), limit: integer({ min: 0 }),
  batchSize: integer({ min: 0 }), singleBatch: bool, max: object, min: object, returnKey: bool, showRecordId: bool, tailable: bool,
  oplogReplay: bool, noCursorTimeout: bool, awaitData: bool, allowPartialResults: bool, collation: object, allowDiskUse: bool, let: object,
  ntoreturn: integer(), term: anything, includeQueryStatsMetrics: bool, resumeAfter: object, requestResumeToken: bool, _use44SortKeys: bool,
} satisfies ArgumentFields;

type FindArguments = Arguments<typeof fields>;

/** https://www.mongodb.com/docs/manual/reference/command/find/ */
export const command: CommandDefinition = { stable: true, reads: true, fields, run: find };

function find(context: CommandContext): Reply | Work<Reply> {
  const { server, database, body } = context;
  const name = collectionName('find', database, body.get('find'));
  const args = readArguments('find', body, fields, isGeneric);
  checkOptions(args);
  const namespace = namespaceOf(database, name);
  server.counters.query++;
  const collection = server.store.collection(database, name);
  if (server.store.view(database, name)) return firstBatch(context, args, namespace, collection, viewResults(context, name, args));
  const query = prepare(server, collection, args, namespace);
  const { plan, filter } = query.prepared;
  if (!collection) return cursorReply('firstBatch', [], 0n, namespace, snapshotOf(context));
  if (!isLookup(plan, args)) return firstBatch(context, args, namespace, collection, collectionResults(collection, args, query));
  server.cursors.closeIdle();
  const found = findKey(collection, plan.index, plan.key, filter);
  return cursorReply('firstBatch', found ? [shown(found, args, query)] : [], 0n, namespace, snapshotOf(context));
}

const limitOf = ({ limit }: FindArguments): number => (limit === undefined || limit === 0 ? Infinity : Math.abs(limit));
const sizeOf = (args: FindArguments): number => Math.min(args.batchSize ?? firstBatchSize, limitOf(args));

/** True where one document alone can be found, and is asked for now: once it is found the look-up is at its end, and needs no cursor. */
function isLookup(plan: Plan, args: FindArguments): plan is IndexPlan & { key: Key } {
  if (plan.kind === 'scan' || plan.key === undefined || args.skip || args.tailable) return false;
  return sizeOf(args) > 0;
}

function* firstBatch(context: CommandContext, args: FindArguments, namespace: string, collection: Collection | undefined, source: DocumentSource): Work<Reply> {
  const { server, generic } = context;
  const tailable = args.tailable === true && collection !== undefined && collection.size > 0;
  const cursor = server.cursors.create({
    namespace, source, session: generic.session, transaction: transactionOf(generic), noTimeout: args.noCursorTimeout ?? false, openedBy: 'find', tailable, awaitData: tailable && args.awaitData === true, clock: generic, snapshot: generic.snapshot,
  });
  const single = args.singleBatch === true;
  const documents = yield* cursor.batch(sizeOf(args));
  const open = !cursor.exhausted && !single && (tailable || documents.length < limitOf(args));
  if (open) server.cursors.keep(cursor);
  else cursor.close();
  return cursorReply('firstBatch', documents, open ? cursor.id : 0n, namespace, snapshotOf(context));
}

/** @throws MongoError where options contradict each other, or are not supported */
function checkOptions(args: FindArguments): void {
  if (args.awaitData && !args.tailable) throw new MongoError('FailedToParse', 'Cannot set awaitData without tailable');
  if (args.tailable && args.singleBatch) throw new MongoError('BadValue', 'Cannot use tailable option with singleBatch');
  if (args.tailable && args.sort && args.sort.size > 0 && !(args.sort.size === 1 && args.sort.has('$natural') && !isBackward(args.sort))) {
    throw new MongoError('BadValue', 'cannot use tailable option with a sort other than {$natural: 1}');
  }
  if (args.resumeAfter || args.requestResumeToken) throw new MongoError('NotImplemented', 'resume tokens of find are not supported by this server');
}

const isBackward = (sort: Doc): boolean => {
  const natural = sort.get('$natural');
  return isNumeric(natural) && toDouble(natural) < 0;
};

/** A view is its pipeline with the query's stages behind it. */
function viewResults(context: CommandContext, name: string, args: FindArguments): Generator<Buffer | undefined, void> {
  checkViewOptions(args);
  const natural = args.sort?.has('$natural') ? args.sort : undefined;
  const stages = [
    ...(args.filter && args.filter.size > 0 ? [Doc.of({ $match: args.filter })] : []),
    ...(args.sort && args.sort.size > 0 && !natural ? [Doc.of({ $sort: args.sort })] : []),
    ...(args.skip ? [Doc.of({ $skip: BigInt(args.skip) })] : []),
    ...(args.limit ? [Doc.of({ $limit: BigInt(Math.abs(args.limit)) })] : []),
    ...(args.projection && args.projection.size > 0 ? [Doc.of({ $project: args.projection })] : []),
  ];
  return pipelineResults(preparePipeline(context, name, { pipeline: stages, collation: args.collation, let: args.let, hint: natural ?? args.hint }, false));
}

/** @throws MongoError InvalidPipelineOperator for what a pipeline does not have */
function checkViewOptions(args: FindArguments): void {
  if (args.tailable) throw new MongoError('InvalidPipelineOperator', 'Tailable cursors are not supported in aggregation.');
  const given = ([['min', (args.min?.size ?? 0) > 0], ['max', (args.max?.size ?? 0) > 0], ['returnKey', args.returnKey], ['showRecordId', args.showRecordId],
    ['noCursorTimeout', args.noCursorTimeout], ['allowPartialResults', args.allowPartialResults], ['singleBatch', args.singleBatch && args.limit !== 1]] as const).find(([, is]) => is);
  if (given) throw new MongoError('InvalidPipelineOperator', `Option ${given[0]} not supported in aggregation.`);
}

/** What is to be found, and what is shown of it. */
interface Query {
  readonly prepared: PreparedFind;
  readonly projection: Projection | undefined;
}

function prepare(server: Server, collection: Collection | undefined, args: FindArguments, namespace: string): Query {
  if (args.tailable && collection && !collection.capped) {
    throw new MongoError('BadValue', `error processing query: ns=${namespace} tailable cursor requested on non capped collection`);
  }
  const operation = operationContext({ collation: args.collation, let: args.let, collection, clusterTime: server.replicaSet?.oplog.time });
  const prepared = prepareFind(collection, { filter: args.filter ?? new Doc(), sort: args.sort, hint: args.hint, min: args.min, max: args.max }, operation, namespace);
  const projection = args.projection && args.projection.size > 0 ? parseProjection(args.projection, operation, { find: true, filter: prepared.filter }) : undefined;
  return { prepared, projection };
}

function collectionResults(collection: Collection, args: FindArguments, query: Query): DocumentSource {
  if (!args.tailable) return results(query, args);
  const { filter } = query.prepared;
  return new TailSource(collection, (id, document) => (filter.matches(document) ? shown({ id, document }, args, query) : undefined), { skip: args.skip ?? 0, limit: limitOf(args) });
}

function* results(query: Query, args: FindArguments): Generator<Buffer | undefined, void> {
  let skip = args.skip ?? 0;
  let left = limitOf(args);
  for (const match of findMatches(query.prepared, left + skip)) {
    if (!match) {
      yield undefined;
      continue;
    }
    if (skip > 0) {
      skip--;
      continue;
    }
    yield shown(match, args, query);
    if (--left <= 0) return;
  }
}

function shown({ id, document }: Match, args: FindArguments, { projection, prepared: { filter, plan } }: Query): Buffer {
  if (!projection && !args.returnKey && !args.showRecordId) return document;
  const doc = decodeDocument(document);
  const result = args.returnKey ? keyOnly(doc, plan) : projection ? projection.apply(doc, projection.positional ? filter.matchedIndex(doc) : undefined) : doc;
  if (args.showRecordId && !args.returnKey) result.set('$recordId', BigInt(id));
  return encodeDocument(result);
}

/** The indexed fields alone, where an index was used. */
function keyOnly(doc: Doc, plan: Plan): Doc {
  if (plan.kind === 'scan') return new Doc();
  return Doc.of(plan.index.fields.map(({ path }) => [path.text, valuesAt(doc, path)[0] ?? null] as const));
}
