import { MongoError } from '../errors.ts';
import { decodeValue } from '../bson/decode.ts';
import { findElement, nameBytes, type RawElement } from '../bson/raw.ts';
import { bsonType, Doc, type Maybe, type Value } from '../bson/value.ts';

/** A dotted path, split once. */
export interface Path {
  readonly text: string;
  readonly parts: readonly string[];
  /** The parts as bytes, to look for in raw documents. */
  readonly names: readonly Buffer[];
  readonly firstName: Buffer;
}

/** Paths parsed before: the same come with every query, and nothing changes one. */
const parsed = new Map<string, Path>();
const mostParsed = 1000;
const longestParsed = 100;

/** @throws MongoError where it holds a NUL */
export function parsePath(text: string): Path {
  const before = parsed.get(text);
  if (before) return before;
  const path = splitPath(text);
  if (text.length > longestParsed) return path;
  if (parsed.size >= mostParsed) parsed.clear();
  parsed.set(text, path);
  return path;
}

function splitPath(text: string): Path {
  if (text.includes('\0')) throw new MongoError('BadValue', 'Path must not contain null bytes');
  const parts = text.split('.');
  const names = parts.map(nameBytes);
  return { text, parts, names, firstName: names[0] as Buffer };
}

export const isIndex = (part: string): boolean => /^(0|[1-9]\d*)$/.test(part);

/** Called with each value a path leads to, and the index in the first array on the way; true ends the walk. */
export type Visit = (value: Maybe, index: number | undefined) => boolean;

const found: RawElement = { type: 0, nameStart: 0, nameEnd: 0, start: 0, end: 0 };

/** The value of a path's first part in a raw document; nothing else of it is decoded. */
export function firstValue(bytes: Buffer, path: Path): Maybe {
  return findElement(bytes, 0, path.firstName, found) ? decodeValue(found.type, bytes, found.start) : undefined;
}

/** What becomes of an array at a path's end: its items are visited before it, unless `whole`; `named` where an index names it too. */
type Ending = 'whole' | 'items' | 'named items';

/**
 * Visits the values that a path leads to: arrays on the way are entered (one level, or by index).
 * With `leaves`, an array at the end is visited item by item, then as a whole.
 * @param value the value of the path's first part
 */
export function walkPath(value: Maybe, path: Path, leaves: boolean, visit: Visit): boolean {
  return walk(value, path.parts, 1, leaves ? 'named items' : 'whole', undefined, visit);
}

/** The same as a query's conditions see it: what a path ends in by its index, `a.0`, is meant as it is. */
export function matchPath(doc: Doc, path: Path, leaves: boolean, visit: Visit): boolean {
  return walk(doc.get(path.parts[0] as string), path.parts, 1, leaves ? 'items' : 'whole', undefined, visit);
}

/** The same in a raw document: embedded documents on the way are scanned, and only what the path ends in is decoded. */
export function matchRawPath(bytes: Buffer, path: Path, leaves: boolean, visit: Visit): boolean {
  const { names, parts } = path;
  let offset = 0;
  for (let at = 0; at < names.length; at++) {
    if (!findElement(bytes, offset, names[at] as Buffer, found)) break;
    if (found.type !== bsonType.object || at + 1 === names.length) {
      return walk(decodeValue(found.type, bytes, found.start), parts, at + 1, leaves ? 'items' : 'whole', undefined, visit);
    }
    offset = found.start;
  }
  return visit(undefined, undefined);
}

function walk(value: Maybe, parts: readonly string[], at: number, ending: Ending, index: number | undefined, visit: Visit): boolean {
  if (at === parts.length) return leaf(value, ending, index, visit);
  const part = parts[at] as string;
  if (value instanceof Doc) return walk(value.get(part), parts, at + 1, ending, index, visit);
  if (!Array.isArray(value)) return visit(undefined, index);
  for (let item = 0; item < value.length; item++) {
    const child = value[item] as Value;
    if (child instanceof Doc && walk(child.get(part), parts, at + 1, ending, index ?? item, visit)) return true;
  }
  if (!isIndex(part)) return false;
  const item = value[Number(part)];
  if (item === undefined) return false;
  if (at + 1 === parts.length) return ending === 'items' ? visit(item, index) : leaf(item, ending, index, visit);
  return (item instanceof Doc || Array.isArray(item)) && walk(item, parts, at + 1, ending, index, visit);
}

function leaf(value: Maybe, ending: Ending, index: number | undefined, visit: Visit): boolean {
  if (ending !== 'whole' && Array.isArray(value)) {
    for (let item = 0; item < value.length; item++) {
      if (visit(value[item], index ?? item)) return true;
    }
  }
  return visit(value, index);
}

/** All values of a path, arrays spread: what an index holds, what `distinct` lists. Missing is undefined. */
export function valuesAt(doc: Doc, path: Path): Maybe[] {
  const values: Maybe[] = [];
  walkPath(doc.get(path.parts[0] as string), path, true, (value) => {
    values.push(value);
    return false;
  });
  return values;
}
