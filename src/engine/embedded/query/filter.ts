import { Doc, Regex, Undefined, type Maybe, type Value } from '../bson/value.ts';
import { decodeDocument, fieldsOf } from '../bson/decode.ts';
import { MongoError } from '../errors.ts';
import { evaluate, type Expression } from '../expression.ts';
import { loadRegistry } from '../../../registry.ts';
import { isTrue } from '../truth.ts';
import type { QueryContext } from '../variables.ts';
import { comparison, membership } from './operators/comparison.ts';
import { matchPath, matchRawPath, parsePath, type Path, type Visit } from './path.ts';
import { parsePathless } from './pathless.ts';
import { positionIn } from './position.ts';
import type { OperatorFamily, OperatorTools, ParseOperator, Predicate } from './predicate.ts';
import { regexPredicate } from './regex.ts';
import type { Schema } from './schema.ts';

const families = await loadRegistry<OperatorFamily>(new URL('./operators/', import.meta.url), 'operators');
const operators = new Map<string, ParseOperator>([...families.values()].flatMap((family) => Object.entries(family)));

/** A query as a tree that was checked once: what a planner reads, and what documents are tested by. */
export type FilterNode =
  | { kind: 'and' | 'nor'; children: FilterNode[] }
  /** Where many children ask whether one field is equal to something, `asOne` asks them all at once. */
  | { kind: 'or'; children: FilterNode[]; asOne?: { path: Path; predicate: Predicate } }
  | { kind: 'not'; child: FilterNode }
  | { kind: 'path'; path: Path; predicate: Predicate }
  | { kind: 'expr'; expression: Expression }
  | { kind: 'schema'; schema: Schema }
  | { kind: 'sample'; rate: number }
  | { kind: 'always'; value: boolean };

/** A parsed query. */
export interface Filter {
  readonly tree: FilterNode;
  /** Tests a stored document without decoding more of it than the fields asked about. */
  matches(bytes: Buffer): boolean;
  matchesDoc(doc: Doc): boolean;
  /** The index in an array that made the document match: what `$` stands for in an update or a projection. */
  matchedIndex(doc: Doc): number | undefined;
}

/** Where a query stands, which decides what it may hold. */
export interface FilterPlace {
  /** It is about an item of an array, or an embedded document: what looks at the whole document is refused. */
  nested?: boolean;
  /** `$expr`, `$jsonSchema`, `$where`, `$text` and `$near` are refused: an array filter, a projection's `$elemMatch`. */
  plain?: boolean;
  /** It is not a command's own query, which an index could help: `$where`, `$text` and `$near` are refused. */
  unindexed?: boolean;
}

/**
 * Parses a query; whatever is wrong in it is an error here, before a document is looked at.
 * https://www.mongodb.com/docs/manual/reference/operator/query/
 */
export function parseFilter(query: Doc, context: QueryContext, place: FilterPlace = {}): Filter {
  return new ParsedFilter(and(parseDoc(query, context, place)), context);
}

/** Parses the operators of one value, `{ $gt: 1 }`, as `$pull` applies them: an array is also tested item by item. */
export function parseValueTest(query: Doc, context: QueryContext, place: FilterPlace = { nested: true }): (value: Maybe) => boolean {
  const node = valueNode(query, context, place);
  return (value) => testNode(node, valueSubject(value, (predicate) => predicate.leaves), context);
}

/** The same as `$elemMatch` applies them: an item that is an array is tested as it is. */
export function parseItemTest(query: Doc, context: QueryContext, place: FilterPlace = { nested: true }): (value: Maybe) => boolean {
  const node = valueNode(query, context, place);
  return (value) => testNode(node, valueSubject(value, () => false), context);
}

function valueNode(query: Doc, context: QueryContext, place: FilterPlace): FilterNode {
  return and(parseOperators(parsePath(''), query, context, place));
}

class ParsedFilter implements Filter {
  readonly tree: FilterNode;
  readonly #context: QueryContext;

  constructor(tree: FilterNode, context: QueryContext) {
    this.tree = tree;
    this.#context = context;
  }

  matches(bytes: Buffer): boolean {
    const { tree } = this;
    if (tree.kind === 'path') return matchRawPath(bytes, tree.path, tree.predicate.leaves, tree.predicate.together?.() ?? tree.predicate.test);
    let doc: Doc | undefined;
    return testNode(tree, {
      walk: (path, predicate, visit) => matchRawPath(bytes, path, predicate.leaves, visit),
      doc: () => (doc ??= decodeDocument(bytes)),
    }, this.#context);
  }

  matchesDoc(doc: Doc): boolean {
    return testNode(this.tree, { walk: (path, predicate, visit) => matchPath(doc, path, predicate.leaves, visit), doc: () => doc }, this.#context);
  }

  matchedIndex(doc: Doc): number | undefined {
    return positionIn(this.tree, doc);
  }
}

/** What is under test, however it is kept. */
interface Subject {
  walk(path: Path, predicate: Predicate, visit: Visit): boolean;
  doc(): Doc;
}

function valueSubject(value: Maybe, entered: (predicate: Predicate) => boolean): Subject {
  return {
    walk: (_, predicate, visit) => (Array.isArray(value) && entered(predicate) && value.some((item, index) => visit(item, index))) || visit(value, undefined),
    doc: () => new Doc(),
  };
}

function testNode(node: FilterNode, subject: Subject, context: QueryContext): boolean {
  switch (node.kind) {
    case 'path': return subject.walk(node.path, node.predicate, node.predicate.together?.() ?? node.predicate.test);
    case 'and': return node.children.every((child) => testNode(child, subject, context));
    case 'or': return node.asOne ? subject.walk(node.asOne.path, node.asOne.predicate, node.asOne.predicate.test) : node.children.some((child) => testNode(child, subject, context));
    case 'nor': return !node.children.some((child) => testNode(child, subject, context));
    case 'not': return !testNode(node.child, subject, context);
    case 'always': return node.value;
    case 'sample': return Math.random() < node.rate;
    case 'schema': return node.schema.accepts(subject.doc());
    case 'expr': return isTrue(evaluate(node.expression, subject.doc(), context));
  }
}

function and(children: FilterNode[]): FilterNode {
  return children.length === 1 ? (children[0] as FilterNode) : { kind: 'and', children };
}

function parseDoc(query: Doc, context: QueryContext, place: FilterPlace): FilterNode[] {
  const nodes: FilterNode[] = [];
  for (const [name, argument] of fieldsOf(query)) {
    if (!name.startsWith('$')) nodes.push(...parseField(name, argument, context, place));
    else if (name === '$or') nodes.push(either(parseList(name, argument, context, place), context));
    else if (name === '$and' || name === '$nor') nodes.push({ kind: name === '$and' ? 'and' : 'nor', children: parseList(name, argument, context, place) });
    else nodes.push(...parsePathless(name, argument, context, place));
  }
  return nodes;
}

/** From so many equalities of one field on, a document's values are looked up among them. */
const manyEqualities = 16;

function either(children: FilterNode[], context: QueryContext): FilterNode {
  const [first] = children;
  if (first?.kind !== 'path' || children.length < manyEqualities) return { kind: 'or', children };
  const operands = children.flatMap((child) => (child.kind === 'path' && child.path.text === first.path.text && child.predicate.op === 'eq' ? [child.predicate.operand as Value] : []));
  const plain = operands.length === children.length && !operands.some((operand) => operand instanceof Doc || operand instanceof Regex || operand instanceof Undefined);
  return plain ? { kind: 'or', children, asOne: { path: first.path, predicate: membership('$or', operands, context.collation) } } : { kind: 'or', children };
}

function parseList(name: string, argument: Value, context: QueryContext, place: FilterPlace): FilterNode[] {
  if (!Array.isArray(argument)) throw new MongoError('BadValue', `${name} must be an array`);
  if (argument.length === 0) throw new MongoError('BadValue', '$and/$or/$nor must be a nonempty array');
  return argument.map((entry) => {
    if (!(entry instanceof Doc)) throw new MongoError('BadValue', '$or/$and/$nor entries need to be full objects');
    return and(parseDoc(entry, context, place));
  });
}

const isDbRef = (name: string): boolean => name === '$ref' || name === '$id' || name === '$db';

/** True for `{ $gt: 1 }`, false for a document to be equal to. */
export function isOperatorDoc(value: Value): value is Doc {
  if (!(value instanceof Doc)) return false;
  const first = value.keys().next().value;
  return first !== undefined && first.startsWith('$') && !isDbRef(first);
}

function parseField(name: string, argument: Value, context: QueryContext, place: FilterPlace): FilterNode[] {
  const path = parsePath(name);
  if (isOperatorDoc(argument)) return parseOperators(path, argument, context, place);
  if (argument instanceof Undefined) throw new MongoError('BadValue', 'cannot compare to undefined');
  const predicate = argument instanceof Regex ? regexPredicate(argument.pattern, argument.options) : comparison('eq', argument, context.collation);
  return [{ kind: 'path', path, predicate }];
}

function parseOperators(path: Path, query: Doc, context: QueryContext, place: FilterPlace): FilterNode[] {
  const inside: FilterPlace = { ...place, nested: true };
  const tools: OperatorTools = {
    isOperator: (name) => operators.has(name),
    context, path: path.text, siblings: query, place,
    filter: (nested) => parseFilter(nested, context, inside),
    items: (nested) => parseItemTest(nested, context, inside),
  };
  const nodes: FilterNode[] = [];
  for (const [name, argument] of fieldsOf(query)) {
    if (name === '$comment') continue;
    if (name === '$not' && argument instanceof Doc && argument.size > 0) {
      nodes.push({ kind: 'not', child: and(parseOperators(path, argument, context, place)) });
      continue;
    }
    const parse = operators.get(name);
    if (!parse) throw new MongoError('BadValue', `unknown operator: ${name}`);
    const { predicates, negated } = parse(argument, tools);
    const tests = predicates.map((predicate): FilterNode => ({ kind: 'path', path, predicate }));
    if (negated) nodes.push({ kind: 'not', child: and(tests) });
    else nodes.push(...tests);
  }
  return nodes;
}
