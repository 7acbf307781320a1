import { Doc, Regex, Undefined, type Maybe, type Value } from '../bson/value.ts';
import { decodeDocument } from '../bson/decode.ts';
import { MongoError } from '../errors.ts';
import { evaluate, parseExpression, type Expression } from '../expression.ts';
import { loadRegistry } from '../../../registry.ts';
import { isTrue } from '../truth.ts';
import type { QueryContext } from '../variables.ts';
import { comparison } from './operators/comparison.ts';
import { firstValue, parsePath, walkPath, type Path } from './path.ts';
import type { OperatorFamily, OperatorTools, ParseOperator, Predicate } from './predicate.ts';
import { regexPredicate } from './regex.ts';
import { parseSchema, type Schema } from './schema.ts';

const families = await loadRegistry<OperatorFamily>(new URL('./operators/', import.meta.url), 'operators');
const operators = new Map<string, ParseOperator>([...families.values()].flatMap((family) => Object.entries(family)));

/** A query as a tree that was checked once: what a planner reads, and what documents are tested by. */
export type FilterNode =
  | { kind: 'and' | 'or' | 'nor'; children: FilterNode[] }
  | { kind: 'not'; child: FilterNode }
  | { kind: 'path'; path: Path; predicate: Predicate }
  | { kind: 'expr'; expression: Expression }
  | { kind: 'schema'; schema: Schema }
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

/**
 * Parses a query; whatever is wrong in it is an error here, before a document is looked at.
 * https://www.mongodb.com/docs/manual/reference/operator/query/
 */
export function parseFilter(query: Doc, context: QueryContext): Filter {
  return new ParsedFilter(and(parseDoc(query, context)), context);
}

/** Parses the operators of one value, `{ $gt: 1 }`, as `$elemMatch` and `$pull` apply them to items. */
export function parseValueTest(query: Doc, context: QueryContext): (value: Maybe) => boolean {
  const path = parsePath('');
  const node = and(parseOperators(path, query, context));
  return (value) => testNode(node, { first: () => value, doc: () => new Doc() }, context);
}

class ParsedFilter implements Filter {
  readonly tree: FilterNode;
  readonly #context: QueryContext;

  constructor(tree: FilterNode, context: QueryContext) {
    this.tree = tree;
    this.#context = context;
  }

  matches(bytes: Buffer): boolean {
    let doc: Doc | undefined;
    return testNode(this.tree, { first: (path) => firstValue(bytes, path), doc: () => (doc ??= decodeDocument(bytes)) }, this.#context);
  }

  matchesDoc(doc: Doc): boolean {
    return testNode(this.tree, { first: (path) => doc.get(path.parts[0] as string), doc: () => doc }, this.#context);
  }

  matchedIndex(doc: Doc): number | undefined {
    return indexIn(this.tree, doc);
  }
}

/** A document under test, however it is kept. */
interface Subject {
  first(path: Path): Maybe;
  doc(): Doc;
}

function testNode(node: FilterNode, subject: Subject, context: QueryContext): boolean {
  switch (node.kind) {
    case 'path': return walkPath(subject.first(node.path), node.path, node.predicate.leaves, node.predicate.test);
    case 'and': return node.children.every((child) => testNode(child, subject, context));
    case 'or': return node.children.some((child) => testNode(child, subject, context));
    case 'nor': return !node.children.some((child) => testNode(child, subject, context));
    case 'not': return !testNode(node.child, subject, context);
    case 'always': return node.value;
    case 'schema': return node.schema.accepts(subject.doc());
    case 'expr': return isTrue(evaluate(node.expression, subject.doc(), context));
  }
}

function indexIn(node: FilterNode, doc: Doc): number | undefined {
  if (node.kind === 'and' || node.kind === 'or') {
    for (const child of node.children) {
      const index = indexIn(child, doc);
      if (index !== undefined) return index;
    }
    return undefined;
  }
  if (node.kind !== 'path') return undefined;
  let matched: number | undefined;
  walkPath(doc.get(node.path.parts[0] as string), node.path, node.predicate.leaves, (value, index) => {
    if (!node.predicate.test(value)) return false;
    matched = index ?? node.predicate.matchedItem?.(value);
    return true;
  });
  return matched;
}

function and(children: FilterNode[]): FilterNode {
  return children.length === 1 ? (children[0] as FilterNode) : { kind: 'and', children };
}

function parseDoc(query: Doc, context: QueryContext): FilterNode[] {
  const nodes: FilterNode[] = [];
  for (const [name, argument] of query) {
    if (name.startsWith('$')) nodes.push(...parseTopLevel(name, argument, context));
    else nodes.push(...parseField(name, argument, context));
  }
  return nodes;
}

function parseTopLevel(name: string, argument: Value, context: QueryContext): FilterNode[] {
  switch (name) {
    case '$and': case '$or': case '$nor': return [{ kind: name.slice(1) as 'and' | 'or' | 'nor', children: parseList(name, argument, context) }];
    case '$expr': return [{ kind: 'expr', expression: parseExpression(argument, context) }];
    case '$jsonSchema':
      if (!(argument instanceof Doc)) throw new MongoError('TypeMismatch', '$jsonSchema must be an object');
      return [{ kind: 'schema', schema: parseSchema(argument) }];
    case '$comment': return [];
    case '$alwaysTrue': case '$alwaysFalse': return [{ kind: 'always', value: name === '$alwaysTrue' }];
    case '$where': case '$text': throw new MongoError('NotImplemented', `${name} is not supported by this server`);
    default:
      throw new MongoError('BadValue', `unknown top level operator: ${name}. If you have a field name that starts with a '$' symbol, consider using $getField or $setField.`);
  }
}

function parseList(name: string, argument: Value, context: QueryContext): FilterNode[] {
  if (!Array.isArray(argument)) throw new MongoError('BadValue', `${name} must be an array`);
  if (argument.length === 0) throw new MongoError('BadValue', '$and/$or/$nor must be a nonempty array');
  return argument.map((entry) => {
    if (!(entry instanceof Doc)) throw new MongoError('BadValue', '$or/$and/$nor entries need to be full objects');
    return and(parseDoc(entry, context));
  });
}

const isDbRef = (name: string): boolean => name === '$ref' || name === '$id' || name === '$db';

/** True for `{ $gt: 1 }`, false for a document to be equal to. */
export function isOperatorDoc(value: Value): value is Doc {
  if (!(value instanceof Doc)) return false;
  const first = value.keys().next().value;
  return first !== undefined && first.startsWith('$') && !isDbRef(first);
}

function parseField(name: string, argument: Value, context: QueryContext): FilterNode[] {
  const path = parsePath(name);
  if (isOperatorDoc(argument)) return parseOperators(path, argument, context);
  if (argument instanceof Undefined) throw new MongoError('BadValue', 'cannot compare to undefined');
  const predicate = argument instanceof Regex ? regexPredicate(argument.pattern, argument.options) : comparison('eq', argument, context.collation);
  return [{ kind: 'path', path, predicate }];
}

function parseOperators(path: Path, query: Doc, context: QueryContext): FilterNode[] {
  const nodes: FilterNode[] = [];
  for (const [name, argument] of query) {
    if (name === '$comment') continue;
    if (name === '$not' && argument instanceof Doc && argument.size > 0) {
      for (const inner of argument.keys()) {
        if (inner === '$regex' && !operators.has(inner)) throw new MongoError('BadValue', '$not cannot have a regex');
      }
      nodes.push({ kind: 'not', child: and(parseOperators(path, argument, context)) });
      continue;
    }
    const parse = operators.get(name);
    if (!parse) throw new MongoError('BadValue', `unknown operator: ${name}`);
    const tools: OperatorTools = {
      context, path: path.text, siblings: query,
      filter: (nested) => parseFilter(nested as Doc, context),
      values: (nested) => parseValueTest(nested as Doc, context),
    };
    const { predicates, negated } = parse(argument, tools);
    const tests = predicates.map((predicate): FilterNode => ({ kind: 'path', path, predicate }));
    if (negated) nodes.push({ kind: 'not', child: and(tests) });
    else nodes.push(...tests);
  }
  return nodes;
}
