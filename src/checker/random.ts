import { ObjectId } from '../wire/bson.ts';
import type { Random } from './types.ts';

/** Random data of a seed, mixed with a name so that each check has data of its own: the same pair gives the same data. */
export function createRandom(seed: number, name: string): Random {
  let state = seed >>> 0;
  for (const char of name) state = Math.imul(state ^ char.charCodeAt(0), 0x9e3779b1) >>> 0;
  /** Mulberry32: small, well mixed, the same everywhere. */
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const int = (min: number, max: number): number => min + Math.floor(next() * (max - min + 1));
  const pick = <T>(items: readonly T[]): T => {
    if (items.length === 0) throw new RangeError('nothing to pick from');
    return items[int(0, items.length - 1)] as T;
  };
  const word = (): string => {
    let text = '';
    const length = int(5, 9);
    while (text.length < length) text += text.length % 2 === 0 ? pick([...'bcdfgklmnprstvz']) : pick([...'aeiou']);
    return text;
  };
  const hex = (count: number): string => Array.from({ length: count }, () => int(0, 15).toString(16)).join('');
  return {
    seed, int, pick, word, hex,
    words: (count) => Array.from({ length: count }, word).join(' '),
    shuffle: (items) => {
      const result = [...items];
      for (let index = result.length - 1; index > 0; index--) {
        const other = int(0, index);
        [result[index], result[other]] = [result[other] as (typeof result)[number], result[index] as (typeof result)[number]];
      }
      return result;
    },
    date: () => new Date(Date.UTC(2026, 0, 1) - int(0, 365 * 24 * 3600) * 1000 - int(0, 999)),
    objectId: () => new ObjectId(hex(24)),
  };
}
