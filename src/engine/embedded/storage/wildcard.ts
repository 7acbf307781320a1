import { Doc, MinKey, Undefined, type Maybe, type Value } from '../bson/value.ts';
import type { FilterNode } from '../query/filter.ts';
import { isIndex } from '../query/path.ts';
import type { Predicate } from '../query/predicate.ts';
import { dependsOnCollation, everything, intervalsOf, type Interval } from './intervals.ts';
import { keyOf, type Key } from './key.ts';
import type { IndexSpec } from './index-spec.ts';

/** What a wildcard index is over: https://www.mongodb.com/docs/manual/core/indexes/index-types/index-wildcard/ */
export interface WildcardScope {
  /** Which field of the pattern it is. */
  readonly at: number;
  readonly descending: boolean;
  /** `sub` of `sub.$**`; undefined for the whole document. */
  readonly below: string | undefined;
  /** The paths that `wildcardProjection` names, and whether they are what is in or what is out. */
  readonly paths: readonly string[];
  readonly inclusive: boolean;
  readonly withId: boolean;
}

const isBelow = (path: string, root: string): boolean => path === root || path.startsWith(`${root}.`);

/** True where the index holds what is at the path. */
export function isCovered(scope: WildcardScope, path: string): boolean {
  if (scope.below !== undefined) return isBelow(path, scope.below);
  if (isBelow(path, '_id')) return scope.withId;
  return scope.inclusive === scope.paths.some((named) => isBelow(path, named));
}

/** True where the index holds all that is at the path and below it. */
function isWhollyCovered(scope: WildcardScope, path: string): boolean {
  return isCovered(scope, path) && (scope.inclusive || !scope.paths.some((named) => isBelow(named, path)));
}

/** The key of a document that has nothing in scope, in an index that has other fields too. */
const nothing = keyOf(MinKey.value) + keyOf(MinKey.value);

/** For each value that a document's paths end in: the path's key, then the value's. */
export function wildcardKeys(doc: Doc, scope: WildcardScope, { collation }: IndexSpec): Key[] {
  const keys = new Set<Key>();
  const add = (path: string, value: Maybe): void => {
    if (isCovered(scope, path)) keys.add(keyOf(path) + keyOf(value, scope.descending, collation?.collation));
  };
  for (const [name, value] of doc) collect(name, value, false, add);
  return [...keys];
}

/** An array's items have their array's path; an array within it is a value as it is. */
function collect(path: string, value: Value, inArray: boolean, add: (path: string, value: Maybe) => void): void {
  if (value instanceof Doc && value.size > 0) {
    for (const [name, child] of value) collect(`${path}.${name}`, child, false, add);
  } else if (Array.isArray(value) && !inArray) {
    if (value.length === 0) add(path, Undefined.value);
    for (const item of value) collect(path, item, true, add);
  } else {
    add(path, value);
  }
}

/** The keys of a compound wildcard index: the other fields' values are the same in each. */
export function withOtherFields(own: readonly Key[], others: readonly Key[], at: number): Key[] {
  const [before, after] = [others.slice(0, at).join(''), others.slice(at).join('')];
  if (others.length === 0) return [...own];
  return (own.length === 0 ? [nothing] : own).map((key) => before + key + after);
}

/** What of a wildcard index can hold the documents that a query matches: for paths, the values. */
export interface WildcardBounds {
  path: string;
  paths: Interval[];
  values: Interval[];
}

const positive = new Set(['eq', 'in', 'gt', 'gte', 'lt', 'lte', 'regex', 'exists', 'elemMatch', 'type', 'size', 'mod']);

/** The bounds for a query, one for each branch of an `$or`; undefined where the index says nothing about it. */
export function wildcardBounds(spec: IndexSpec & { wildcard: WildcardScope }, tree: FilterNode, same: boolean): WildcardBounds[] | undefined {
  if (tree.kind === 'path') {
    const bounds = boundsOfPath(spec, tree.path.text, tree.predicate, same);
    return bounds && [bounds];
  }
  if (tree.kind === 'not') {
    // What is not null is there: `{ $ne: null }`. Below an array with nothing of that name it is neither null nor there.
    const { child } = tree;
    if (child.kind !== 'path' || child.predicate.op !== 'eq' || child.predicate.operand !== null) return undefined;
    const path = child.path.text;
    return isWhollyCovered(spec.wildcard, path) && !path.includes('.') ? [{ path, paths: subtree(path), values: [everything] }] : undefined;
  }
  if (tree.kind === 'and') {
    const usable = tree.children.flatMap((child) => { const bounds = wildcardBounds(spec, child, same); return bounds ? [bounds] : []; });
    return usable.find((bounds) => bounds.every(({ values }) => values.every((interval) => interval.point))) ?? usable[0];
  }
  if (tree.kind !== 'or' || tree.children.length === 0) return undefined;
  const branches = tree.children.map((child) => wildcardBounds(spec, child, same));
  return branches.every((bounds) => bounds !== undefined) ? branches.flat() : undefined;
}

function boundsOfPath(spec: IndexSpec & { wildcard: WildcardScope }, path: string, predicate: Predicate, same: boolean): WildcardBounds | undefined {
  const { wildcard: scope, collation } = spec;
  if (!positive.has(predicate.op) || predicate.test(undefined)) return undefined;
  const parts = path.split('.');
  // `a.0` may mean an item of an array, whose key has the array's path.
  if (parts.slice(1).some(isIndex)) {
    const names = variants(parts);
    return names.every((name) => isWhollyCovered(scope, name)) ? { path, paths: names.flatMap(subtree), values: [everything] } : undefined;
  }
  const values = leavesOf(predicate) ? intervalsOf(predicate, collation?.collation, same) : undefined;
  if (values) return isCovered(scope, path) ? { path, paths: [pathPoint(path)], values } : undefined;
  return isWhollyCovered(scope, path) ? { path, paths: subtree(path), values: [everything] } : undefined;
}

/** False where what is asked for is an embedded document or an array, which the index has only in pieces. */
function leavesOf({ op, operand }: Predicate): boolean {
  const items: readonly (Value | undefined)[] = op === 'in' && Array.isArray(operand) ? operand : [operand];
  return items.every((item) => item !== null && item !== undefined && (!dependsOnCollation(item) || typeof item === 'string'));
}

function variants([first, ...rest]: readonly string[]): string[] {
  return rest.reduce<string[]>((ways, part) => ways.flatMap((way) => (isIndex(part) ? [way, `${way}.${part}`] : [`${way}.${part}`])), [first as string]);
}

const pathPoint = (path: string): Interval => ({ low: { key: keyOf(path), after: false }, high: { key: keyOf(path), after: true }, point: true, text: () => `["${path}", "${path}"]` });

/** The path itself and all that begins with it and a dot. */
function subtree(path: string): Interval[] {
  const below = { low: { key: keyOf(`${path}.`), after: false }, high: { key: keyOf(`${path}/`), after: false }, point: false, text: () => `["${path}.", "${path}/")` };
  return [pathPoint(path), below];
}
