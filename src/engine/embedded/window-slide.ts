import type { Maybe } from './bson/value.ts';
import type { Partition } from './window.ts';

/** What follows a frame along: documents come in at its end and go at its start. */
export interface Sliding {
  add(index: number): void;
  remove(index: number): void;
  result(): Maybe;
}

/** The results of a partition's documents; what went back begins anew. */
export function slide({ scopes, frame }: Partition, begin: () => Sliding): Maybe[] {
  let state = begin();
  let [from, to] = [0, 0];
  return scopes.map((_, index) => {
    const [low, high] = frame(index);
    if (low < from || high < to) {
      state = begin();
      from = to = low;
    }
    if (low > to) from = to = low;
    for (; to < high; to++) state.add(to);
    for (; from < low; from++) state.remove(from);
    return state.result();
  });
}
