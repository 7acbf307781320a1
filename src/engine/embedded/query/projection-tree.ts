import { Doc, type Maybe, type Value } from '../bson/value.ts';
import { MongoError } from '../errors.ts';
import { evaluate, type Expression } from '../expression.ts';
import type { QueryContext } from '../variables.ts';

/** What becomes of one field. */
export type ProjectionNode =
  | { kind: 'include' }
  | { kind: 'exclude' }
  | { kind: 'inside'; children: ProjectionTree }
  | { kind: 'compute'; expression: Expression }
  /** `$slice`: the field stays where it is. */
  | { kind: 'slice'; change: (value: Value) => Value }
  /** `$elemMatch`: of an inclusion it comes last, as what is computed does. */
  | { kind: 'first'; find: (value: Value) => Maybe };

/** A projection as a tree along its paths. */
export type ProjectionTree = Map<string, ProjectionNode>;

/**
 * Adds a node at a path.
 * @throws MongoError where another node is there, above or below
 */
export function addNode(tree: ProjectionTree, path: string, node: ProjectionNode): void {
  const parts = path.split('.');
  const last = parts.pop() as string;
  let level = tree;
  for (const part of parts) {
    let next = level.get(part);
    if (!next) level.set(part, (next = { kind: 'inside', children: new Map() }));
    if (next.kind !== 'inside') throw new MongoError(31249, `Path collision at ${path} remaining portion ${path.slice(path.indexOf('.') + 1)}`);
    level = next.children;
  }
  if (level.has(last)) throw new MongoError(31250, `Path collision at ${path}`);
  level.set(last, node);
}

/** The fields named and no other, in the document's order; what is computed comes after them, in the projection's. */
export function includeFields(doc: Doc, tree: ProjectionTree, context: QueryContext): Doc {
  const result = included(doc, tree);
  addComputed(result, tree, doc, context);
  for (const [name, node] of tree) {
    if (node.kind !== 'first') continue;
    const found = doc.has(name) ? node.find(doc.get(name) as Value) : undefined;
    if (found !== undefined) result.set(name, found);
  }
  return result;
}

function included(doc: Doc, tree: ProjectionTree): Doc {
  const result = new Doc();
  for (const [name, value] of doc) {
    const node = tree.get(name);
    if (node?.kind === 'include') result.set(name, value);
    else if (node?.kind === 'slice') result.set(name, node.change(value));
    else if (node?.kind === 'inside') {
      const inner = through(value, (one) => included(one, node.children), holdsComputed(node.children) ? (): Value => new Doc() : undefined);
      if (inner !== undefined) result.set(name, inner);
    }
  }
  return result;
}

/** All fields but those named. */
export function excludeFields(doc: Doc, tree: ProjectionTree): Doc {
  const result = new Doc();
  for (const [name, value] of doc) {
    const kept = keptField(value, tree.get(name));
    if (kept !== undefined) result.set(name, kept);
  }
  return result;
}

function keptField(value: Value, node: ProjectionNode | undefined): Maybe {
  switch (node?.kind) {
    case undefined: case 'include': case 'compute': return value;
    case 'exclude': return undefined;
    case 'slice': return node.change(value);
    case 'first': return node.find(value);
    case 'inside': return through(value, (one) => excludeFields(one, node.children), (scalar) => scalar);
  }
}

/** Applies to a sub-document, or to those of an array; a scalar becomes what `other` makes of it, or is left out. */
function through(value: Value, apply: (doc: Doc) => Doc, other: ((scalar: Value) => Value) | undefined): Maybe {
  if (value instanceof Doc) return apply(value);
  if (!Array.isArray(value)) return other?.(value);
  return value.flatMap((item): Value[] => {
    const inner = through(item, apply, other);
    return inner === undefined ? [] : [inner];
  });
}

function addComputed(result: Doc, tree: ProjectionTree, root: Doc, context: QueryContext): void {
  for (const [name, node] of tree) {
    if (node.kind === 'compute') {
      const value = evaluate(node.expression, root, context);
      if (value === undefined) result.delete(name);
      else result.set(name, value);
    } else if (node.kind === 'inside' && holdsComputed(node.children)) {
      result.set(name, withComputed(result.get(name), node.children, root, context));
    }
  }
}

const holdsComputed = (tree: ProjectionTree): boolean =>
  [...tree.values()].some((node) => node.kind === 'compute' || (node.kind === 'inside' && holdsComputed(node.children)));

function withComputed(value: Maybe, tree: ProjectionTree, root: Doc, context: QueryContext): Value {
  if (Array.isArray(value)) return value.map((item) => withComputed(item, tree, root, context));
  const doc = value instanceof Doc ? new Doc(value) : new Doc();
  addComputed(doc, tree, root, context);
  return doc;
}

/**
 * Of the first array on the path of `a.b.$` keeps the item by which the document matched.
 * @throws MongoError where no item is known to have matched, or the array is shorter
 */
export function keepMatched(doc: Doc, path: readonly string[], index: number | undefined): void {
  let level: Doc = doc;
  for (const part of path) {
    const value = level.get(part);
    if (Array.isArray(value)) {
      if (index === undefined) throw new MongoError(51246, "Executor error during find command :: caused by :: positional operator '.$' couldn't find a matching element in the array");
      const item = value[index];
      if (item === undefined) throw new MongoError(51247, "Executor error during find command :: caused by :: positional operator '.$' element mismatch");
      level.set(part, [item]);
      return;
    }
    if (!(value instanceof Doc)) return;
    level = value;
  }
}
