import type { Doc } from '../bson/value.ts';
import { compareUtf8 } from '../bson/compare.ts';
import type { FilterNode } from './filter.ts';
import { matchPath } from './path.ts';

/** The order in which the server puts the conditions of an `$and`. */
const order = ['and', 'or', 'elemMatch', 'size', 'eq', 'lte', 'lt', 'gt', 'gte', 'regex', 'mod', 'exists', 'in', 'bitsAllSet', 'bitsAllClear', 'bitsAnySet', 'bitsAnyClear', 'not', 'nor', 'type'];

/**
 * The index of the array item by which a matching document matches. Of several conditions the last counts, in the
 * server's order; what an `$or` of different fields or a negation matched by is not remembered.
 * https://www.mongodb.com/docs/manual/reference/operator/update/positional/
 */
export function positionIn(node: FilterNode, doc: Doc): number | undefined {
  switch (node.kind) {
    case 'path': return positionAt(node, doc);
    case 'and': return inOrder(node.children).reduce<number | undefined>((last, child) => positionIn(child, doc) ?? last, undefined);
    case 'or': return actsAsIn(node.children) ? firstOf(node.children, doc) : undefined;
    default: return undefined;
  }
}

function positionAt({ path, predicate }: Extract<FilterNode, { kind: 'path' }>, doc: Doc): number | undefined {
  let position: number | undefined;
  matchPath(doc, path, predicate.leaves, (value, index) => {
    if (!predicate.test(value)) return false;
    position = index ?? predicate.matchedItem?.(value);
    return true;
  });
  return position;
}

/** An `$or` of one clause is that clause, and one of equalities on the same field is an `$in`. */
function actsAsIn(children: readonly FilterNode[]): boolean {
  const [first] = children;
  if (children.length === 1) return true;
  return first?.kind === 'path' && children.every((child) =>
    child.kind === 'path' && child.path.text === first.path.text && (child.predicate.op === 'eq' || child.predicate.op === 'in' || child.predicate.op === 'regex'));
}

function firstOf(children: readonly FilterNode[], doc: Doc): number | undefined {
  if (children.length === 1) return positionIn(children[0] as FilterNode, doc);
  const positions = children.map((child) => positionIn(child, doc)).filter((position) => position !== undefined);
  return positions.length === 0 ? undefined : Math.min(...positions);
}

function inOrder(children: readonly FilterNode[]): FilterNode[] {
  const rank = (node: FilterNode): number => order.indexOf(node.kind === 'path' ? node.predicate.op : node.kind);
  const path = (node: FilterNode): string => (node.kind === 'path' ? node.path.text : '');
  return children.toSorted((a, b) => rank(a) - rank(b) || compareUtf8(path(a), path(b)));
}
