import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { int32 } from './bson/decode.ts';
import { encodeDocument } from './bson/encode.ts';
import { toDouble } from './bson/number.ts';
import { Doc, isNumeric, typeName, type Value } from './bson/value.ts';
import type { CommandContext, Work } from './command.ts';
import { MongoError } from './errors.ts';
import { explainPlan, type Around } from './explain-plan.ts';
import { findMatches, prepareFind, type PreparedFind } from './find-documents.ts';
import { collectionName } from './namespace.ts';
import { operationContext } from './operation.ts';
import { leadingStages, preparePipeline } from './pipeline-run.ts';
import { serverVersion } from './server-state.ts';
import type { ScanCounts } from './storage/scan.ts';

/**
 * The plan of a command, and with other verbosities than `queryPlanner` what came of running its query. Nothing is
 * written. https://www.mongodb.com/docs/manual/reference/explain-results/
 */
export function* explainCommand(context: CommandContext, inner: Doc, verbosity: string): Work<Doc> {
  const { server, database } = context;
  const name = inner.keys().next().value ?? '';
  if (!server.commands.has(name)) throw new MongoError('CommandNotFound', `Explain failed due to unknown command: ${name}`);
  const read = readers[name];
  if (!read) throw new MongoError('CommandNotSupported', `Cannot explain cmd: ${name}`);
  const target = isNumeric(inner.get(name)) ? '$cmd.aggregate' : collectionName(name, database, inner.get(name));
  const around = read(inner);
  // What is wrong in a pipeline is so though it is only explained.
  const pipeline = name === 'aggregate' ? inner.get('pipeline') : undefined;
  if (Array.isArray(pipeline) && pipeline.every((stage) => stage instanceof Doc)) {
    preparePipeline(context, target, { pipeline, collation: docOf(inner.get('collation')), let: docOf(inner.get('let')) }, isNumeric(inner.get(name)));
  }
  const collection = server.store.collection(database, target);
  const operation = operationContext({ collation: docOf(inner.get('collation')), let: docOf(inner.get('let')), collection });
  const { hint } = around;
  const prepared = prepareFind(collection, { ...around, hint: typeof hint === 'string' || hint instanceof Doc ? hint : undefined }, operation, `${database}.${target}`);
  if (name === 'aggregate') checkPipeline(context, target, inner);
  const winningPlan = explainPlan(prepared, around);
  const queryPlanner = Doc.of({
    namespace: `${database}.${target}`, parsedQuery: around.filter, indexFilterSet: false, optimizationTimeMillis: int32(0),
    maxIndexedOrSolutionsReached: false, maxIndexedAndSolutionsReached: false, maxScansToExplodeReached: false, prunedSimilarIndexes: false,
    winningPlan: new Doc([['isCached', false], ...winningPlan]), rejectedPlans: [],
  });
  const found = new Doc([['queryPlanner', queryPlanner]]);
  if (verbosity !== 'queryPlanner') {
    const stats = yield* execute(prepared, around, winningPlan);
    // No other plan is ever tried.
    found.set('executionStats', verbosity === 'allPlansExecution' ? new Doc([...stats, ['allPlansExecution', []]]) : stats);
  }
  const stages = around.stages ?? [];
  const plan: [string, Value][] = stages.length > 0 ? [['stages', [Doc.of({ $cursor: found }), ...stages]]] : [...found];
  const shape = createHash('sha256').update(encodeDocument(Doc.of({ name, filter: shapeOf(around.filter) }))).digest('hex').toUpperCase();
  return new Doc([
    ['explainVersion', '1'], ...plan, ['queryShapeHash', shape], ['command', new Doc([...inner, ['$db', database]])], ['serverInfo', serverInfo()],
    ['serverParameters', new Doc()],
  ]);
}

/** @throws MongoError where the pipeline could not be run */
function checkPipeline(context: CommandContext, target: string, inner: Doc): void {
  const pipeline = inner.get('pipeline');
  if (!Array.isArray(pipeline) || !pipeline.every((stage) => stage instanceof Doc) || pipeline[0]?.has('$changeStream')) return;
  preparePipeline(context, target, { pipeline, collation: docOf(inner.get('collation')), let: docOf(inner.get('let')) }, isNumeric(inner.get('aggregate')));
}

/** A query without its values: what its shape is. */
function shapeOf(value: Value): Value {
  if (value instanceof Doc) return new Doc([...value].map(([name, item]) => [name, shapeOf(item)]));
  return Array.isArray(value) ? value.map(shapeOf) : `?${typeName(value)}`;
}

function serverInfo(): Doc {
  return Doc.of({ host: hostname(), port: int32(27017), version: serverVersion, gitVersion: '0000000000000000000000000000000000000000' });
}

function* execute(prepared: PreparedFind, around: Around, plan: Doc): Work<Doc> {
  const counts: ScanCounts = { keys: 0, documents: 0 };
  const began = performance.now();
  const most = around.limit ? around.limit + (around.skip ?? 0) : Infinity;
  let found = 0;
  for (const match of findMatches(prepared, most, counts)) {
    if (!match) yield undefined;
    else if (++found >= most) break;
  }
  const returned = Math.max(0, found - (around.skip ?? 0));
  return Doc.of({
    executionSuccess: true, nReturned: int32(returned), executionTimeMillis: int32(Math.round(performance.now() - began)),
    totalKeysExamined: int32(counts.keys), totalDocsExamined: int32(counts.documents),
    executionStages: new Doc([...plan].flatMap(([name, value]): [string, Value][] => (name === 'stage' ? [[name, value], ['nReturned', int32(returned)]] : [[name, value]]))),
  });
}

interface Explained extends Around {
  /** Stages behind what the planner takes over. */
  stages?: Value[];
  hint?: Value | undefined;
}

const docOf = (value: Value | undefined): Doc | undefined => (value instanceof Doc ? value : undefined);
const count = (value: Value | undefined): number | undefined => (isNumeric(value) && toDouble(value) !== 0 ? Math.abs(toDouble(value)) : undefined);

/** What finds the documents of each command that can be explained. */
const readers: Record<string, (inner: Doc) => Explained> = {
  find: (inner) => ({
    filter: docOf(inner.get('filter')) ?? new Doc(), sort: docOf(inner.get('sort')), skip: count(inner.get('skip')), limit: count(inner.get('limit')),
    projection: docOf(inner.get('projection')), hint: inner.get('hint'),
  }),
  count: (inner) => ({ filter: docOf(inner.get('query')) ?? new Doc(), hint: inner.get('hint') }),
  distinct: (inner) => ({ filter: docOf(inner.get('query')) ?? new Doc(), hint: inner.get('hint') }),
  findAndModify: (inner) => ({ filter: docOf(inner.get('query')) ?? new Doc(), sort: docOf(inner.get('sort')), hint: inner.get('hint') }),
  update: (inner) => statement(inner, 'updates'),
  delete: (inner) => statement(inner, 'deletes'),
  aggregate: (inner) => {
    const pipeline = inner.get('pipeline');
    if (!Array.isArray(pipeline)) throw new MongoError('TypeMismatch', `BSON field 'aggregate.pipeline' is the wrong type '${typeName(pipeline)}', expected type 'array'`);
    const { filter, sort, count: taken } = leadingStages(pipeline);
    return { filter, sort, hint: inner.get('hint'), stages: pipeline.slice(taken + (sort ? 1 : 0)) };
  },
};

function statement(inner: Doc, field: string): Explained {
  const list = inner.get(field);
  const first = Array.isArray(list) ? list[0] : undefined;
  if (!(first instanceof Doc)) throw new MongoError('FailedToParse', `explained write batches must be of size 1`);
  return { filter: docOf(first.get('q')) ?? new Doc(), hint: first.get('hint') };
}
