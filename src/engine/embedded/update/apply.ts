import { fieldsOf } from '../bson/decode.ts';
import { showValue } from '../bson/show.ts';
import { Doc, type Maybe, type Value } from '../bson/value.ts';
import { MongoError } from '../errors.ts';
import type { Filter } from '../query/filter.ts';
import { isIndex } from '../query/path.ts';
import { removed, type Modifier, type Occasion } from './modifier.ts';

/** What stands for positions in paths. */
export interface Positions {
  /** The index that `$` stands for. */
  matchedIndex: number | undefined;
  /** Filters that `$[name]` stands for. */
  arrayFilters: ReadonlyMap<string, (item: Value) => boolean>;
}

/**
 * The paths that a path with `$` or `$[name]` stands for in a document as it is before the update. One that leads nowhere
 * is left as it is: who applies it finds out why.
 */
export function placesOf(doc: Doc, parts: readonly string[], { matchedIndex, arrayFilters }: Positions): (readonly string[])[] {
  const places: (readonly string[])[] = [];
  const follow = (container: Maybe, way: readonly string[], at: number): void => {
    const part = way[at];
    if (part !== undefined && container instanceof Doc) return follow(container.get(part), way, at + 1);
    if (part === undefined || !Array.isArray(container)) return void places.push(way);
    if (!part.startsWith('$[')) {
      const index = part === '$' ? matchedIndex : isIndex(part) ? Number(part) : undefined;
      if (index === undefined) return void places.push(way);
      return follow(container[index], way.with(at, String(index)), at + 1);
    }
    const accepts = part === '$[]' ? () => true : (arrayFilters.get(part.slice(2, -1)) as (item: Value) => boolean);
    container.forEach((item, index) => {
      if (accepts(item)) follow(item, way.with(at, String(index)), at + 1);
    });
  };
  follow(doc, parts, 0);
  return places;
}

/** The most nulls that a far index may pad an array with. */
const mostPadding = 1_500_000;

/** Applies a modifier to the place that a path names, below `doc`; the document is changed. */
export function modifyPath(doc: Doc, parts: readonly string[], modifier: Modifier, occasion: Omit<Occasion, 'field' | 'path'>, positions: Positions): void {
  new Walk(parts, modifier, occasion, positions).into(doc, 0, '');
}

class Walk {
  readonly #parts: readonly string[];
  readonly #modifier: Modifier;
  readonly #occasion: Omit<Occasion, 'field' | 'path'>;
  readonly #positions: Positions;

  constructor(parts: readonly string[], modifier: Modifier, occasion: Omit<Occasion, 'field' | 'path'>, positions: Positions) {
    this.#parts = parts;
    this.#modifier = modifier;
    this.#occasion = occasion;
    this.#positions = positions;
  }

  into(container: Doc | Value[], at: number, way: string): void {
    const part = this.#parts[at] as string;
    if (part === '$') return this.#step(container, this.#matched(container, way), at, way);
    const filter = part.startsWith('$[') ? /^\$\[(.*)\]$/.exec(part) : null;
    if (!filter) return this.#step(container, part, at, way);
    if (!Array.isArray(container)) throw new MongoError('BadValue', `Cannot apply array updates to non-array element ${lastOf(way)}: ${showValue(container)}`);
    const accepts = filter[1] === '' ? () => true : (this.#positions.arrayFilters.get(filter[1] as string) as (item: Value) => boolean);
    container.forEach((item, index) => {
      if (accepts(item)) this.#step(container, String(index), at, way);
    });
  }

  #matched(container: Doc | Value[], way: string): string {
    if (this.#positions.matchedIndex === undefined || !Array.isArray(container)) throw noMatch(this.#positions, way);
    return String(this.#positions.matchedIndex);
  }

  #step(container: Doc | Value[], part: string, at: number, way: string): void {
    const path = way === '' ? part : `${way}.${part}`;
    if (Array.isArray(container) && !isIndex(part)) {
      if (this.#modifier.mustReach) throw notReached(part, this.#parts, lastOf(way), container);
      if (!this.#modifier.creates) return;
      throw notViable(part, way, container);
    }
    const current: Maybe = container instanceof Doc ? container.get(part) : container[Number(part)];
    if (at === this.#parts.length - 1) return this.#change(container, part, current, path);
    if (current instanceof Doc || Array.isArray(current)) return this.into(current, at + 1, path);
    if (current !== undefined) {
      const next = this.#parts[at + 1] as string;
      if (this.#modifier.mustReach) throw notReached(next, this.#parts, part, current);
      if (!this.#modifier.creates) return;
      if (next === '$') throw noMatch(this.#positions, path);
      if (next.startsWith('$[')) throw new MongoError('BadValue', `Cannot apply array updates to non-array element ${part}: ${showValue(current)}`);
      throw notViable(next, path, current);
    }
    if (this.#parts[at + 1]?.startsWith('$[')) throw new MongoError('BadValue', `The path '${path}' must exist in the document in order to apply array updates.`);
    if (!this.#modifier.creates || (this.#modifier.operator === '$setOnInsert' && !this.#occasion.isInsert)) return;
    const made = new Doc();
    this.into(made, at + 1, path);
    if (made.size > 0) this.#put(container, part, made, path);
  }

  #change(container: Doc | Value[], part: string, current: Maybe, path: string): void {
    const { id, isInsert, now } = this.#occasion;
    const value = this.#modifier.apply(current, { id, isInsert, now, field: part, path });
    if (Object.is(value, current) || value === undefined) return;
    if (value !== removed) return this.#put(container, part, value, path);
    if (container instanceof Doc) container.delete(part);
    else container[Number(part)] = null;
  }

  #put(container: Doc | Value[], part: string, value: Value, path: string): void {
    if (path === part && part.startsWith('$') && !this.#occasion.isInsert) throw dollarPrefixed(part);
    put(container, part, value);
  }
}

const lastOf = (way: string): string => way.split('.').at(-1) ?? '';

function noMatch({ matchedIndex }: Positions, way: string): MongoError {
  return new MongoError('BadValue', matchedIndex === undefined ? 'The positional operator did not find the match needed from the query.' : `Cannot apply the positional operator to non-array element ${way}`);
}

/** What an update may not leave at the top of a document that was there before; a new one may have it. */
export const dollarPrefixed = (name: string): MongoError =>
  new MongoError('DollarPrefixedFieldName', `The dollar ($) prefixed field '${name}' in '${name}' is not allowed in the context of an update's replacement document. Consider using an aggregation pipeline with $replaceWith.`);

function notReached(part: string, parts: readonly string[], name: string, value: Value): MongoError {
  return new MongoError('PathNotViable', `Cannot use the part (${part}) of (${parts.join('.')}) to traverse the element ({${name}: ${showValue(value)}})`);
}

function notViable(part: string, way: string, value: Value): MongoError {
  return new MongoError('PathNotViable', `Cannot create field '${part}' in element {${lastOf(way)}: ${showValue(value)}}`);
}

function put(container: Doc | Value[], part: string, value: Value): void {
  if (container instanceof Doc) {
    container.set(part, value);
    return;
  }
  const index = Number(part);
  if (index - container.length > mostPadding) throw new MongoError('CannotBackfillArray', `attempting to fill past the maximum size of an array: ${index}`);
  while (container.length < index) container.push(null);
  container[index] = value;
}

/** Parses `arrayFilters`: each names one identifier, `{ "item.grade": { $gte: 85 } }`. */
export function parseArrayFilters(filters: readonly Doc[], parse: (query: Doc) => Filter): Map<string, (item: Value) => boolean> {
  const parsed = new Map<string, (item: Value) => boolean>();
  for (const filter of filters) {
    const query = parse(filter);
    const names = new Set<string>();
    collectNames(filter, names);
    const [name] = names;
    if (name === undefined) throw new MongoError('FailedToParse', 'Cannot use an expression without a top-level field name in arrayFilters');
    if (names.size > 1) throw new MongoError('FailedToParse', `Error parsing array filter :: caused by :: Expected a single top-level field name, found '${[...names].join("' and '")}'`);
    if (!/^[a-z][A-Za-z0-9]*$/.test(name)) throw new MongoError('BadValue', `Error parsing array filter :: caused by :: The top-level field name must be an alphanumeric string beginning with a lowercase letter, found '${name}'`);
    if (parsed.has(name)) throw new MongoError('FailedToParse', `Found multiple array filters with the same top-level field name ${name}`);
    parsed.set(name, (item) => query.matchesDoc(Doc.of({ [name]: item })));
  }
  return parsed;
}

function collectNames(filter: Doc, names: Set<string>): void {
  for (const [key, value] of fieldsOf(filter)) {
    if (!key.startsWith('$')) names.add(key.split('.')[0] as string);
    else if (Array.isArray(value)) for (const inner of value) if (inner instanceof Doc) collectNames(inner, names);
  }
}
