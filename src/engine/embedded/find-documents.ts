import { compareValues } from './bson/compare.ts';
import { toDouble } from './bson/number.ts';
import { showDoc } from './bson/show.ts';
import { Doc, isNumeric } from './bson/value.ts';
import type { Work } from './command.ts';
import { MongoError } from './errors.ts';
import { parseFilter, type Filter } from './query/filter.ts';
import { parseSort, sortBy, type Sort } from './query/sort.ts';
import type { Collection } from './storage/collection.ts';
import type { Index } from './storage/index.ts';
import { afterAll, keyOf } from './storage/key.ts';
import { planQuery, type Plan } from './storage/planner.ts';
import { runPlan, type Match, type ScanCounts } from './storage/scan.ts';
import type { QueryContext } from './variables.ts';

/** What finds documents, of any command: filter, order, hint. */
export interface FindSpec {
  filter: Doc;
  sort?: Doc | undefined;
  hint?: Doc | string | undefined;
  /** Lower and upper bounds of the hinted index's keys. */
  min?: Doc | undefined;
  max?: Doc | undefined;
}

/** A query that was checked, and how it will be run. */
export interface PreparedFind {
  readonly filter: Filter;
  readonly sort: Sort | undefined;
  readonly plan: Plan;
  readonly collection: Collection | undefined;
}

/** Checks a query and plans it. Without a collection it finds nothing, but is checked all the same. */
export function prepareFind(collection: Collection | undefined, spec: FindSpec, context: QueryContext, namespace: string): PreparedFind {
  const filter = parseFilter(spec.filter, context);
  const natural = naturalOrder(spec.sort);
  const sort = spec.sort && spec.sort.size > 0 && natural === undefined ? parseSort(spec.sort, context.collation) : undefined;
  if (!collection) return { filter, sort, collection, plan: { kind: 'scan', backward: false, sorted: true } };
  const hint = natural ?? readHint(collection, spec.hint, namespace);
  const planned = planQuery(collection, { filter, sort, collation: context.collation, hint });
  if (planned.kind === 'scan' && typeof hint === 'object' && hint.spec.wildcard && !spec.min && !spec.max) {
    throw new MongoError('NoQueryExecutionPlans', `error processing query: ns=${namespace} planner returned error :: caused by :: No query solutions`);
  }
  const plan = spec.min || spec.max ? withinBounds(planned, hint, spec) : planned;
  return { filter, sort, collection, plan };
}

/** `min` and `max` are keys of the hinted index: from, and up to but without. */
function withinBounds(plan: Plan, hint: Index | 'forward' | 'backward' | undefined, { min, max }: FindSpec): Plan {
  if (!hint || typeof hint === 'string' || (plan.kind === 'scan' && !hint.spec.wildcard)) throw new MongoError(51173, 'When using min()/max() a hint of which index to use must be provided');
  const key = (doc: Doc): string => {
    if (hint.spec.wildcard || doc.size !== hint.fields.length || ![...doc.keys()].every((name, at) => hint.fields[at]?.path.text === name)) {
      throw new MongoError(51174, `The index chosen is not compatible with min/max: ${showDoc(hint.spec.pattern)}`);
    }
    return hint.fields.map(({ path, descending }) => keyOf(doc.get(path.text), descending, hint.spec.collation?.collation)).join('');
  };
  const range = { low: min && min.size > 0 ? key(min) : '', high: max && max.size > 0 ? key(max) : afterAll };
  if (min && max && min.size > 0 && max.size > 0 && range.low >= range.high) throw new MongoError(51175, 'min must be less than max');
  return plan.kind === 'index' ? { ...plan, ranges: [range] } : plan;
}

/** `{ $natural: 1 }` as a sort or hint. */
function naturalOrder(doc: Doc | undefined): 'forward' | 'backward' | undefined {
  const natural = doc?.get('$natural');
  if (natural === undefined) return undefined;
  if ((doc as Doc).size > 1) throw new MongoError('BadValue', `$natural hint may not be combined with other fields: ${showDoc(doc as Doc)}`);
  if (!isNumeric(natural) || Math.abs(toDouble(natural)) !== 1) throw new MongoError('BadValue', '$natural sort must be 1 or -1');
  return toDouble(natural) < 0 ? 'backward' : 'forward';
}

function readHint(collection: Collection, hint: Doc | string | undefined, namespace: string): Index | 'forward' | 'backward' | undefined {
  if (hint === undefined || (hint instanceof Doc && hint.size === 0)) return undefined;
  if (hint instanceof Doc && hint.has('$natural')) return naturalOrder(hint);
  const index = typeof hint === 'string' ? collection.indexNamed(hint) : indexOfPattern(collection, hint);
  if (!index || index.spec.hidden) {
    throw new MongoError('BadValue', `error processing query: ns=${namespace} planner returned error :: caused by :: hint provided does not correspond to an existing index`);
  }
  return index;
}

/** The index with this key pattern, fields in the same order. */
export function indexOfPattern(collection: Collection, pattern: Doc): Index | undefined {
  if (collection.clustered && samePattern(collection.clustered.spec.pattern, pattern)) return collection.clustered;
  return [...collection.indexes.values()].find(({ spec }) => samePattern(spec.pattern, pattern));
}

/** True where two key patterns are the same, whatever the types of their numbers. */
export function samePattern(a: Doc, b: Doc): boolean {
  return compareValues(a, b) === 0;
}

/** The documents, in order; undefined where it pauses. */
export function findMatches(prepared: PreparedFind, limit = Infinity, counts?: ScanCounts): Generator<Match | undefined, void> {
  const { collection, plan, sort, filter } = prepared;
  if (!collection) return nothing();
  const matches = runPlan(collection, plan, filter, counts);
  return !sort || plan.sorted ? matches : sorted(matches, sort, limit);
}

// eslint-disable-next-line no-empty-function -- it has nothing to give
function* nothing(): Generator<undefined, void> {}

function* sorted(matches: Iterable<Match | undefined>, sort: Sort, limit: number): Generator<Match | undefined, void> {
  const all: Match[] = [];
  for (const match of matches) {
    if (match) all.push(match);
    else yield undefined;
  }
  yield* sortBy(all, sort, ({ document }) => sort.rawKey(document), Number.isFinite(limit) ? limit : undefined);
}

/** The first document, for commands that change one. */
export function* findFirst(prepared: PreparedFind): Work<Match | undefined> {
  for (const match of findMatches(prepared, 1)) {
    if (match) return match;
    yield undefined;
  }
  return undefined;
}

