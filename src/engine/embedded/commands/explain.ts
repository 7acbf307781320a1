import { hostname } from 'node:os';
import { object, readArguments, required, text, type ArgumentFields } from '../arguments.ts';
import { int32 } from '../bson/decode.ts';
import { toDouble } from '../bson/number.ts';
import { Doc, isNumeric, typeName, type Value } from '../bson/value.ts';
import type { CommandContext, CommandDefinition, Reply, Work } from '../command.ts';
import { MongoError } from '../errors.ts';
import { explainPlan, type Around } from '../explain-plan.ts';
import { findMatches, prepareFind, type PreparedFind } from '../find-documents.ts';
import { isGeneric } from '../generic-arguments.ts';
import { collectionName } from '../namespace.ts';
import { operationContext } from '../operation.ts';
import { leadingStages } from '../pipeline-run.ts';
import { serverVersion } from '../server-state.ts';
import type { ScanCounts } from '../storage/scan.ts';

const fields = { explain: required(object), verbosity: text } satisfies ArgumentFields;
const verbosities = ['queryPlanner', 'executionStats', 'allPlansExecution'];

/** How a command would be run. https://www.mongodb.com/docs/manual/reference/command/explain/ */
export const command: CommandDefinition = { stable: true, fields, run: explain };

function* explain(context: CommandContext): Work<Reply> {
  const { server, database, body } = context;
  const args = readArguments('explain', body, fields, isGeneric);
  const verbosity = args.verbosity ?? 'allPlansExecution';
  if (!verbosities.includes(verbosity)) throw new MongoError('BadValue', `Enumeration value '${verbosity}' for field 'explain.verbosity' is not a valid value.`);
  const inner = args.explain;
  const name = inner.keys().next().value ?? '';
  if (!server.commands.has(name)) throw new MongoError('CommandNotFound', `Explain failed due to unknown command: ${name}`);
  const read = readers[name];
  if (!read) throw new MongoError('CommandNotSupported', `Cannot explain cmd: ${name}`);
  const target = collectionName(name, database, inner.get(name));
  const around = read(inner);
  const collection = server.store.collection(database, target);
  const operation = operationContext({ collation: docOf(inner.get('collation')), let: docOf(inner.get('let')), collection });
  const hint = around.hint;
  const prepared = prepareFind(collection, { ...around, hint: typeof hint === 'string' || hint instanceof Doc ? hint : undefined }, operation, `${database}.${target}`);
  const winningPlan = explainPlan(prepared, around);
  const reply = Doc.of({
    explainVersion: '1',
    queryPlanner: Doc.of({
      namespace: `${database}.${target}`, parsedQuery: around.filter, indexFilterSet: false, optimizationTimeMillis: int32(0),
      maxIndexedOrSolutionsReached: false, maxIndexedAndSolutionsReached: false, maxScansToExplodeReached: false, prunedSimilarIndexes: false,
      winningPlan: new Doc([['isCached', false], ...winningPlan]), rejectedPlans: [],
    }),
  });
  if (verbosity !== 'queryPlanner') reply.set('executionStats', yield* execute(prepared, around, winningPlan));
  return new Doc([...reply, ['command', inner], ['serverInfo', serverInfo()], ['serverParameters', new Doc()]]);
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
    const { filter, sort } = leadingStages(pipeline);
    return { filter, sort, hint: inner.get('hint') };
  },
};

function statement(inner: Doc, field: string): Explained {
  const list = inner.get(field);
  const first = Array.isArray(list) ? list[0] : undefined;
  if (!(first instanceof Doc)) throw new MongoError('FailedToParse', `explained write batches must be of size 1`);
  return { filter: docOf(first.get('q')) ?? new Doc(), hint: first.get('hint') };
}
