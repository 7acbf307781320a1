import { anything, bool, integer, object, text, type ArgumentFields } from './arguments.ts';
import { compareValues } from './bson/compare.ts';
import { int32 } from './bson/decode.ts';
import { toDouble } from './bson/number.ts';
import { showDoc, showValue } from './bson/show.ts';
import { Doc, isNumeric, typeName, type Value } from './bson/value.ts';
import { MongoError } from './errors.ts';
import { operationContext, parseCollation } from './operation.ts';
import { parseFilter } from './query/filter.ts';
import type { Collection } from './storage/collection.ts';
import type { IndexSpec } from './storage/index-spec.ts';

/** The fields of an index specification: https://www.mongodb.com/docs/manual/reference/command/createIndexes/ */
const fields: ArgumentFields = {
  key: object, name: text, unique: bool, sparse: bool, hidden: bool, background: bool, v: integer(), partialFilterExpression: object,
  collation: object, expireAfterSeconds: anything, storageEngine: object, ns: text, dropDups: bool, prepareUnique: bool, clustered: bool,
  weights: anything, default_language: text, language_override: text, textIndexVersion: integer(), '2dsphereIndexVersion': integer(),
  bits: integer(), min: anything, max: anything, bucketSize: anything, wildcardProjection: object, originalSpec: object, finestIndexedLevel: anything,
  coarsestIndexedLevel: anything,
};

const special = new Set(['text', '2d', '2dsphere', 'hashed', 'geoHaystack']);

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
  checkPattern(key);
  const name = spec.get('name');
  if (name === undefined) throw new MongoError('FailedToParse', "The 'name' field is a required property of an index specification");
  if (typeof name !== 'string') throw typeError('name', name, 'string');
  if (name === '') throw cannot('index name cannot be empty');
  if (name === '*') throw new MongoError('BadValue', "The index name '*' is not valid.");
  if (name.includes('\0')) throw cannot('index name cannot contain NUL bytes');
  const isId = key.size === 1 && key.has('_id');
  checkVersion(spec.get('v'));
  const collationDoc = spec.get('collation');
  if (collationDoc !== undefined && !(collationDoc instanceof Doc)) throw typeError('collation', collationDoc, 'object');
  if (collationDoc?.size === 0) throw new MongoError('BadValue', "The field 'collation' cannot be an empty object.");
  const collation = readCollation(collationDoc, collection);
  const partial = readPartial(spec.get('partialFilterExpression'), collection);
  const expireAfterSeconds = readTtl(spec.get('expireAfterSeconds'), key);
  const unique = flag(spec, 'unique');
  const sparse = flag(spec, 'sparse');
  const hidden = flag(spec, 'hidden');
  if (sparse && partial) throw cannot('cannot mix "partialFilterExpression" and "sparse" options');
  if (isId) checkIdIndex(spec, key);
  const shown = new Doc([['v', int32(2)], ['key', key], ['name', isId ? '_id_' : name]]);
  for (const option of ['unique', 'sparse', 'hidden', 'background'] as const) if (spec.has(option) && flag(spec, option)) shown.set(option, true);
  if (partial) shown.set('partialFilterExpression', partial.query);
  if (expireAfterSeconds !== undefined) shown.set('expireAfterSeconds', int32(expireAfterSeconds));
  if (collation) shown.set('collation', collation.options);
  return { name: isId ? '_id_' : name, pattern: key, unique: unique || isId, sparse, hidden, partial, collation, expireAfterSeconds, shown };
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

function checkPattern(pattern: Doc): void {
  if (pattern.size === 0) throw cannot('Index keys cannot be an empty object');
  if (pattern.size > 32) throw new MongoError(13103, 'too many compound keys');
  for (const [name, value] of pattern) {
    if (name === '') throw cannot('Index keys cannot be an empty field.');
    if (name.startsWith('$**') || name.endsWith('.$**')) throw new MongoError('NotImplemented', 'wildcard indexes are not supported by this server');
    const parts = name.split('.');
    if (parts.includes('')) throw cannot('Index keys cannot contain an empty field.');
    if (parts.some((part) => part.startsWith('$') && !['$ref', '$id', '$db'].includes(part))) throw cannot("Index key contains an illegal field name: field name starts with '$'.");
    if (typeof value === 'string') {
      if (special.has(value)) throw new MongoError('NotImplemented', `${value} indexes are not supported by this server`);
      throw cannot(`Unknown index plugin '${value}'`);
    }
    if (!isNumeric(value)) {
      throw cannot(`Values in v:2 index key pattern cannot be of type ${typeName(value)}. Only numbers > 0, numbers < 0, and strings are allowed.`);
    }
    const direction = toDouble(value);
    if (Number.isNaN(direction)) throw cannot('Values in the index key pattern cannot be NaN.');
    if (direction === 0) throw cannot('Values in the index key pattern cannot be 0.');
  }
}

function checkVersion(version: Value | undefined): void {
  if (version === undefined) return;
  if (!isNumeric(version)) throw typeError('v', version, 'number');
  const number = toDouble(version);
  if (!Number.isInteger(number)) throw new MongoError('BadValue', `Index version must be representable as a 32-bit integer, but got ${showValue(version)}`);
  if (number !== 1 && number !== 2) throw cannot(`Invalid index specification; cannot create an index with v=${number}`);
}

function checkIdIndex(spec: Doc, key: Doc): void {
  if (compareValues(key.get('_id') as Value, int32(1)) !== 0 && toDouble(key.get('_id') as never) === -1) return;
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
    normalization: given('normalization', false), backwards: given('backwards', false), version: '57.1',
  });
}

const partialOperators = new Set(['eq', 'gt', 'gte', 'lt', 'lte', 'in', 'exists', 'type']);

function readPartial(query: Value | undefined, collection: Collection | undefined): IndexSpec['partial'] {
  if (query === undefined) return undefined;
  if (!(query instanceof Doc)) throw typeError('partialFilterExpression', query, 'object');
  const filter = parseFilter(query, operationContext({ collection }));
  checkPartial(filter.tree);
  return { query, filter };
}

function checkPartial(node: ReturnType<typeof parseFilter>['tree']): void {
  if (node.kind === 'and' || node.kind === 'or') return node.children.forEach(checkPartial);
  if (node.kind === 'path' && partialOperators.has(node.predicate.op)) return;
  throw cannot('Expression not supported in partial index');
}

function readTtl(value: Value | undefined, pattern: Doc): number | undefined {
  if (value === undefined) return undefined;
  if (!isNumeric(value)) throw typeError('expireAfterSeconds', value, 'number');
  const seconds = toDouble(value);
  if (seconds < 0) throw cannot(`TTL index 'expireAfterSeconds' option cannot be less than 0. Index spec: ${showDoc(pattern)}`);
  if (seconds > 0x7fffffff) throw cannot(`TTL index 'expireAfterSeconds' option must be within an acceptable range, try a lower number. Index spec: ${showDoc(pattern)}`);
  if (pattern.size > 1) throw cannot(`TTL indexes are single-field indexes, compound indexes do not support TTL. Index spec: ${showDoc(pattern)}`);
  return Number.isNaN(seconds) ? 0x7fffffff : Math.trunc(seconds);
}
