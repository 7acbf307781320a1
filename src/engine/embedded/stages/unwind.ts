import { Doc, typeName, type Maybe, type Value } from '../bson/value.ts';
import { MongoError } from '../errors.ts';
import { splitPath } from '../field-path.ts';
import type { StageDefinition } from '../pipeline.ts';

export const stage: StageDefinition = {
  parse(argument) {
    const { path, index, preserve } = readOptions(argument);
    if (path.includes('\0')) throw new MongoError(16419, 'field path must not contain embedded null characters');
    const parts = splitPath(path.slice(1));
    return { run: (input) => unwound(input, parts, index, preserve) };
  },
};

function* unwound(input: Iterable<Doc>, parts: readonly string[], index: string | undefined, preserve: boolean): Iterable<Doc> {
  for (const doc of input) {
    const value = plainValue(doc, parts);
    if (Array.isArray(value) && value.length > 0) {
      for (let at = 0; at < value.length; at++) yield withIndex(withValue(doc, parts, value[at]) as Doc, index, BigInt(at));
    } else if (value !== undefined && value !== null && !Array.isArray(value)) {
      yield withIndex(doc, index, null);
    } else if (preserve) {
      yield withIndex(Array.isArray(value) ? (withValue(doc, parts, undefined) as Doc) : doc, index, null);
    }
  }
}

function readOptions(argument: Value): { path: string; index: string | undefined; preserve: boolean } {
  const options = argument instanceof Doc ? argument : Doc.of({ path: argument });
  if (!(argument instanceof Doc) && typeof argument !== 'string') throw new MongoError(15981, `expected either a string or an object as specification for $unwind stage, got ${typeName(argument)}`);
  for (const name of options.keys()) if (!['path', 'includeArrayIndex', 'preserveNullAndEmptyArrays'].includes(name)) throw new MongoError(28811, `unrecognized option to $unwind stage: ${name}`);
  const [path, index, preserve] = [options.get('path'), options.get('includeArrayIndex'), options.get('preserveNullAndEmptyArrays')];
  if (path === undefined || path === '') throw new MongoError(28812, 'no path specified to $unwind stage');
  if (typeof path !== 'string') throw new MongoError(28808, `expected a string as the path for $unwind stage, got ${typeName(path)}`);
  if (!path.startsWith('$')) throw new MongoError(28818, `path option to $unwind stage should be prefixed with a '$': ${path}`);
  if (index !== undefined && (typeof index !== 'string' || index === '')) throw new MongoError(28810, `expected a non-empty string for the includeArrayIndex option to $unwind stage, got ${typeName(index)}`);
  if (typeof index === 'string' && index.startsWith('$')) throw new MongoError(28822, `includeArrayIndex option to $unwind stage should not be prefixed with a '$': ${index}`);
  if (typeof index === 'string') splitPath(index);
  if (preserve !== undefined && typeof preserve !== 'boolean') throw new MongoError(28809, `expected a boolean for the preserveNullAndEmptyArrays option to $unwind stage, got ${typeName(preserve)}`);
  return { path, index: index as string | undefined, preserve: preserve === true };
}

/** What a path leads to through documents alone. */
function plainValue(doc: Doc, parts: readonly string[]): Maybe {
  let value: Maybe = doc;
  for (const part of parts) value = value instanceof Doc ? value.get(part) : undefined;
  return value;
}

function withValue(value: Maybe, parts: readonly string[], item: Maybe): Maybe {
  const [first, ...rest] = parts;
  if (first === undefined) return item;
  if (!(value instanceof Doc)) return value;
  const copy = new Doc(value);
  const inner = withValue(copy.get(first), rest, item);
  if (inner === undefined) copy.delete(first);
  else copy.set(first, inner);
  return copy;
}

function withIndex(doc: Doc, path: string | undefined, index: Value): Doc {
  if (path === undefined) return doc;
  return withNested(doc, path.split('.'), index);
}

function withNested(doc: Doc, parts: readonly string[], item: Value): Doc {
  const [first = '', ...rest] = parts;
  const copy = new Doc(doc);
  const inner = copy.get(first);
  copy.set(first, rest.length === 0 ? item : withNested(inner instanceof Doc ? inner : new Doc(), rest, item));
  return copy;
}
