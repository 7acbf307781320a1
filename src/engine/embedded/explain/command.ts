import { hostname } from 'node:os';
import { readArguments } from '../arguments.ts';
import { int32 } from '../bson/decode.ts';
import { Doc, isNumeric, type Value } from '../bson/value.ts';
import type { CommandContext, Work } from '../command.ts';
import { MongoError } from '../errors.ts';
import { findMatches, prepareFind, type PreparedFind } from '../find-documents.ts';
import { isGeneric } from '../generic-arguments.ts';
import { collectionName } from '../namespace.ts';
import { operationContext } from '../operation.ts';
import { resolveView } from '../pipeline-access.ts';
import { preparePipeline } from '../pipeline-run.ts';
import { serverVersion } from '../server-state.ts';
import type { ScanCounts } from '../storage/scan.ts';
import type { Update } from '../update/parse.ts';
import { clausesOf, showClauses } from './clauses.ts';
import { lookup } from './express.ts';
import { explainPlan, type Ran } from './plan.ts';
import { readers, throughView, type Explained } from './read.ts';
import { planKey, planShape, queryShape, type Shaped } from './shape.ts';
import { readUpdate, wouldWrite } from './writes.ts';

/**
 * The plan of a command, and with other verbosities than `queryPlanner` what came of running its query. Nothing is
 * written. https://www.mongodb.com/docs/manual/reference/explain-results/
 */
export function* explainCommand(context: CommandContext, inner: Doc, verbosity: string): Work<Doc> {
  const { server, database } = context;
  const called = inner.keys().next().value ?? '';
  const definition = server.commands.get(called);
  if (!definition) throw new MongoError('CommandNotFound', `Explain failed due to unknown command: ${called}`);
  const name = called === 'findandmodify' ? 'findAndModify' : called;
  const read = readers[name];
  if (!read) throw new MongoError('IllegalOperation', `Cannot explain cmd: ${name}`);
  const target = isNumeric(inner.get(called)) ? '$cmd.aggregate' : collectionName(name, database, inner.get(called));
  if (definition.fields) readArguments(name, inner, definition.fields, isGeneric);
  const asked = read(inner);
  checkPipeline(context, target, asked, isNumeric(inner.get(called)));
  const view = server.store.view(database, target);
  if (view && asked.write) throw new MongoError('CommandNotSupportedOnView', `Namespace ${database}.${target} is a view, not a collection`);
  const { name: base, pipeline } = resolveView(server, database, target);
  const explained = view ? throughView(pipeline, asked, name, inner) : asked;
  const collection = server.store.collection(database, base);
  const operation = operationContext({ collation: explained.collation, let: explained.let, collection, clusterTime: server.replicaSet?.oplog.time });
  const { hint, write } = explained;
  const prepared = prepareFind(collection, { ...explained, hint: typeof hint === 'string' || hint instanceof Doc ? hint : undefined }, operation, `${database}.${base}`);
  const update = write && readUpdate(write, operation);
  const look = lookup({ ...prepared, collation: operation.collation }, explained);

  const namespace = `${database}.${base}`;
  const shaped: Shaped = { command: name, namespace, ...explained, rest: explained.stages };
  const queryPlanner = new Doc([
    ['namespace', namespace],
    // A write that looks up its document by `_id` has no query that was planned.
    ...(write && look ? [] : [['parsedQuery', showClauses(clausesOf(explained.filter))] as [string, Value]]),
    ['indexFilterSet', false],
    ...(write && look ? [] : hashes(shaped, prepared)),
    ['optimizationTimeMillis', int32(0)], ['maxIndexedOrSolutionsReached', false], ['maxIndexedAndSolutionsReached', false], ['maxScansToExplodeReached', false],
    ['prunedSimilarIndexes', false], ['winningPlan', new Doc([['isCached', false], ...explainPlan(prepared, explained, look)])], ['rejectedPlans', []],
  ]);
  const found = new Doc([['queryPlanner', queryPlanner]]);
  if (verbosity !== 'queryPlanner') {
    const began = performance.now();
    const ran = yield* run(prepared, explained, update);
    const stats = executionStats(ran, explained, performance.now() - began, new Doc([['isCached', false], ...explainPlan(prepared, explained, look, ran)]));
    // No other plan is ever tried.
    found.set('executionStats', verbosity === 'allPlansExecution' ? new Doc([...stats, ['allPlansExecution', []]]) : stats);
  }
  const stages = explained.stages ?? [];
  const plan: [string, Value][] = stages.length > 0 ? [['stages', [Doc.of({ $cursor: found }), ...stages]]] : [...found];
  return new Doc([
    ['explainVersion', '1'], ...plan, ...(write ? [] : [['queryShapeHash', queryShape(shaped)] as [string, Value]]),
    ['command', new Doc([...inner, ['$db', database]])], ['serverInfo', serverInfo()], ['serverParameters', new Doc()],
  ]);
}

/** What is wrong in a pipeline is so though it is only explained. @throws MongoError where it could not be run */
function checkPipeline(context: CommandContext, target: string, { pipeline, collation, let: variables }: Explained, collectionless: boolean): void {
  if (!pipeline?.every((stage) => stage instanceof Doc) || pipeline[0]?.has('$changeStream')) return;
  preparePipeline(context, target, { pipeline, collation, let: variables }, collectionless);
}

function hashes(shaped: Shaped, { plan }: PreparedFind): [string, Value][] {
  const shape = planShape(shaped);
  return [['queryHash', shape], ['planCacheShapeHash', shape], ['planCacheKey', planKey(shaped, plan.kind === 'index' ? plan.index.spec.name : '')]];
}

function serverInfo(): Doc {
  return Doc.of({ host: hostname(), port: int32(27017), version: serverVersion, gitVersion: '0000000000000000000000000000000000000000' });
}

function* run(prepared: PreparedFind, explained: Explained, update: Update | undefined): Work<Ran> {
  const counts: ScanCounts = { keys: 0, documents: 0, matched: 0 };
  if (explained.write) {
    const would = yield* wouldWrite(prepared, explained.write, update, counts);
    return { counts, returned: would.matched, would };
  }
  if (explained.counts && prepared.collection && explained.filter.size === 0 && explained.hint === undefined) {
    return { counts, returned: Math.max(0, Math.min(prepared.collection.size - (explained.skip ?? 0), explained.limit ?? Infinity)) };
  }
  const most = explained.limit ? explained.limit + (explained.skip ?? 0) : Infinity;
  let found = 0;
  for (const match of findMatches(prepared, most, counts)) {
    if (!match) yield undefined;
    else if (++found >= most) break;
  }
  return { counts, returned: Math.max(0, found - (explained.skip ?? 0)) };
}

function executionStats({ counts, returned }: Ran, { write, counts: isCount }: Explained, time: number, stages: Doc): Doc {
  return Doc.of({
    executionSuccess: true, nReturned: int32(isCount || (write && !write.returns) ? 0 : returned), executionTimeMillis: int32(Math.round(time)),
    totalKeysExamined: int32(counts.keys), totalDocsExamined: int32(counts.documents), executionStages: stages,
  });
}
