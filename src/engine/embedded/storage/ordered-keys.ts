import type { Key } from './key.ts';
import { overhead } from './room.ts';

/** A record's number within its collection, counted up: the natural order. */
export type RecordId = number;

const leafSize = 256;

interface Leaf {
  keys: Key[];
  ids: RecordId[];
}

/** A place in the entries. */
interface Place {
  leaf: number;
  at: number;
}

/** Which entries a scan visits: `low` and above, below `high`. */
export interface KeyRange {
  low: Key;
  high: Key;
}

/**
 * The entries of an index, ordered by key and then by record: a B-tree of two levels, leaves of at most 256 entries
 * under one root. Appending in order fills leaves to the brim.
 */
export class OrderedKeys {
  #leaves: Leaf[] = [{ keys: [], ids: [] }];
  #size = 0;
  #keyBytes = 0;
  /** Counts changes: a scan that was paused finds its place again when it differs. */
  #version = 0;

  get size(): number {
    return this.#size;
  }

  /** About how many bytes of memory the entries take. */
  get weight(): number {
    return this.#keyBytes + this.#size * overhead.entry;
  }

  /** Takes over another's entries. */
  copyFrom(other: OrderedKeys): void {
    this.#leaves = other.#leaves.map(({ keys, ids }) => ({ keys: [...keys], ids: [...ids] }));
    this.#size = other.#size;
    this.#keyBytes = other.#keyBytes;
    this.#version++;
  }

  /** Adds an entry; false where it is there already. */
  add(key: Key, id: RecordId): boolean {
    const place = this.#lowerBound(key, id);
    const leaf = this.#leaves[place.leaf] as Leaf;
    if (leaf.keys[place.at] === key && leaf.ids[place.at] === id) return false;
    this.#size++;
    this.#keyBytes += key.length;
    this.#version++;
    if (place.at === leaf.keys.length) {
      if (leaf.keys.length >= leafSize && place.leaf === this.#leaves.length - 1) {
        this.#leaves.push({ keys: [key], ids: [id] });
        return true;
      }
      leaf.keys.push(key);
      leaf.ids.push(id);
    } else {
      leaf.keys.splice(place.at, 0, key);
      leaf.ids.splice(place.at, 0, id);
    }
    if (leaf.keys.length > leafSize) this.#split(place.leaf);
    return true;
  }

  /** Removes an entry; false where it is not there. */
  remove(key: Key, id: RecordId): boolean {
    const place = this.#lowerBound(key, id);
    const leaf = this.#leaves[place.leaf] as Leaf;
    if (leaf.keys[place.at] !== key || leaf.ids[place.at] !== id) return false;
    leaf.keys.splice(place.at, 1);
    leaf.ids.splice(place.at, 1);
    this.#size--;
    this.#keyBytes -= key.length;
    this.#version++;
    if (leaf.keys.length === 0 && this.#leaves.length > 1) this.#leaves.splice(place.leaf, 1);
    return true;
  }

  /** True where the entry is there. */
  has(key: Key, id: RecordId): boolean {
    const place = this.#lowerBound(key, id);
    const leaf = this.#leaves[place.leaf] as Leaf;
    return leaf.keys[place.at] === key && leaf.ids[place.at] === id;
  }

  /** The first record with exactly this key. */
  find(key: Key): RecordId | undefined {
    const place = this.#lowerBound(key, -1);
    const leaf = this.#leaves[place.leaf] as Leaf;
    return leaf.keys[place.at] === key ? leaf.ids[place.at] : undefined;
  }

  /** A scan of one range; it may be paused while entries change. */
  scan(range: KeyRange, backward = false): KeyScan {
    return backward ? this.#scanBackward(range) : this.#scanForward(range);
  }

  *#scanForward({ low, high }: KeyRange): Generator<RecordId, void> {
    let place = this.#lowerBound(low, -1);
    for (;;) {
      let leaf = this.#leaves[place.leaf];
      while (leaf && place.at >= leaf.keys.length) {
        place = { leaf: place.leaf + 1, at: 0 };
        leaf = this.#leaves[place.leaf];
      }
      const key = leaf?.keys[place.at];
      if (leaf === undefined || key === undefined || key >= high) return;
      const id = leaf.ids[place.at] as RecordId;
      const version = this.#version;
      yield id;
      if (version === this.#version) place.at++;
      else place = this.#lowerBound(key, id + 1);
    }
  }

  *#scanBackward({ low, high }: KeyRange): Generator<RecordId, void> {
    let place = this.#lowerBound(high, -1);
    for (;;) {
      place.at--;
      while (place.at < 0) {
        const leaf = this.#leaves[place.leaf - 1];
        if (!leaf) return;
        place = { leaf: place.leaf - 1, at: leaf.keys.length - 1 };
      }
      const leaf = this.#leaves[place.leaf] as Leaf;
      const key = leaf.keys[place.at] as Key;
      if (key < low) return;
      const id = leaf.ids[place.at] as RecordId;
      const version = this.#version;
      yield id;
      if (version !== this.#version) place = this.#lowerBound(key, id);
    }
  }

  #split(index: number): void {
    const leaf = this.#leaves[index] as Leaf;
    const half = leafSize >> 1;
    this.#leaves.splice(index + 1, 0, { keys: leaf.keys.splice(half), ids: leaf.ids.splice(half) });
  }

  /** The place of the first entry at or above (key, id). */
  #lowerBound(key: Key, id: RecordId): Place {
    let low = 0;
    let high = this.#leaves.length - 1;
    // Most keys that come are above all others: ids count up.
    const end = this.#leaves[high] as Leaf;
    if (end.keys.length > 0 && isBelow(end, end.keys.length - 1, key, id)) return { leaf: high, at: end.keys.length };
    while (low < high) {
      const middle = (low + high) >> 1;
      const leaf = this.#leaves[middle] as Leaf;
      const last = leaf.keys.length - 1;
      if (isBelow(leaf, last, key, id)) low = middle + 1;
      else high = middle;
    }
    const leaf = this.#leaves[low] as Leaf;
    let from = 0;
    let to = leaf.keys.length;
    if (to > 0 && isBelow(leaf, to - 1, key, id)) return { leaf: low, at: to };
    while (from < to) {
      const middle = (from + to) >> 1;
      if (isBelow(leaf, middle, key, id)) from = middle + 1;
      else to = middle;
    }
    return { leaf: low, at: from };
  }
}

/** Record numbers in key order. */
export type KeyScan = Generator<RecordId, void>;

function isBelow(leaf: Leaf, at: number, key: Key, id: RecordId): boolean {
  const other = leaf.keys[at] as Key;
  return other < key || (other === key && (leaf.ids[at] as RecordId) < id);
}
