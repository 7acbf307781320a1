import { Doc, type Value } from './bson/value.ts';
import type { Collection } from './storage/collection.ts';
import type { View } from './storage/store.ts';

/** What an operation counts as. */
export type UsageKind = 'reads' | 'writes' | 'commands' | 'transactions';

interface Counted {
  ops: number;
  /** Together, in microseconds. */
  micros: number;
  /** How many took less than a power of two of microseconds, at its exponent. */
  histogram: number[];
}

const kinds = ['reads', 'writes', 'commands', 'transactions'] as const;
const none = (): Counted => ({ ops: 0, micros: 0, histogram: Array.from({ length: 40 }, () => 0) });

/** How often collections and views were used, and how long it took: what `$collStats` says of latency. It goes with what was used. */
export class Usage {
  readonly #all = new WeakMap<Collection | View, Record<UsageKind, Counted>>();

  /** @param ms how long it took */
  count(used: Collection | View, kind: UsageKind, ms: number): void {
    let all = this.#all.get(used);
    if (!all) this.#all.set(used, (all = { reads: none(), writes: none(), commands: none(), transactions: none() }));
    const counted = all[kind];
    const micros = Math.round(ms * 1000);
    counted.ops++;
    counted.micros += micros;
    const bucket = Math.ceil(Math.log2(micros + 1));
    counted.histogram[bucket] = (counted.histogram[bucket] ?? 0) + 1;
  }

  /** As `$collStats` shows it. https://www.mongodb.com/docs/manual/reference/operator/aggregation/collStats/#latencystats-document */
  show(used: Collection | View | undefined, histograms: boolean): Doc {
    const all = used && this.#all.get(used);
    return Doc.of(kinds.map((kind): readonly [string, Value] => {
      const { ops, micros, histogram } = all?.[kind] ?? none();
      const bars = histogram.flatMap((count, bucket) => (count === 0 ? [] : [Doc.of({ micros: bucket === 0 ? 0n : 2n ** BigInt(bucket - 1), count: BigInt(count) })]));
      return [kind, Doc.of({ ...(histograms ? { histogram: bars } : {}), latency: BigInt(micros), ops: BigInt(ops) })];
    }));
  }
}
