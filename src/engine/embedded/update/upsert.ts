import { valuesEqual } from '../bson/compare.ts';
import { Doc, Regex, type Value } from '../bson/value.ts';
import { MongoError } from '../errors.ts';
import type { FilterNode } from '../query/filter.ts';

/**
 * The document that an upsert begins with: what the query says by equality.
 * @throws MongoError NotSingleValueField where it says two things of one path
 */
export function documentFromFilter(tree: FilterNode): Doc {
  const values = new Map<string, Value>();
  collect(tree, values);
  for (const path of values.keys()) checkParents(path, values);
  const doc = new Doc();
  for (const [path, value] of values) place(doc, path.split('.'), value);
  return doc;
}

function collect(node: FilterNode, values: Map<string, Value>): void {
  if (node.kind === 'and' || (node.kind === 'or' && node.children.length === 1)) {
    for (const child of node.children) collect(child, values);
    return;
  }
  if (node.kind !== 'path') return;
  const value = equality(node.predicate.op, node.predicate.operand);
  if (value === undefined) return;
  const known = values.get(node.path.text);
  if (known !== undefined && !valuesEqual(known, value)) throw new MongoError('NotSingleValueField', `cannot infer query fields to set, path '${node.path.text}' is matched twice`);
  values.set(node.path.text, value);
}

function checkParents(path: string, values: ReadonlyMap<string, Value>): void {
  for (let end = path.lastIndexOf('.'); end > 0; end = path.lastIndexOf('.', end - 1)) {
    const parent = path.slice(0, end);
    if (values.has(parent)) throw new MongoError('NotSingleValueField', `cannot infer query fields to set, both paths '${path}' and '${parent}' are matched`);
  }
}

function equality(op: string, operand: Value | undefined): Value | undefined {
  if (op === 'eq') return operand;
  // A pattern in a list is a pattern, not a value.
  return op === 'in' && Array.isArray(operand) && operand.length === 1 && !(operand[0] instanceof Regex) ? operand[0] : undefined;
}

function place(doc: Doc, parts: readonly string[], value: Value): void {
  let level = doc;
  for (const part of parts.slice(0, -1)) {
    const next = level.get(part);
    if (next instanceof Doc) level = next;
    else {
      const made = new Doc();
      level.set(part, made);
      level = made;
    }
  }
  level.set(parts.at(-1) as string, value);
}
