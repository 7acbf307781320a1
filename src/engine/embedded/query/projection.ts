import { fieldsOf } from '../bson/decode.ts';
import { showValue } from '../bson/show.ts';
import { Doc, isNumeric, typeName, type Value } from '../bson/value.ts';
import { MongoError } from '../errors.ts';
import { evaluate, parseExpression } from '../expression.ts';
import { splitPath } from '../field-path.ts';
import { isTrue } from '../truth.ts';
import type { QueryContext } from '../variables.ts';
import { parseFilter, parseItemTest, type Filter, type FilterNode } from './filter.ts';
import { isPathless } from './pathless.ts';
import { addNode, excludeFields, includeFields, keepMatched, type ProjectionNode, type ProjectionTree } from './projection-tree.ts';
import { parseSlice } from './slice.ts';

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
  readonly #tree: ProjectionTree = new Map();
  #inclusive: boolean | undefined;
  #id: 'included' | 'excluded' | undefined;
  #slices = false;
  #elemMatches = false;
  #positional: string[] | undefined;

  constructor(context: QueryContext, options: Options) {
    this.#context = context;
    this.#options = options;
  }

  parse(spec: Doc): Projection {
    for (const [name, value] of fieldsOf(spec)) this.#field(name, value, '');
    const inclusive = this.#inclusive ?? this.#defaultKind();
    const tree = this.#tree;
    if (inclusive && !tree.has('_id')) tree.set('_id', { kind: 'include' });
    const positional = this.#positional;
    const context = this.#context;
    return {
      inclusive, positional: positional !== undefined,
      apply: (doc, matchedIndex) => {
        const projected = inclusive ? includeFields(doc, tree, context) : excludeFields(doc, tree);
        if (positional) keepMatched(projected, positional, matchedIndex);
        return projected;
      },
    };
  }

  /** What a projection is that says neither: of `_id` alone, or of `$slice` and `$elemMatch`. */
  #defaultKind(): boolean {
    if (this.#slices) return this.#id === 'included';
    return this.#elemMatches || this.#id === 'included';
  }

  #field(name: string, value: Value, prefix: string): void {
    const path = prefix + name;
    if (name.endsWith('.$') || name.includes('.$.')) return this.#setPositional(path, value);
    splitPath(name);
    if (value instanceof Doc) return this.#document(path, value);
    if (isNumeric(value) || typeof value === 'boolean') return this.#flag(path, isTrue(value));
    const node: ProjectionNode = { kind: 'compute', expression: parseExpression(value, this.#context) };
    addNode(this.#tree, path, node);
    if (this.#inclusive === false) throw new MongoError(31310, `Cannot use an expression ${name}: ${showValue(value)} in an exclusion projection`);
    this.#inclusive = true;
  }

  #setPositional(path: string, value: Value): void {
    if (!this.#options.find) throw new MongoError(31324, 'Cannot use positional projection in aggregation projection');
    if (value instanceof Doc) throw new MongoError(31271, 'positional projection cannot be used with an expression or sub object');
    if (!isNumeric(value) && typeof value !== 'boolean') throw new MongoError(31308, 'positional projection cannot be used with a literal');
    if (!path.endsWith('.$') || path.includes('.$.')) {
      throw new MongoError(31394, "As of 4.4, it's illegal to specify positional operator in the middle of a path.Positional projection may only be used at the end, for example: a.b.$. If the query previously used a form like a.b.$.d, remove the parts following the '$' and the results will be equivalent.");
    }
    if (!isTrue(value)) throw new MongoError(31395, 'positional projection cannot be used with exclusion');
    if (this.#positional) throw new MongoError(31276, 'Cannot specify more than one positional projection per query.');
    if (this.#elemMatches) throw new MongoError(31256, 'Cannot specify positional operator and $elemMatch.');
    const array = path.slice(0, -2);
    splitPath(array);
    if (this.#options.filter) checkPositionalFilter(this.#options.filter.tree);
    this.#positional = array.split('.');
    this.#flag(array, true);
  }

  #flag(path: string, include: boolean): void {
    if (path === '_id') {
      this.#id = include ? 'included' : 'excluded';
    } else {
      if (this.#inclusive !== undefined && this.#inclusive !== include) {
        throw new MongoError(include ? 31253 : 31254, `Cannot do ${include ? 'inclusion' : 'exclusion'} on field ${path} in ${include ? 'exclusion' : 'inclusion'} projection`);
      }
      this.#inclusive = include;
    }
    addNode(this.#tree, path, { kind: include ? 'include' : 'exclude' });
  }

  #document(path: string, value: Doc): void {
    const first = value.keys().next().value;
    if (first === undefined) throw new MongoError(51270, `An empty sub-projection is not a valid value. Found empty object at path ${path}`);
    if (value.size === 1 && first.startsWith('$')) return this.#operator(path, first, value);
    for (const [name, inner] of value) this.#field(name, inner, `${path}.`);
  }

  #operator(path: string, name: string, value: Doc): void {
    const argument = value.get(name) as Value;
    if (this.#options.find && name === '$slice') return this.#slice(path, value);
    if (this.#options.find && name === '$elemMatch') return this.#elemMatch(path, argument);
    if (name === '$elemMatch') throw new MongoError('InvalidPipelineOperator', 'Cannot use $elemMatch in this context');
    if (name === '$meta') return this.#meta(path, argument);
    const node = this.#expression(value);
    if (this.#inclusive === false) throw new MongoError(31252, 'Cannot use expression other than $meta in exclusion projection');
    this.#inclusive = true;
    addNode(this.#tree, path, node);
  }

  /** What documents may carry beside themselves: none does here, so a field of that is not there. */
  #meta(path: string, argument: Value): void {
    if (this.#options.find || typeof argument !== 'string' || !absentMeta.has(argument)) throw new MongoError('NotImplemented', '$meta is not supported by this server');
    addNode(this.#tree, path, this.#inclusive === false ? { kind: 'exclude' } : { kind: 'compute', expression: () => undefined });
  }

  #expression(value: Doc): ProjectionNode {
    try {
      return { kind: 'compute', expression: parseExpression(value, this.#context) };
    } catch (error) {
      const name = value.keys().next().value as string;
      if (error instanceof MongoError && error.message === `Unrecognized expression '${name}'`) throw new MongoError(31325, `Unknown expression ${name}`);
      throw error;
    }
  }

  /** `$slice` of find where its argument fits, else the expression of that name. */
  #slice(path: string, value: Doc): void {
    const refused = this.#findSlice(path, value.get('$slice') as Value);
    if (refused === undefined) return;
    const why = `Invalid $slice syntax. The given syntax ${showValue(value)} did not match the find() syntax because :: ${refused} :: The given syntax did not match the expression $slice syntax. :: caused by :: `;
    try {
      const node = this.#expression(value);
      // An operand that is wrong whatever the document is wrong here already.
      if (node.kind === 'compute' && !readsFields(value)) evaluate(node.expression, new Doc(), this.#context);
      if (this.#inclusive === false) throw new MongoError(31252, 'Cannot use expression other than $meta in exclusion projection');
      this.#inclusive = true;
      addNode(this.#tree, path, node);
    } catch (error) {
      throw error instanceof MongoError ? new MongoError(error.code, why + error.message) : error;
    }
  }

  /** Why it is not find's `$slice`, if it is not. */
  #findSlice(path: string, argument: Value): string | undefined {
    const slice = parseSlice(argument);
    if (typeof slice !== 'function') return slice.refused;
    try {
      addNode(this.#tree, path, { kind: 'slice', change: slice });
    } catch (error) {
      if (error instanceof MongoError) return `${error.codeName}: ${error.message}`;
      throw error;
    }
    this.#slices = true;
    return undefined;
  }

  #elemMatch(path: string, query: Value): void {
    if (!(query instanceof Doc)) throw new MongoError(31274, `elemMatch: Invalid argument, object required, but got ${typeName(query)}`);
    if (this.#positional) throw new MongoError(31255, 'Cannot specify positional operator and $elemMatch.');
    if (path.includes('.')) throw new MongoError(31275, 'Cannot use $elemMatch projection on a nested field.');
    const matches = itemTest(query, this.#context);
    this.#elemMatches = true;
    addNode(this.#tree, path, {
      kind: 'first',
      find: (value) => {
        const item = Array.isArray(value) ? value.find(matches) : undefined;
        return item === undefined ? undefined : [item];
      },
    });
  }
}

const absentMeta = new Set(['randVal', 'indexKey', 'searchScore', 'searchHighlights', 'vectorSearchScore']);

/** The query of `$elemMatch`: operators on the item itself, or conditions on its fields. */
function itemTest(query: Doc, context: QueryContext): (item: Value) => boolean {
  const place = { nested: true, plain: true };
  const first = query.keys().next().value;
  if (first !== undefined && first.startsWith('$') && !isPathless(first)) return parseItemTest(query, context, place);
  const filter = parseFilter(query, context, place);
  return (item) => (item instanceof Doc ? filter.matchesDoc(item) : Array.isArray(item) && filter.matchesDoc(Doc.of(item.map((one, index) => [String(index), one] as const))));
}

/** With `$` in the projection the query is matched once more, without what looks at the whole document. */
function checkPositionalFilter(node: FilterNode): void {
  if (node.kind === 'expr') throw new MongoError('QueryFeatureNotAllowed', '$expr is not allowed in this context');
  if (node.kind === 'schema') throw new MongoError('QueryFeatureNotAllowed', '$jsonSchema is not allowed in this context');
  if (node.kind === 'not') checkPositionalFilter(node.child);
  if ('children' in node) node.children.forEach(checkPositionalFilter);
}

function readsFields(value: Value): boolean {
  if (typeof value === 'string') return value.startsWith('$');
  if (Array.isArray(value)) return value.some(readsFields);
  return value instanceof Doc && [...value.values()].some(readsFields);
}
