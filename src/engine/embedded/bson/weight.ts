import { Binary, Doc, type Value } from './value.ts';

/** Weights from here on are kept: what holds one value many times over is not looked through as often. */
const keptFrom = 1024;
const kept = new WeakMap<object, number>();

/** About how many bytes of memory a value takes: what limits on memory count. What a value holds twice counts twice. */
export function weightOf(value: Value): number {
  if (typeof value === 'string') return 16 + value.length;
  if (value instanceof Binary) return 16 + value.bytes.length;
  if (!Array.isArray(value) && !(value instanceof Doc)) return 16;
  const known = kept.get(value);
  if (known !== undefined) return known;
  let weight = 16;
  if (Array.isArray(value)) for (const item of value) weight += weightOf(item);
  else for (const [name, item] of value) weight += name.length + weightOf(item);
  if (weight >= keptFrom) kept.set(value, weight);
  return weight;
}
