import { Doc, type Maybe, type Value } from './bson/value.ts';

/** A copy with a value set at a path; what is no document on the way becomes one, and arrays are entered. */
export function setNested(value: Maybe, parts: readonly string[], item: Value): Value {
  const [first, ...rest] = parts;
  if (first === undefined) return item;
  if (Array.isArray(value)) return value.map((one) => setNested(one, parts, item));
  const copy = value instanceof Doc ? new Doc(value) : new Doc();
  copy.set(first, setNested(copy.get(first), rest, item));
  return copy;
}
