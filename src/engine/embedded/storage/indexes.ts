import type { IndexSpec } from './index-spec.ts';
import type { DocumentKeys } from './index-keys.ts';
import { Index } from './index.ts';
import type { RecordId } from './ordered-keys.ts';
import { overhead, type Room } from './room.ts';
import { idSpec, type CollectionShape } from './shape.ts';

/** What becomes of one index where a document takes another's place. */
interface IndexChange {
  index: Index;
  added: DocumentKeys;
  removed: string[];
}

/** The indexes of a collection: what documents come and go in together. */
export class Indexes {
  /** On `_id`; of a clustered collection its order, which is not among those with names. */
  readonly id: Index;
  readonly #named = new Map<string, Index>();
  /** All, and those that are being built. */
  #maintained: Index[] = [];

  constructor(shape: CollectionShape, id = new Index(idSpec(shape))) {
    this.id = id;
    if (!shape.clustered) this.#named.set('_id_', id);
    this.#maintained.push(id);
  }

  get named(): ReadonlyMap<string, Index> {
    return this.#named;
  }

  /** About how many bytes of memory they take. */
  get weight(): number {
    let weight = 0;
    for (const index of this.#maintained) weight += index.weight;
    return weight;
  }

  /** A copy that changes apart from this one, without those that are being built. */
  fork(shape: CollectionShape): Indexes {
    const fork = new Indexes(shape, this.id.fork());
    for (const [name, index] of this.#named) if (index !== this.id) fork.#include(name, index.fork());
    return fork;
  }

  /** Adds one with a name, which was made apart. */
  #include(name: string, index: Index): void {
    this.#named.set(name, index);
    this.#maintained.push(index);
  }

  /**
   * The keys of a new document in each; nothing is changed yet.
   * @throws StorageError duplicate-key, parallel-arrays, full
   */
  keysOf(document: Buffer, room: Room): DocumentKeys[] {
    const all: DocumentKeys[] = [];
    let weight = document.length + overhead.document;
    for (const index of this.#maintained) {
      const keys = index.keysOf(document);
      for (const key of keys.keys) weight += key.length + overhead.entry;
      room.check(weight);
      index.checkUnique(document, keys.keys, undefined);
      all.push(keys);
    }
    return all;
  }

  /** Adds a record by its keys in each. */
  add(keys: readonly DocumentKeys[], id: RecordId): void {
    let at = 0;
    for (const index of this.#maintained) index.add(keys[at++] as DocumentKeys, id);
  }

  /**
   * What changes where a document takes another's place that has the same `_id`; nothing is changed yet.
   * @throws StorageError as `keysOf` does
   */
  changesOf(before: Buffer, document: Buffer, id: RecordId, room: Room): IndexChange[] {
    const changes: IndexChange[] = [];
    let weight = document.length - before.length;
    if (weight > 0) room.check(weight);
    for (const index of this.#maintained) {
      // The key of its `_id` stays.
      if (index === this.id) continue;
      const old = index.keysOf(before).keys;
      const added = index.keysOf(document);
      for (const key of added.keys) weight += key.length + overhead.entry;
      for (const key of old) weight -= key.length + overhead.entry;
      if (weight > 0) room.check(weight);
      if (old.length === 1 && added.keys.length === 1 && old[0] === added.keys[0]) continue;
      index.checkUnique(document, added.keys, id);
      const kept = new Set(added.keys);
      changes.push({ index, added, removed: old.filter((key) => !kept.has(key)) });
    }
    return changes;
  }

  change(changes: readonly IndexChange[], id: RecordId): void {
    for (const { index, added, removed } of changes) {
      index.remove(removed, id);
      index.add(added, id);
    }
  }

  /** Adds a record without checking it: it was there before. */
  restore(document: Buffer, id: RecordId): void {
    for (const index of this.#maintained) index.add(index.keysOf(document), id);
  }

  remove(document: Buffer, id: RecordId): void {
    for (const index of this.#maintained) index.remove(index.keysOf(document).keys, id);
  }

  /** The keys that a document would have in each unique index. */
  *uniqueKeys(document: Buffer): Generator<{ index: Index; keys: readonly string[] }> {
    for (const index of this.#maintained) if (index.spec.unique) yield { index, keys: index.keysOf(document).keys };
  }

  /**
   * Makes one over the records there are; a generator, which yields between pieces of the work, while documents may change.
   * @param grew called with each document; what it throws ends the work
   * @throws StorageError duplicate-key, parallel-arrays; then there is no new index
   */
  *build(spec: IndexSpec, records: Iterable<[RecordId, Buffer]>, grew: () => void): Generator<undefined, Index> {
    const index = new Index(spec);
    this.#maintained.push(index);
    let built = false;
    try {
      let count = 0;
      for (const [id, document] of records) {
        const keys = index.keysOf(document);
        index.checkUnique(document, keys.keys, id);
        index.add(keys, id);
        grew();
        if (++count % 500 === 0) yield undefined;
      }
      this.#named.set(spec.name, index);
      built = true;
      return index;
    } finally {
      if (!built) this.#forget(index);
    }
  }

  drop(name: string): void {
    const index = this.#named.get(name);
    this.#named.delete(name);
    if (!index) return;
    index.dropped = true;
    this.#forget(index);
  }

  #forget(index: Index): void {
    this.#maintained = this.#maintained.filter((other) => other !== index);
  }
}
