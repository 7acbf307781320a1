import { Doc, typeName, type Maybe, type Value } from '../bson/value.ts';
import { loadRegistry } from '../../../registry.ts';
import { fieldsOf } from '../bson/decode.ts';
import { compareUtf8, valuesEqual } from '../bson/compare.ts';
import { showValue } from '../bson/show.ts';
import { MongoError } from '../errors.ts';
import { parseFilter } from '../query/filter.ts';
import { isIndex } from '../query/path.ts';
import type { QueryContext } from '../variables.ts';
import { dollarPrefixed, modifyPath, parseArrayFilters, placesOf, type Positions } from './apply.ts';
import { removed, type Modifier, type ModifierFamily, type ParseModifier } from './modifier.ts';
import { parsePipelineUpdate } from './pipeline.ts';

const families = await loadRegistry<ModifierFamily>(new URL('./operators/', import.meta.url), 'operators');
const operators = new Map<string, ParseModifier>([...families.values()].flatMap((family) => Object.entries(family)));

/** What one document's update may need to know. */
export interface UpdateOccasion {
  isInsert: boolean;
  /** The index that `$` stands for. */
  matchedIndex?: number | undefined;
}

/** A parsed update. */
export interface Update {
  readonly kind: 'replacement' | 'operators' | 'pipeline';
  /** The paths whose values are put in as a whole, for those who tell what changed. */
  readonly wholes: readonly string[];
  /** The new document; the one given may be changed on the way. */
  apply(doc: Doc, occasion: UpdateOccasion): Doc;
}

export interface UpdateOptions {
  arrayFilters?: readonly Doc[] | undefined;
  context: QueryContext;
}

/**
 * Parses an update: a replacement, operators, or a pipeline. Whatever is wrong in it is an error here.
 * https://www.mongodb.com/docs/manual/reference/mql/update/
 */
export function parseUpdate(update: Doc | readonly Value[], options: UpdateOptions): Update {
  if (!(update instanceof Doc)) {
    if (options.arrayFilters) throw new MongoError('FailedToParse', 'arrayFilters may not be specified for pipeline-syle updates');
    return keepingId('pipeline', parsePipelineUpdate(update, options.context));
  }
  const first = update.keys().next().value;
  if (first === undefined || !first.startsWith('$')) return parseReplacement(update, options);
  return parseOperators(update, options);
}

function parseReplacement(replacement: Doc, options: UpdateOptions): Update {
  if (options.arrayFilters && options.arrayFilters.length > 0) throw new MongoError('FailedToParse', 'Cannot specify arrayFilters and a non-pipeline replacement update');
  const dollar = [...replacement.keys()].find((name) => name.startsWith('$'));
  return keepingId('replacement', (_, { isInsert }) => {
    if (dollar !== undefined && !isInsert) throw dollarPrefixed(dollar);
    return new Doc(replacement);
  });
}

/** A whole new document keeps the old one's `_id`, in first place, and may not name another. */
function keepingId(kind: 'replacement' | 'pipeline', make: (doc: Doc, occasion: UpdateOccasion) => Doc): Update {
  return {
    kind, wholes: [],
    apply(doc, occasion) {
      const id = doc.get('_id');
      const made = make(doc, occasion);
      const own = made.get('_id');
      if (id === undefined) return made;
      if (own !== undefined && !valuesEqual(own, id)) {
        throw new MongoError('ImmutableField', `After applying the update, the (immutable) field '_id' was found to have been altered to _id: ${showValue(own)}`);
      }
      return Doc.of([['_id', id] as const, ...[...made].filter(([name]) => name !== '_id')]);
    },
  };
}

interface Change {
  path: string;
  parts: readonly string[];
  modifier: Modifier;
}

function parseOperators(update: Doc, options: UpdateOptions): Update {
  const changes: Change[] = [];
  const renames: { from: string; to: string }[] = [];
  const taken: string[] = [];
  const claim = (path: string): void => {
    const clash = taken.find((other) => other === path || other.startsWith(`${path}.`) || path.startsWith(`${other}.`));
    if (clash !== undefined) throw new MongoError(40, `Updating the path '${path}' would create a conflict at '${clash.length < path.length ? clash : path}'`);
    const mixed = taken.map((other) => mixedAt(other, path)).find((at) => at !== undefined);
    if (mixed !== undefined) throw new MongoError(40, `Updating the path '${path}' would create a conflict at '${mixed}'`);
    taken.push(path);
  };
  for (const [operator, fields] of fieldsOf(update)) {
    const parse = operators.get(operator);
    if (!parse && operator !== '$rename') throw new MongoError('FailedToParse', operator.startsWith('$') ? `Unknown modifier: ${operator}. Expected a valid update modifier or pipeline-style update specified as an array` : `The dollar ($) prefixed field '${operator}' is not valid`);
    if (!(fields instanceof Doc)) throw new MongoError('FailedToParse', `Modifiers operate on fields but we found type ${typeName(fields)} instead. For example: {$mod: {<field>: ...}} not {${operator}: ${showValue(fields)}}`);
    for (const [path, argument] of fieldsOf(fields)) {
      checkPath(path);
      if (parse) {
        const modifier = parse(argument, { path, context: options.context });
        claim(path);
        changes.push({ path, parts: path.split('.'), modifier });
      } else {
        renames.push(parseRename(path, argument, claim));
      }
    }
  }
  const arrayFilters = parseArrayFilters(options.arrayFilters ?? [], (query) => parseFilter(query, options.context, { plain: true }));
  checkIdentifiers(changes, arrayFilters);
  changes.sort((a, b) => comparePaths(a.parts, b.parts));
  const wholes = changes.filter(({ modifier }) => !modifier.appends).map(({ path }) => path);
  return { kind: 'operators', wholes, apply: (doc, occasion) => applyChanges(doc, changes, renames, { matchedIndex: occasion.matchedIndex, arrayFilters }, occasion.isInsert, options.context) };
}

/** Where one of two paths names items of an array by a filter and the other one by itself. */
function mixedAt(one: string, other: string): string | undefined {
  if (!one.includes('.$[') && !other.includes('.$[')) return undefined;
  const [a, b] = [one.split('.'), other.split('.')];
  const at = a.findIndex((part, index) => part !== b[index]);
  return at > 0 && b[at] !== undefined && a[at]?.startsWith('$[') !== b[at].startsWith('$[') ? a.slice(0, at).join('.') : undefined;
}

function parseRename(path: string, argument: Value, claim: (path: string) => void): { from: string; to: string } {
  if (typeof argument !== 'string') throw new MongoError('BadValue', `The 'to' field for $rename must be a string: ${path}: ${showValue(argument)}`);
  if (argument.includes('\0')) throw new MongoError(9867600, "The 'to' field for $rename cannot contain an embedded null byte");
  checkPath(argument);
  if (argument === path) throw new MongoError('BadValue', `The source and target field for $rename must differ: ${path}: "${argument}"`);
  if (/(^|\.)\$(\[|\.|$)/.test(`${path}.${argument}`)) throw new MongoError('BadValue', `The source field for $rename may not be dynamic: ${path}`);
  if (argument.startsWith(`${path}.`) || path.startsWith(`${argument}.`)) throw new MongoError('BadValue', `The source and target field for $rename must not be on the same path: ${path}: "${argument}"`);
  claim(path);
  claim(argument);
  return { from: path, to: argument };
}

function checkPath(path: string): void {
  if (/^[^.$]+$/.test(path)) return;
  if (path === '') throw new MongoError('EmptyFieldName', "An empty update path is not valid.");
  const parts = path.split('.');
  if (parts.includes('')) throw new MongoError('EmptyFieldName', `The update path '${path}' contains an empty field name, which is not allowed.`);
  if (!path.includes('$')) return;
  for (const [index, part] of parts.entries()) {
    if (!part.startsWith('$')) continue;
    if (part === '$' && parts.indexOf('$') !== index) throw new MongoError('BadValue', `Too many positional (i.e. '$') elements found in path '${path}'`);
    if (index === 0 && (part === '$' || /^\$\[.*\]$/.test(part))) throw new MongoError('BadValue', part === '$' ? `Cannot have positional (i.e. '$') element in the first position in path '${path}'` : `Cannot have array filter identifier (i.e. '$[<id>]') element in the first position in path '${path}'`);
  }
}

function checkIdentifiers(changes: readonly Change[], filters: ReadonlyMap<string, unknown>): void {
  if (filters.size === 0 && !changes.some(({ path }) => path.includes('$['))) return;
  const used = new Set(changes.flatMap(({ parts }) => parts.flatMap((part) => /^\$\[(.+)\]$/.exec(part)?.[1] ?? [])));
  for (const { path, parts } of changes) {
    for (const part of parts) {
      const name = /^\$\[(.+)\]$/.exec(part)?.[1];
      if (name !== undefined && !filters.has(name)) throw new MongoError('BadValue', `No array filter found for identifier '${name}' in path '${path}'`);
    }
  }
  for (const name of filters.keys()) {
    if (!used.has(name)) throw new MongoError('FailedToParse', `The array filter for identifier '${name}' was not used in the update { }`);
  }
}

/** The order in which the server applies changes: by field name, array indexes as numbers. */
function comparePaths(a: readonly string[], b: readonly string[]): number {
  for (let index = 0; index < Math.min(a.length, b.length); index++) {
    const [x, y] = [a[index] as string, b[index] as string];
    const order = isIndex(x) && isIndex(y) ? Number(x) - Number(y) : compareUtf8(x, y);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function applyChanges(doc: Doc, changes: readonly Change[], renames: readonly { from: string; to: string }[], positions: Positions, isInsert: boolean, context: QueryContext): Doc {
  const id = copyOf(doc.get('_id'));
  const occasion = { id, isInsert, now: context.now };
  for (const { from, to } of renames) rename(doc, from.split('.'), to.split('.'), occasion, positions);
  for (const { parts, modifier } of placed(doc, changes, positions)) modifyPath(doc, parts, modifier, occasion, positions);
  const after = doc.get('_id');
  if (id !== undefined && (after === undefined || !valuesEqual(after, id) || typeName(after) !== typeName(id))) {
    throw new MongoError('ImmutableField', "Performing an update on the path '_id' would modify the immutable field '_id'");
  }
  return doc;
}

/**
 * The changes at the places that their paths stand for. Several may mean the same items of an array, which all are told by
 * what the document is before the first of them.
 * @throws MongoError ConflictingUpdateOperators where two change one place
 */
function placed(doc: Doc, changes: readonly Change[], positions: Positions): readonly Pick<Change, 'parts' | 'modifier'>[] {
  if (changes.length < 2 || !changes.some(({ path }) => path.includes('.$'))) return changes;
  const all = changes.flatMap(({ parts, modifier }) => placesOf(doc, parts, positions).map((place) => ({ parts: place, modifier })));
  all.sort((a, b) => comparePaths(a.parts, b.parts));
  // What lies below a place comes right behind it.
  for (let at = 1; at < all.length; at++) {
    const [above, here] = [all[at - 1]?.parts ?? [], all[at]?.parts ?? []];
    if (above.every((part, index) => part === here[index])) throw new MongoError(40, `Update created a conflict at '${above.join('.')}'`);
  }
  return all;
}

/** An embedded document is changed in place: what `_id` was is kept apart. */
const copyOf = (id: Maybe): Maybe => (id instanceof Doc ? new Doc([...id].map(([name, value]): [string, Value] => [name, copyOf(value) as Value])) : id);

function rename(doc: Doc, from: readonly string[], to: readonly string[], occasion: { id: Maybe; isInsert: boolean; now: QueryContext['now'] }, positions: Positions): void {
  let value: Maybe = doc;
  for (const part of from) {
    if (Array.isArray(value)) throw new MongoError('BadValue', `The source field cannot be an array element, '${from.join('.')}' in doc with _id: ${showValue(occasion.id)} has an array field called '${from[0]}'`);
    if (value !== undefined && !(value instanceof Doc)) throw new MongoError('PathNotViable', `cannot use the part (${part} of ${from.join('.')}) to traverse the element ({${from[0]}: ${showValue(value)}})`);
    value = value?.get(part);
  }
  if (value === undefined) return;
  if (occasion.id !== undefined && (from[0] === '_id' || to[0] === '_id')) throw new MongoError('ImmutableField', "Performing an update on the path '_id' would modify the immutable field '_id'");
  let target: Maybe = doc;
  for (const part of to.slice(0, -1)) {
    target = target instanceof Doc ? target.get(part) : undefined;
    if (Array.isArray(target)) throw new MongoError('BadValue', `The destination field cannot be an array element, '${to.join('.')}' in doc with _id: ${showValue(occasion.id)} has an array field called '${part}'`);
  }
  const moved = value;
  modifyPath(doc, from, { operator: '$rename', creates: false, apply: () => removed }, occasion, positions);
  modifyPath(doc, to, { operator: '$rename', creates: true, apply: () => moved }, occasion, positions);
}
