import { toDouble } from './bson/number.ts';
import { showDoc } from './bson/show.ts';
import { Doc, isNumeric, typeName, type Value } from './bson/value.ts';
import { MongoError } from './errors.ts';
import { operationContext } from './operation.ts';
import { parseProjection } from './query/projection.ts';
import { isWildcard } from './storage/index-spec.ts';
import { isCovered, type WildcardScope } from './storage/wildcard.ts';

const notSupported = new Set(['text', '2d', '2dsphere', 'geoHaystack']);
const textOptions = ['weights', 'default_language', 'language_override', 'textIndexVersion'];

const cannot = (message: string): MongoError => new MongoError('CannotCreateIndex', message);

/** Checks a key pattern, and the options that belong to a kind of index. @throws MongoError where something is wrong */
export function checkPattern(pattern: Doc, spec: Doc): void {
  if (pattern.size === 0) throw cannot('Index keys cannot be an empty object');
  if (pattern.size > 32) throw new MongoError(13103, 'too many compound keys');
  for (const [name, value] of pattern) checkField(name, value);
  const hashed = [...pattern.values()].filter((value) => value === 'hashed').length;
  if (hashed > 1) throw new MongoError(31303, `A maximum of one index field is allowed to be hashed but found ${hashed} for 'key' ${showDoc(pattern)}`);
  if (hashed === 1 && spec.get('unique') === true) throw new MongoError(16764, 'Currently hashed indexes cannot guarantee uniqueness. Use a regular index.');
  const wildcards = [...pattern.keys()].filter(isWildcard).length;
  if (wildcards > 1) throw new MongoError(7246201, 'A compound wildcard index can only have one wildcard field');
  for (const option of textOptions) if (spec.has(option)) throw cannot(`The field '${option}' is only valid for a text index: ${showDoc(spec)}`);
}

function checkField(name: string, value: Value): void {
  if (name === '') throw cannot('Index keys cannot be an empty field.');
  const wildcard = name.includes('$**');
  if (typeof value === 'string') {
    if (notSupported.has(value) && (!wildcard || value === 'text')) throw new MongoError('NotImplemented', `${value} indexes are not supported by this server`);
    if (value === 'wildcard' && !wildcard) throw new MongoError(7246202, "The key type 'wildcard' is only for fields that end with $**");
    if (value !== 'hashed' || wildcard) throw cannot(wildcard ? `A wildcard field must be a number, not '${value}'` : `Unknown index plugin '${value}'`);
  } else if (!isNumeric(value)) {
    throw cannot(`Values in v:2 index key pattern cannot be of type ${typeName(value)}. Only numbers > 0, numbers < 0, and strings are allowed.`);
  } else {
    const direction = toDouble(value);
    if (Number.isNaN(direction)) throw cannot('Values in the index key pattern cannot be NaN.');
    if (direction === 0) throw cannot('Values in the index key pattern cannot be 0.');
  }
  const parts = (isWildcard(name) ? name.slice(0, -3).replace(/\.$/, '') : name).split('.');
  if (name !== '$**' && parts.includes('')) throw cannot('Index keys cannot contain an empty field.');
  if (parts.some((part) => part.startsWith('$') && !['$ref', '$id', '$db'].includes(part))) throw cannot("Index key contains an illegal field name: field name starts with '$'.");
}

/** What a wildcard index is over; undefined where it is none. @throws MongoError where the options are not for it */
export function readWildcard(pattern: Doc, spec: Doc): WildcardScope | undefined {
  const at = [...pattern.keys()].findIndex(isWildcard);
  const projection = spec.get('wildcardProjection');
  if (projection !== undefined && !(projection instanceof Doc)) throw new MongoError('TypeMismatch', `The field 'wildcardProjection' must be a non-empty object, but got ${typeName(projection)}`);
  if (at === -1) {
    if (projection) throw new MongoError('BadValue', `The field 'wildcardProjection' is only allowed in an 'wildcard' index. Spec: ${showDoc(spec)}`);
    return undefined;
  }
  const [name, direction] = [...pattern][at] as [string, Value];
  for (const option of ['unique', 'sparse'] as const) if (spec.get(option) === true) throw cannot(`Index type 'wildcard' does not support the ${option} option`);
  if (spec.has('expireAfterSeconds')) throw cannot("Index type 'wildcard' cannot be a TTL index");
  const version = spec.get('v');
  if (isNumeric(version) && toDouble(version) < 2) throw cannot(`Invalid index specification; cannot create a wildcard index with v=${toDouble(version)}`);
  const below = name === '$**' ? undefined : name.slice(0, -4);
  if (projection && below !== undefined) throw new MongoError('FailedToParse', `The field 'wildcardProjection' is only allowed when 'key' is {"$**": ±1}. Spec: ${showDoc(spec)}`);
  const scope = { at, descending: isNumeric(direction) && toDouble(direction) < 0, below, ...(projection ? readProjection(projection) : { paths: [], inclusive: false, withId: false }) };
  const overlapping = [...pattern.keys()].some((other) => !isWildcard(other) && isCovered(scope, other));
  if (overlapping) throw projection ? new MongoError(7246209, 'A compound wildcard index must exclude its other fields from the wildcard') : cannot('A compound wildcard index needs a wildcardProjection that excludes its other fields');
  return scope;
}

function readProjection(projection: Doc): Pick<WildcardScope, 'paths' | 'inclusive' | 'withId'> {
  if (projection.size === 0) throw new MongoError('FailedToParse', "The 'wildcardProjection' field can't be an empty object");
  const named = new Map<string, boolean>();
  flatten(projection, '', named);
  const paths = [...named.keys()];
  const inside = paths.find((path, at) => paths.slice(0, at).some((before) => path.startsWith(`${before}.`)));
  if (inside !== undefined) throw new MongoError(31249, `Path collision at ${inside}`);
  parseProjection(projection, operationContext({}), { find: false });
  const withId = named.get('_id') ?? false;
  const others = [...named].filter(([path]) => path !== '_id');
  const inclusive = others[0]?.[1] ?? withId;
  return { paths: others.map(([path]) => path), inclusive, withId };
}

function flatten(projection: Doc, above: string, named: Map<string, boolean>): void {
  for (const [name, value] of projection) {
    const path = above === '' ? name : `${above}.${name}`;
    if (typeof value === 'boolean' || isNumeric(value)) named.set(path, typeof value === 'boolean' ? value : toDouble(value) !== 0);
    else if (value instanceof Doc && value.size > 0 && ![...value.keys()].some((key) => key.startsWith('$'))) flatten(value, path, named);
    else throw new MongoError(51271, `Bad projection specification, cannot use computed fields when parsing a spec in kBanComputedFields mode: ${showDoc(projection)}`);
  }
}
