import { MongoError } from '../errors.ts';
import { decodeValue } from '../bson/decode.ts';
import { findElement, nameBytes, type RawElement } from '../bson/raw.ts';
import { Doc, type Maybe, type Value } from '../bson/value.ts';

/** A dotted path, split once. */
export interface Path {
  readonly text: string;
  readonly parts: readonly string[];
  readonly firstName: Buffer;
}

/** @throws MongoError where it holds a NUL */
export function parsePath(text: string): Path {
  if (text.includes('\0')) throw new MongoError('BadValue', 'Path must not contain null bytes');
  const parts = text.split('.');
  return { text, parts, firstName: nameBytes(parts[0] as string) };
}

export const isIndex = (part: string): boolean => /^(0|[1-9]\d*)$/.test(part);

/** Called with each value a path leads to, and the index in the first array on the way; true ends the walk. */
export type Visit = (value: Maybe, index: number | undefined) => boolean;

const found: RawElement = { type: 0, nameStart: 0, nameEnd: 0, start: 0, end: 0 };

/** The value of a path's first part in a raw document; nothing else of it is decoded. */
export function firstValue(bytes: Buffer, path: Path): Maybe {
  return findElement(bytes, 0, path.firstName, found) ? decodeValue(found.type, bytes, found.start) : undefined;
}

/**
 * Visits the values that a path leads to, as a query sees them: arrays on the way are entered (one level, or by index).
 * With `leaves`, an array at the end is visited item by item, then as a whole.
 * @param value the value of the path's first part
 */
export function walkPath(value: Maybe, path: Path, leaves: boolean, visit: Visit): boolean {
  return walk(value, path.parts, 1, leaves, undefined, visit);
}

function walk(value: Maybe, parts: readonly string[], at: number, leaves: boolean, index: number | undefined, visit: Visit): boolean {
  if (at === parts.length) return leaf(value, leaves, index, visit);
  const part = parts[at] as string;
  if (value instanceof Doc) return walk(value.get(part), parts, at + 1, leaves, index, visit);
  if (!Array.isArray(value)) return visit(undefined, index);
  for (let item = 0; item < value.length; item++) {
    const child = value[item] as Value;
    if (child instanceof Doc && walk(child.get(part), parts, at + 1, leaves, index ?? item, visit)) return true;
  }
  if (!isIndex(part)) return false;
  const item = Number(part);
  return item < value.length && walk(value[item], parts, at + 1, leaves, index, visit);
}

function leaf(value: Maybe, leaves: boolean, index: number | undefined, visit: Visit): boolean {
  if (leaves && Array.isArray(value)) {
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
