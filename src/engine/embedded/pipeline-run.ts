import { sameCollation } from './bson/collation.ts';
import { compareValues } from './bson/compare.ts';
import { decodeDocument } from './bson/decode.ts';
import { encodeDocument } from './bson/encode.ts';
import { toDouble } from './bson/number.ts';
import { Doc, isNumeric, type Value } from './bson/value.ts';
import type { CommandContext } from './command.ts';
import { MongoError } from './errors.ts';
import { findMatches, prepareFind, type PreparedFind } from './find-documents.ts';
import { fullCollation } from './index-specs.ts';
import { stageMemory } from './memory-limit.ts';
import { operationContext } from './operation.ts';
import { parsePipeline, type Pipeline } from './pipeline.ts';
import type { Server } from './server-state.ts';
import type { View } from './storage/store.ts';
import type { QueryContext } from './variables.ts';
import { namedIn } from './views.ts';
import { pipelineAccess, resolveView } from './pipeline-access.ts';

/** What runs a pipeline, of any command. */
export interface PipelineArguments {
  pipeline: Doc[];
  collation?: Doc | undefined;
  let?: Doc | undefined;
  hint?: Doc | string | undefined;
  bypassDocumentValidation?: boolean | undefined;
  allowDiskUse?: boolean | undefined;
}

export interface PreparedPipeline {
  pipeline: Pipeline;
  /** Runs the stages over the collection's documents. */
  input: () => Iterable<Doc>;
}

/** Parses the pipeline and lets the planner take over a `$match` and `$sort` that it begins with. */
export function preparePipeline(context: CommandContext, name: string, args: PipelineArguments, collectionless: boolean): PreparedPipeline {
  const { server, client, database, generic } = context;
  const resolved = resolveView(server, database, name);
  const stages = [...resolved.pipeline, ...args.pipeline];
  const collection = collectionless ? undefined : server.store.collection(database, resolved.name);
  const view = server.store.view(database, name);
  const clusterTime = server.replicaSet?.oplog.time;
  const query = operationContext({ collation: view ? viewCollation(view, args.collation) : args.collation, let: args.let, collection: view ? undefined : collection, clusterTime });
  checkViews(server, database, stages, query.collation);
  const access = pipelineAccess(server, database, args.bypassDocumentValidation ?? false);
  const pipeline = parsePipeline(stages, { query, access, memoryLimit: args.allowDiskUse === false ? stageMemory(server) : undefined, origin: { server, client, database, name: resolved.name, asked: name, collectionless } });
  if (collectionless && !pipeline.source) {
    const first = args.pipeline[0]?.keys().next().value;
    throw new MongoError('InvalidNamespace', first === undefined ? "{aggregate: 1} is not valid for an empty pipeline." : `{aggregate: 1} is not valid for '${first}'; a collection is required.`);
  }
  if (!collectionless && pipeline.source === true) throw new MongoError('InvalidNamespace', `'${args.pipeline[0]?.keys().next().value}' can only be run with {aggregate: 1}`);
  if (pipeline.source) return { pipeline, input: () => pipeline.run([]) };
  const leading = leadingStages(args.allowDiskUse === false ? stages.slice(0, 1) : stages);
  const prepared = prepareFind(collection, { filter: leading.filter, sort: leading.sort, hint: args.hint }, query, `${database}.${resolved.name}`);
  if (leading.sort && prepared.plan.sorted) return { pipeline, input: () => pipeline.runFrom(leading.count + 1, documents(prepared, generic)) };
  const unsorted: PreparedFind = { filter: prepared.filter, sort: undefined, plan: prepared.plan, collection: prepared.collection };
  return { pipeline, input: () => pipeline.runFrom(leading.count, documents(unsorted, generic)) };
}

/** A view's own collation, which an operation on it may not change. */
function viewCollation({ options, name }: View, asked: Doc | undefined): Doc | undefined {
  const own = options.get('collation');
  if (asked) {
    const full = asked.get('locale') === 'simple' ? undefined : fullCollation(asked);
    if (compareValues(full ?? null, own ?? null) !== 0) throw new MongoError('OptionNotSupportedOnView', `Cannot override a view's default collation: ${name}`);
  }
  return own instanceof Doc ? own : undefined;
}

/** @throws MongoError where stages read a view that compares texts otherwise than the operation does */
function checkViews(server: Server, database: string, stages: readonly Value[], collation: QueryContext['collation']): void {
  for (const name of namedIn([...stages])) {
    const view = server.store.view(database, name);
    if (!view) continue;
    const own = view.options.get('collation');
    const { collation: its } = operationContext({ collation: own instanceof Doc ? own : undefined });
    if (!sameCollation(its, collation)) throw new MongoError('OptionNotSupportedOnView', `View ${database}.${name} has conflicting collation with the operation that reads it`);
    checkViews(server, database, view.pipeline, collation);
  }
}

/** The `$match` and `$sort` that a pipeline begins with: what the planner takes over. */
export function leadingStages(stages: readonly Value[]): { filter: Doc; sort: Doc | undefined; count: number } {
  const at = (index: number, name: string): Doc | undefined => {
    const stage = stages[index];
    const argument = stage instanceof Doc ? stage.get(name) : undefined;
    return argument instanceof Doc ? argument : undefined;
  };
  const filter = at(0, '$match');
  const count = filter ? 1 : 0;
  const sort = at(count, '$sort');
  const isPlain = sort && [...sort.values()].every((value) => isNumeric(value) && Math.abs(toDouble(value)) === 1);
  return { filter: filter ?? new Doc(), sort: isPlain ? sort : undefined, count };
}

/** @param clock when the time is over: a cursor's goes on with each batch */
function* documents(prepared: PreparedFind, clock: { readonly deadline: number | undefined }): Iterable<Doc> {
  let count = 0;
  for (const match of findMatches(prepared)) {
    if (clock.deadline !== undefined && ++count % 128 === 0 && performance.now() > clock.deadline) throw new MongoError('MaxTimeMSExpired', 'operation exceeded time limit');
    if (match) yield decodeDocument(match.document);
  }
}

/** The pipeline's documents, encoded; it begins to run with the first that is asked for. */
export function* pipelineResults({ input }: PreparedPipeline): Generator<Buffer | undefined, void> {
  let count = 0;
  for (const doc of input()) {
    yield encoded(doc);
    if (++count % 64 === 0) yield undefined;
  }
}

function encoded(doc: Doc): Buffer {
  const bytes = encodeDocument(doc);
  if (bytes.length > 16 * 1024 * 1024 + 16 * 1024) {
    throw new MongoError('BSONObjectTooLarge', `BSONObj size: ${bytes.length} (0x${bytes.length.toString(16).toUpperCase()}) is invalid. Size must be between 0 and 16793600(16MB)`);
  }
  return bytes;
}
