import { isDeepStrictEqual } from 'node:util';
import { sameCollation, type Collation } from '../bson/collation.ts';
import { BsonSymbol, Doc, type Value } from '../bson/value.ts';
import type { Filter, FilterNode } from '../query/filter.ts';
import { isIndex } from '../query/path.ts';
import type { Sort } from '../query/sort.ts';
import type { Collection } from './collection.ts';
import type { Index } from './index.ts';
import { dependsOnCollation, everything, intersect, intervalsOf, keyEdges, merge, point, pointKey, type Interval } from './intervals.ts';
import type { Key } from './key.ts';
import type { KeyRange } from './ordered-keys.ts';
import { wildcardBounds, type WildcardScope } from './wildcard.ts';

/** How the documents of a query are found. */
export type Plan =
  | { kind: 'scan'; backward: boolean; sorted: boolean }
  | IndexPlan;

export interface IndexPlan {
  kind: 'index';
  index: Index;
  /** Of a plan with a `key` they may be left out: it is looked up by that. */
  ranges: KeyRange[];
  backward: boolean;
  /** True where they come in the order of the sort. */
  sorted: boolean;
  /** The one key that is looked for, where the index has it once at most. */
  key?: Key;
  /** The bounds of each field. */
  bounds: readonly (readonly Interval[])[];
  /** The names of these fields, where they are not the index's own: a wildcard's path stands among them. */
  names?: string[];
  /** True where the ranges are all the index holds. */
  whole: boolean;
}

/** What a plan is made for. */
export interface Wanted {
  filter: Filter;
  sort: Sort | undefined;
  collation: Collation | undefined;
  /** Use this index, or none: `hint`. */
  hint: Index | 'forward' | 'backward' | undefined;
  /** Documents alone that the index may leave out can be ignored: `min`, `max` and hints. */
  count?: boolean;
}

const mostRanges = 2000;

/** Chooses how to find the documents: the index that narrows most, one that saves sorting, or a scan of all. */
export function planQuery(collection: Collection, wanted: Wanted): Plan {
  if (wanted.hint === 'forward' || wanted.hint === 'backward') return { kind: 'scan', backward: wanted.hint === 'backward', sorted: !wanted.sort };
  if (!wanted.hint) {
    const byId = planById(collection, wanted);
    if (byId) return byId;
  }
  const conditions = conditionsOf(wanted.filter.tree);
  if (wanted.hint) return planOf(candidateOf(wanted.hint, conditions, wanted)) ?? { kind: 'scan', backward: false, sorted: !wanted.sort };
  let best: Candidate | undefined;
  for (const index of [...(collection.clustered ? [collection.clustered] : []), ...collection.indexes.values()]) {
    if (index.spec.hidden) continue;
    const candidate = candidateOf(index, conditions, wanted);
    if (candidate && candidate.score > (best?.score ?? 0) && isComplete(index, conditions, sameCollation(index.spec.collation?.collation, wanted.collation))) best = candidate;
  }
  return planOf(best) ?? { kind: 'scan', backward: false, sorted: !wanted.sort };
}

/**
 * An equality with `_id` alone is planned no further, as MongoDB does not: no other index narrows more. It is the plan
 * that looking at all indexes ends in.
 */
function planById({ idIndex, collation }: Collection, wanted: Wanted): IndexPlan | undefined {
  const { tree } = wanted.filter;
  if (wanted.sort || tree.kind !== 'path' || tree.path.text !== '_id' || tree.predicate.op !== 'eq') return undefined;
  const { operand } = tree.predicate;
  if (operand === undefined || operand === null || Array.isArray(operand)) return undefined;
  const own = collation?.collation;
  if (dependsOnCollation(operand) && !sameCollation(own, wanted.collation)) return undefined;
  const interval = point(operand, own);
  return { kind: 'index', index: idIndex, ranges: [], key: interval.low.key, backward: false, sorted: true, bounds: [[interval]], whole: false };
}

/** A clustered collection's whole order is that of a scan. */
function planOf(candidate: Candidate | undefined): Plan | undefined {
  const plan = candidate?.plan;
  return plan?.index.spec.clustered && plan.whole ? { kind: 'scan', backward: plan.backward, sorted: plan.sorted } : plan;
}

interface Candidate {
  plan: IndexPlan;
  score: number;
}

/** How an index would be used; undefined where a wildcard index cannot be. */
function candidateOf(index: Index, conditions: readonly Condition[], wanted: Wanted): Candidate | undefined {
  const { wildcard } = index.spec;
  return wildcard ? planWildcard(index, wildcard, conditions, wanted) : planIndex(index, conditions, wanted);
}

/** A wildcard index as if it were one on the path that the query is about, after the path's own name. */
function planWildcard(index: Index, scope: WildcardScope, conditions: readonly Condition[], wanted: Wanted): Candidate | undefined {
  const regular = boundsOf(index, conditions, wanted);
  const before = { fields: index.fields.slice(0, scope.at), bounds: regular.slice(0, scope.at) };
  const same = sameCollation(index.spec.collation?.collation, wanted.collation);
  const found = wildcardBounds({ ...index.spec, wildcard: scope }, wanted.filter.tree, same);
  const narrowed = before.bounds.some((intervals) => intervals[0] !== everything);
  if (!found && !narrowed) return undefined;
  const ascending = { descending: false };
  const branches = found?.map(({ paths, values }) => ({
    fields: [...before.fields, ascending, { descending: scope.descending }], bounds: [...before.bounds, paths, values],
  })) ?? [before];
  const ranges = branches.flatMap(({ fields, bounds }) => rangesOf(fields, bounds));
  const points = found?.every(({ values }) => values.every((interval) => interval.point)) ?? false;
  const shown = branches[0] as { bounds: Interval[][] };
  const names = [...before.fields.map(({ path }) => path.text), ...(found ? ['$_path', found[0]?.path ?? ''] : [])];
  return {
    plan: { kind: 'index', index, ranges, backward: false, sorted: !wanted.sort, bounds: shown.bounds, names, whole: false },
    score: points ? 18 : 8,
  };
}

export type Condition = Extract<FilterNode, { kind: 'path' }>;

/** The tests of paths that all must hold. */
export function conditionsOf(tree: FilterNode): Condition[] {
  if (tree.kind === 'path') return [tree];
  return tree.kind === 'and' ? tree.children.flatMap(conditionsOf) : [];
}

/**
 * True where every document that the query can match is in the index.
 * @param same whether the index has the query's collation: where not, what is said of texts proves nothing
 */
export function isComplete(index: Index, conditions: readonly Condition[], same: boolean): boolean {
  const { sparse, partial } = index.spec;
  const provable = same ? conditions : conditions.filter(({ predicate }) => !mayHoldText(predicate.operand));
  if (partial && !implies(provable, partial.filter.tree)) return false;
  if (!sparse) return true;
  return index.fields.some((field) => conditions.some((condition) => condition.path.text === field.path.text && excludesMissing(condition)));
}

const mayHoldText = (operand: Value | undefined): boolean => typeof operand === 'string' || operand instanceof BsonSymbol || Array.isArray(operand) || operand instanceof Doc;

function excludesMissing({ predicate }: Condition): boolean {
  const { op, operand } = predicate;
  if (op === 'eq') return operand !== null && operand !== undefined;
  if (op === 'in') return Array.isArray(operand) && !operand.includes(null);
  return ['gt', 'gte', 'lt', 'lte', 'regex'].includes(op) && operand !== null && !predicate.test(undefined);
}

/** True where the conditions leave no document that a partial index's filter would not have let in. */
function implies(conditions: readonly Condition[], tree: FilterNode): boolean {
  if (tree.kind === 'and') return tree.children.every((child) => implies(conditions, child));
  if (tree.kind === 'or') return tree.children.some((child) => implies(conditions, child));
  if (tree.kind !== 'path') return false;
  return conditions.some(({ path, predicate }) => path.text === tree.path.text && predicateImplies(predicate, tree.predicate));
}

function predicateImplies(given: Condition['predicate'], needed: Condition['predicate']): boolean {
  if (given.op === needed.op && given.operand !== undefined && isDeepStrictEqual(given.operand, needed.operand)) return true;
  if (given.op === 'eq' && given.operand !== undefined && given.operand !== null && !Array.isArray(given.operand)) return needed.test(given.operand);
  if (needed.op === 'exists') return needed.test(true) && excludesMissing({ kind: 'path', predicate: given } as Condition);
  const mine = intervalsOf(given, undefined, true);
  const theirs = intervalsOf(needed, undefined, true);
  if (!mine || !theirs) return false;
  const both = intersect(mine, theirs);
  return both.length === mine.length && both.every((interval, at) => isDeepStrictEqual([interval.low, interval.high], [mine[at]?.low, mine[at]?.high]));
}

function planIndex(index: Index, conditions: readonly Condition[], wanted: Wanted): Candidate {
  const fields = boundsOf(index, conditions, wanted);
  const narrowed = fields.filter((intervals) => intervals[0] !== everything);
  const order = wanted.sort ? sortDirection(index, fields, wanted) : undefined;
  const ranges = rangesOf(index.fields, fields);
  const points = fields.findIndex((intervals) => !intervals.every((interval) => interval.point));
  const equal = points === -1 ? fields.length : points;
  let score = narrowed.length === 0 ? 0 : equal * 20 + (narrowed.length > equal ? 10 : 0) + (index.spec.unique && equal === fields.length ? 15 : 0);
  if (order !== undefined) score += 5;
  const plan: IndexPlan = {
    kind: 'index', index, ranges, backward: order === -1, sorted: order !== undefined || !wanted.sort,
    bounds: fields, whole: narrowed.length === 0,
  };
  return { plan, score };
}

/** For each field of the index, the intervals that the query leaves: all values where it says nothing. */
function boundsOf(index: Index, conditions: readonly Condition[], wanted: Wanted): Interval[][] {
  const own = index.spec.collation?.collation;
  const same = sameCollation(index.spec.collation?.collation, wanted.collation);
  let usable = true;
  const used: string[] = [];
  return index.fields.map(({ path, hashed }, at) => {
    const isArray = index.multikey.has(at);
    const root = path.parts[0] as string;
    // Conditions on two fields of one array may be met by different items of it.
    if (!usable || (isArray && used.includes(root))) return [everything];
    const known: Interval[][] = [];
    for (const condition of conditions) {
      const found = condition.path.text === path.text && !isNullOfItem(condition) ? intervalsOf(condition.predicate, own, same) : undefined;
      if (found && (!hashed || found.every((interval) => interval.point))) known.push(merge(found));
    }
    if (known.length === 0) {
      usable = false;
      return [everything];
    }
    if (isArray) used.push(root);
    const bounds = isArray ? known.reduce(narrower) : known.reduce(intersect);
    usable = bounds.every((interval) => interval.point);
    return bounds;
  });
}

/**
 * `{ 'a.0': null }` is true of an array whose first item is something, where another item is a document without a field of
 * that name: the index has the first item alone.
 */
const isNullOfItem = ({ path, predicate }: Condition): boolean => path.parts.some((part, at) => at > 0 && isIndex(part)) && predicate.test(undefined);

/** The first of two, where both are as narrow. */
const narrower = (a: Interval[], b: Interval[]): Interval[] => (width(b) < width(a) ? b : a);

const width = (intervals: readonly Interval[]): number => (intervals.every((interval) => interval.point) ? intervals.length : 1_000_000);

function rangesOf(own: readonly { descending: boolean }[], fields: readonly Interval[][]): KeyRange[] {
  let prefixes = [''];
  for (let at = 0; at < fields.length; at++) {
    const descending = own[at]?.descending ?? false;
    const intervals = ordered(fields[at] as Interval[], descending);
    const isLast = at === fields.length - 1 || (fields[at + 1] as Interval[])[0] === everything || !intervals.every((interval) => interval.point)
      || prefixes.length * intervals.length * (fields[at + 1] as Interval[]).length > mostRanges;
    if (isLast) {
      return prefixes.flatMap((prefix) => intervals.map((interval) => {
        const { low, high } = keyEdges(interval, descending);
        return { low: prefix + low, high: prefix + high };
      }));
    }
    prefixes = prefixes.flatMap((prefix) => intervals.map((interval) => prefix + pointKey(interval, descending)));
  }
  return [];
}

const ordered = (intervals: readonly Interval[], descending: boolean): readonly Interval[] => (descending ? intervals.toReversed() : intervals);

/** 1 where the index gives the order of the sort, -1 where it does backward, undefined where it does not. */
function sortDirection(index: Index, fields: readonly Interval[][], wanted: Wanted): 1 | -1 | undefined {
  const own = index.spec.collation?.collation;
  if (own || wanted.collation) return undefined;
  let direction: 1 | -1 | undefined;
  let at = 0;
  for (const { path, direction: wantedDirection } of (wanted.sort as Sort).fields) {
    while (at < index.fields.length && index.fields[at]?.path.text !== path.text && isSinglePoint(fields[at]) && !index.multikey.has(at)) at++;
    const field = index.fields[at];
    if (!field || field.hashed || field.path.text !== path.text) return undefined;
    if (index.multikey.has(at) && fields[at]?.[0] !== everything) return undefined;
    if (index.multikey.has(at) && fields.some((intervals, other) => other !== at && intervals[0] !== everything && index.multikey.has(other))) return undefined;
    const here = (field.descending ? -1 : 1) * wantedDirection as 1 | -1;
    if (direction !== undefined && direction !== here && !isSinglePoint(fields[at])) return undefined;
    if (!isSinglePoint(fields[at])) direction = here;
    at++;
  }
  return direction ?? 1;
}

const isSinglePoint = (intervals: readonly Interval[] | undefined): boolean => intervals?.length === 1 && intervals[0]?.point === true;
