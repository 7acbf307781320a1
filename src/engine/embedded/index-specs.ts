import { anything, bool, integer, object, text, type ArgumentFields } from './arguments.ts';
import { int32 } from './bson/decode.ts';
import { toDouble } from './bson/number.ts';
import { showDoc, showValue } from './bson/show.ts';
import { Doc, isNumeric, typeName, type Value } from './bson/value.ts';
import { MongoError } from './errors.ts';
import { checkPattern, readWildcard } from './index-patterns.ts';
import { collationVersion, operationContext, parseCollation } from './operation.ts';
import { parseFilter } from './query/filter.ts';
import type { Collection } from './storage/collection.ts';
import type { IndexSpec } from './storage/index-spec.ts';
import type { QueryContext } from './variables.ts';

/** The fields of an index specification: https://www.mongodb.com/docs/manual/reference/command/createIndexes/ */
const fields: ArgumentFields = {
  key: object, name: text, unique: bool, sparse: bool, hidden: bool, background: bool, v: integer(), partialFilterExpression: object,
  collation: object, expireAfterSeconds: anything, storageEngine: object, ns: text, dropDups: bool, prepareUnique: bool, clustered: bool,
  weights: anything, default_language: text, language_override: text, textIndexVersion: integer(), '2dsphereIndexVersion': integer(),
  bits: integer(), min: anything, max: anything, bucketSize: anything, wildcardProjection: object, originalSpec: object, finestIndexedLevel: anything,
  coarsestIndexedLevel: anything,
};

const cannot = (message: string): MongoError => new MongoError('CannotCreateIndex', message);

/** Reads one index specification. @throws MongoError where it is wrong, or not supported */
export function parseIndexSpec(spec: Doc, collection: Collection | undefined): IndexSpec {
  for (const field of spec.keys()) {
    if (!Object.hasOwn(fields, field)) {
      throw new MongoError('InvalidIndexSpecificationOption', `The field '${field}' is not valid for an index specification. Specification: ${showDoc(spec)}`);
    }
  }
  const key = spec.get('key');
  if (key === undefined) throw new MongoError('FailedToParse', "The 'key' field is a required property of an index specification");
  if (!(key instanceof Doc)) throw typeError('key', key, 'object');
  checkPattern(key, spec);
  const name = spec.get('name');
  if (name === undefined) throw new MongoError('FailedToParse', "The 'name' field is a required property of an index specification");
  if (typeof name !== 'string') throw typeError('name', name, 'string');
  if (name === '') throw cannot('index name cannot be empty');
  if (name === '*') throw new MongoError('BadValue', "The index name '*' is not valid.");
  if (name.includes('\0')) throw cannot('index name cannot contain NUL bytes');
  const isId = key.size === 1 && isNumeric(key.get('_id'));
  if (name === '_id_' && !isId) throw new MongoError('BadValue', `The index name '_id_' is reserved for the _id index, which must have key pattern {_id: 1}, found key: ${showDoc(key)}`);
  checkVersion(spec.get('v'));
  const collationDoc = spec.get('collation');
  if (collationDoc !== undefined && !(collationDoc instanceof Doc)) throw typeError('collation', collationDoc, 'object');
  if (collationDoc?.size === 0) throw new MongoError('BadValue', "The field 'collation' cannot be an empty object.");
  const collation = readCollation(collationDoc, collection);
  const partial = readPartial(spec.get('partialFilterExpression'), collection, collation?.collation);
  const expireAfterSeconds = readTtl(spec.get('expireAfterSeconds'), key);
  const unique = flag(spec, 'unique');
  const sparse = flag(spec, 'sparse');
  const hidden = spec.get('hidden') ?? false;
  if (typeof hidden !== 'boolean') throw typeError('hidden', hidden, 'bool');
  const wildcard = readWildcard(key, spec);
  if (sparse && partial) throw cannot('cannot mix "partialFilterExpression" and "sparse" options');
  const clustered = flag(spec, 'clustered');
  if (clustered && !(isId && collection?.clustered)) throw cannot(`A clustered index is made with its collection, by 'create'. Index spec: ${showDoc(key)}`);
  if (isId && !clustered) checkIdIndex(spec, key);
  const shown = new Doc([['v', int32(2)], ['key', key], ['name', isId ? '_id_' : name]]);
  for (const option of ['unique', 'hidden', 'prepareUnique'] as const) if (flag(spec, option)) shown.set(option, true);
  for (const option of ['sparse', 'background'] as const) if (spec.has(option)) shown.set(option, flag(spec, option));
  if (partial) shown.set('partialFilterExpression', partial.query);
  if (expireAfterSeconds !== undefined) shown.set('expireAfterSeconds', int32(expireAfterSeconds));
  if (collation) shown.set('collation', collation.options);
  if (wildcard && spec.has('wildcardProjection')) shown.set('wildcardProjection', spec.get('wildcardProjection') as Value);
  return { name: isId ? '_id_' : name, pattern: key, unique: unique || isId, ...(flag(spec, 'prepareUnique') ? { prepareUnique: true } : {}), sparse, hidden, partial, collation, expireAfterSeconds, wildcard, shown };
}

function typeError(field: string, value: Value, expected: string): MongoError {
  return new MongoError('TypeMismatch', `The field '${field}' must be of type ${expected}, but got ${typeName(value)}`);
}

function flag(spec: Doc, name: string): boolean {
  const value = spec.get(name);
  if (value === undefined) return false;
  if (typeof value === 'boolean') return value;
  if (isNumeric(value)) return toDouble(value) !== 0;
  throw new MongoError('TypeMismatch', `The field '${name}' has value ${name}: ${showValue(value)}, which is not convertible to bool`);
}

function checkVersion(version: Value | undefined): void {
  if (version === undefined) return;
  if (!isNumeric(version)) throw typeError('v', version, 'number');
  const number = toDouble(version);
  if (!Number.isInteger(number)) throw new MongoError('BadValue', `Index version must be representable as a 32-bit integer, but got ${showValue(version)}`);
  if (number !== 1 && number !== 2) throw cannot(`Invalid index specification; cannot create an index with v=${number}`);
}

function checkIdIndex(spec: Doc, key: Doc): void {
  if (toDouble(key.get('_id') as never) < 0) throw new MongoError('BadValue', `The field 'key' for an _id index must be {_id: 1}, but got ${showDoc(key)}`);
  for (const option of ['sparse', 'hidden', 'partialFilterExpression', 'expireAfterSeconds', 'unique']) {
    if (spec.has(option)) {
      throw new MongoError('InvalidIndexSpecificationOption', `The field '${option}' is not valid for an _id index specification. Specification: ${showDoc(spec)}`);
    }
  }
}

function readCollation(doc: Doc | undefined, collection: Collection | undefined): IndexSpec['collation'] {
  if (!doc) return collection?.collation;
  const collation = parseCollation(doc);
  return collation && { options: fullCollation(doc), collation };
}

/** A collation with all its options, as the catalog shows it. */
export function fullCollation(doc: Doc): Doc {
  const given = (name: string, otherwise: Value): Value => doc.get(name) ?? otherwise;
  return Doc.of({
    locale: given('locale', 'simple'), caseLevel: given('caseLevel', false), caseFirst: given('caseFirst', 'off'), strength: given('strength', int32(3)),
    numericOrdering: given('numericOrdering', false), alternate: given('alternate', 'non-ignorable'), maxVariable: given('maxVariable', 'punct'),
    normalization: given('normalization', false), backwards: given('backwards', false), version: collationVersion,
  });
}

const partialOperators = new Set(['eq', 'gt', 'gte', 'lt', 'lte', 'in', 'exists', 'type']);

/** The filter compares texts as the index does. */
function readPartial(query: Value | undefined, collection: Collection | undefined, collation: QueryContext['collation']): IndexSpec['partial'] {
  if (query === undefined) return undefined;
  if (!(query instanceof Doc)) throw typeError('partialFilterExpression', query, 'object');
  if (query.has('$text')) throw new MongoError('BadValue', 'Expression not supported in partial index: $text');
  const filter = parseFilter(query, { ...operationContext({ collection }), collation });
  checkPartial(filter.tree);
  return { query, filter };
}

function checkPartial(node: ReturnType<typeof parseFilter>['tree']): void {
  if (node.kind === 'and' || node.kind === 'or') return node.children.forEach(checkPartial);
  if (node.kind === 'path' && partialOperators.has(node.predicate.op)) return;
  if (node.kind === 'expr') throw new MongoError('QueryFeatureNotAllowed', '$expr is not allowed in this context');
  throw cannot('Expression not supported in partial index');
}

function readTtl(value: Value | undefined, pattern: Doc): number | undefined {
  if (value === undefined) return undefined;
  if (!isNumeric(value) || Number.isNaN(toDouble(value))) throw cannot(`TTL index 'expireAfterSeconds' option must be numeric, but received a type of '${typeName(value)}'. Index spec: ${showDoc(pattern)}`);
  const seconds = toDouble(value);
  if (seconds < 0) throw cannot(`TTL index 'expireAfterSeconds' option cannot be less than 0. Index spec: ${showDoc(pattern)}`);
  if (seconds > 0x7fffffff) throw cannot(`TTL index 'expireAfterSeconds' option must be within an acceptable range, try a lower number. Index spec: ${showDoc(pattern)}`);
  if (pattern.size > 1) throw cannot(`TTL indexes are single-field indexes, compound indexes do not support TTL. Index spec: ${showDoc(pattern)}`);
  return Math.trunc(seconds);
}
