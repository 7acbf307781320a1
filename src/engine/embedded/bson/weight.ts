import { Binary, Doc, type Value } from './value.ts';

/** About how many bytes of memory a value takes: what limits on memory count. */
export function weightOf(value: Value): number {
  if (typeof value === 'string') return 16 + value.length;
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + weightOf(item), 16);
  if (value instanceof Binary) return 16 + value.bytes.length;
  if (!(value instanceof Doc)) return 16;
  let weight = 16;
  for (const [name, item] of value) weight += name.length + weightOf(item);
  return weight;
}
