import { toDouble, wholeNumber } from '../bson/number.ts';
import { showValue } from '../bson/show.ts';
import { Doc, isNumeric, typeName, type Maybe, type Value } from '../bson/value.ts';
import { MongoError } from '../errors.ts';
import { evaluate, parseExpression, type Expression } from '../expression.ts';
import type { QueryContext } from '../variables.ts';
import type { Filter } from './filter.ts';
import { parseFilter, parseValueTest } from './filter.ts';

/** What becomes of one field: a tree along the paths. */
type Node = { children: Map<string, Node> } | { include: true } | { exclude: true } | { compute: Expression } | { change: (value: Maybe) => Maybe };

export interface Projection {
  /** True where fields not named are left out. */
  readonly inclusive: boolean;
  /** @param matchedIndex what `$` stands for */
  apply(doc: Doc, matchedIndex?: number): Doc;
  /** True where `$` stands in it. */
  readonly positional: boolean;
}

interface Options {
  /** `find` knows $slice, $elemMatch and $; `$project` does not. */
  find: boolean;
  filter?: Filter;
}

/**
 * Parses a projection. https://www.mongodb.com/docs/manual/tutorial/project-fields-from-query-results/
 * @throws MongoError where inclusion and exclusion are mixed, paths collide, or an expression is wrong
 */
export function parseProjection(spec: Doc, context: QueryContext, options: Options): Projection {
  return new Parser(context, options).parse(spec);
}

class Parser {
  readonly #context: QueryContext;
  readonly #options: Options;
  readonly #root = new Map<string, Node>();
  #inclusive: boolean | undefined;
  #id: boolean | undefined;
  #positional: string[] | undefined;

  constructor(context: QueryContext, options: Options) {
    this.#context = context;
    this.#options = options;
  }

  parse(spec: Doc): Projection {
    for (const [name, value] of spec) this.#field(name, value, '');
    const inclusive = this.#inclusive ?? (this.#id === true || (this.#id === undefined && this.#hasComputed()));
    if (inclusive && this.#id !== false && !this.#root.has('_id')) this.#root.set('_id', { include: true });
    if (!inclusive && this.#id === true) this.#root.delete('_id');
    const root = this.#root;
    const positional = this.#positional;
    const context = this.#context;
    return {
      inclusive, positional: positional !== undefined,
      apply: (doc, matchedIndex) => {
        const projected = inclusive ? includeFields(doc, root, doc, context) : excludeFields(doc, root, doc, context);
        if (positional) keepMatched(projected, positional, matchedIndex);
        return projected;
      },
    };
  }

  #hasComputed(): boolean {
    return [...this.#root.values()].some((node) => 'compute' in node);
  }

  #field(name: string, value: Value, prefix: string): void {
    const path = prefix + name;
    this.#checkPath(path);
    if (this.#options.find && path.endsWith('.$')) return this.#setPositional(path.slice(0, -2), value);
    if (value instanceof Doc) return this.#document(path, value);
    if (isNumeric(value) || typeof value === 'boolean') return this.#flag(path, typeof value === 'boolean' ? value : toDouble(value) !== 0);
    this.#compute(path, parseExpression(value, this.#context));
  }

  #checkPath(path: string): void {
    if (path === '') throw new MongoError(40352, 'FieldPath cannot be constructed with empty string');
    if (path.endsWith('.')) throw new MongoError(40353, "FieldPath must not end with a '.'.");
    for (const part of path.split('.')) {
      if (part === '') throw new MongoError(15998, 'FieldPath field names may not be empty strings.');
      if (part.startsWith('$') && !(this.#options.find && part === '$')) {
        throw new MongoError(16410, `FieldPath field names may not start with '$'. Consider using $getField or $setField.`);
      }
    }
  }

  #setPositional(path: string, value: Value): void {
    if (this.#positional) throw new MongoError(31276, 'Cannot specify more than one positional projection per query.');
    if (isNumeric(value) ? toDouble(value) === 0 : value === false) throw new MongoError(31395, 'positional projection cannot be used with exclusion');
    this.#positional = path.split('.');
    this.#flag(path, true);
  }

  #flag(path: string, include: boolean): void {
    if (path === '_id') {
      this.#id = include;
      this.#root.set('_id', include ? { include: true } : { exclude: true });
      return;
    }
    if (this.#inclusive !== undefined && this.#inclusive !== include) {
      throw new MongoError(include ? 31253 : 31254, `Cannot do ${include ? 'inclusion' : 'exclusion'} on field ${path} in ${include ? 'exclusion' : 'inclusion'} projection`);
    }
    this.#inclusive = include;
    this.#set(path, include ? { include: true } : { exclude: true });
  }

  #document(path: string, value: Doc): void {
    const operator = value.keys().next().value;
    if (operator === undefined) throw new MongoError(51270, `An empty sub-projection is not a valid value. Found empty object at path ${path}`);
    if (!operator.startsWith('$')) {
      for (const [name, inner] of value) this.#field(name, inner, `${path}.`);
      return;
    }
    if (this.#options.find && operator === '$slice') return this.#set(path, { change: slicing(value.get('$slice') as Value) });
    if (this.#options.find && operator === '$elemMatch') return this.#elemMatch(path, value.get('$elemMatch') as Value);
    if (operator === '$meta') throw new MongoError('NotImplemented', '$meta is not supported by this server');
    this.#compute(path, parseExpression(value, this.#context));
  }

  #elemMatch(path: string, query: Value): void {
    if (!(query instanceof Doc)) throw new MongoError(31274, `elemMatch: Invalid argument, object required, but got ${typeName(query)}`);
    if (path.includes('.')) throw new MongoError(31275, 'Cannot use $elemMatch projection on a nested field.');
    const ofValues = query.keys().next().value?.startsWith('$') && !['$and', '$or', '$nor', '$expr'].includes(query.keys().next().value as string);
    const test = ofValues ? parseValueTest(query, this.#context) : undefined;
    const filter = ofValues ? undefined : parseFilter(query, this.#context);
    if (this.#inclusive === undefined) this.#inclusive = true;
    this.#set(path, {
      change: (value) => {
        const item = Array.isArray(value) ? value.find((one) => (test ? test(one) : one instanceof Doc && filter?.matchesDoc(one))) : undefined;
        return item === undefined ? undefined : [item];
      },
    });
  }

  #compute(path: string, compute: Expression): void {
    if (path === '_id') this.#id = true;
    else if (this.#inclusive === false) throw new MongoError(31252, `Cannot specify an expression in an exclusion projection: ${path}`);
    else this.#inclusive = true;
    this.#set(path, { compute });
  }

  #set(path: string, node: Node): void {
    const parts = path.split('.');
    const last = parts.pop() as string;
    let level = this.#root;
    for (const part of parts) {
      let next = level.get(part);
      if (!next) level.set(part, (next = { children: new Map() }));
      if (!('children' in next)) throw new MongoError(31249, `Path collision at ${path} remaining portion ${last}`);
      level = next.children;
    }
    if (level.has(last)) throw new MongoError(31250, `Path collision at ${path}`);
    level.set(last, node);
  }
}

function slicing(argument: Value): (value: Maybe) => Maybe {
  const numbers = (Array.isArray(argument) ? argument : [argument]).map((item) => {
    if (!isNumeric(item)) throw new MongoError(28724, `First argument to $slice must be an array, but is of type: ${typeName(item)}`);
    return wholeNumber(item) ?? Math.trunc(toDouble(item));
  });
  const [first = 0, count] = numbers;
  if (numbers.length > 2) throw new MongoError(28667, `Expression $slice takes at least 2 arguments, and at most 3, but ${numbers.length} were passed in.`);
  if (count !== undefined && count <= 0) throw new MongoError(28729, `Third argument to $slice must be positive: ${showValue(argument)}`);
  return (value) => {
    if (!Array.isArray(value)) return value;
    if (count === undefined) return first >= 0 ? value.slice(0, first) : value.slice(first);
    const from = first < 0 ? Math.max(0, value.length + first) : first;
    return value.slice(from, from + count);
  };
}

function includeFields(doc: Doc, nodes: Map<string, Node>, root: Doc, context: QueryContext): Doc {
  const result = new Doc();
  for (const [name, value] of doc) {
    const node = nodes.get(name);
    if (!node) continue;
    if ('include' in node) result.set(name, value);
    else if ('children' in node) {
      const inner = through(value, (one) => includeFields(one, node.children, root, context), false);
      if (inner !== undefined) result.set(name, inner);
    } else if ('change' in node) {
      const changed = node.change(value);
      if (changed !== undefined) result.set(name, changed);
    }
  }
  addComputed(result, nodes, root, context);
  return result;
}

function excludeFields(doc: Doc, nodes: Map<string, Node>, root: Doc, context: QueryContext): Doc {
  const result = new Doc();
  for (const [name, value] of doc) {
    const node = nodes.get(name);
    if (!node || 'include' in node) result.set(name, value);
    else if ('children' in node) result.set(name, through(value, (one) => excludeFields(one, node.children, root, context), true) as Value);
    else if ('change' in node) {
      const changed = node.change(value);
      if (changed !== undefined) result.set(name, changed);
    }
  }
  addComputed(result, nodes, root, context);
  return result;
}

/** Applies to a sub-document, or to those of an array; scalars are kept by an exclusion, left out by an inclusion. */
function through(value: Value, apply: (doc: Doc) => Doc, keepScalars: boolean): Maybe {
  if (value instanceof Doc) return apply(value);
  if (Array.isArray(value)) {
    const kept: Value[] = [];
    for (const item of value) {
      const inner = through(item, apply, keepScalars);
      if (inner !== undefined) kept.push(inner);
    }
    return kept;
  }
  return keepScalars ? value : undefined;
}

function addComputed(result: Doc, nodes: Map<string, Node>, root: Doc, context: QueryContext): void {
  for (const [name, node] of nodes) {
    if ('compute' in node) {
      const value = evaluate(node.compute, root, context);
      if (value !== undefined) result.set(name, value);
    } else if ('children' in node && holdsComputed(node.children)) {
      result.set(name, withComputed(result.get(name), node.children, root, context));
    }
  }
}

const holdsComputed = (nodes: Map<string, Node>): boolean => [...nodes.values()].some((node) => 'compute' in node || ('children' in node && holdsComputed(node.children)));

function withComputed(value: Maybe, nodes: Map<string, Node>, root: Doc, context: QueryContext): Value {
  if (Array.isArray(value)) return value.map((item) => withComputed(item, nodes, root, context));
  const doc = value instanceof Doc ? new Doc(value) : new Doc();
  addComputed(doc, nodes, root, context);
  return doc;
}

function keepMatched(doc: Doc, path: readonly string[], index: number | undefined): void {
  let level: Maybe = doc;
  for (const part of path.slice(0, -1)) level = level instanceof Doc ? level.get(part) : undefined;
  const last = path.at(-1) as string;
  const array = level instanceof Doc ? level.get(last) : undefined;
  if (!Array.isArray(array)) return;
  if (index === undefined || array[index] === undefined) throw new MongoError(51246, "Executor error during find command :: caused by :: positional operator '.$' couldn't find a matching element in the array");
  (level as Doc).set(last, [array[index]]);
}
