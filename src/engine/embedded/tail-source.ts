import { MongoError } from './errors.ts';
import type { Collection } from './storage/collection.ts';

/**
 * The documents of a capped collection in natural order, without an end: where there are none left it says done, and
 * may be asked again later.
 */
export class TailSource implements Iterator<Buffer | undefined> {
  readonly #collection: Collection;
  readonly #shown: (id: number, document: Buffer) => Buffer | undefined;
  #last = 0;
  #skip: number;
  #left: number;

  /** @param shown what becomes of a document; undefined leaves it out */
  constructor(collection: Collection, shown: (id: number, document: Buffer) => Buffer | undefined, { skip = 0, limit = Infinity }: { skip?: number; limit?: number } = {}) {
    collection.scans++;
    collection.tails++;
    this.#skip = skip;
    this.#left = limit;
    this.#collection = collection;
    this.#shown = shown;
  }

  next(): IteratorResult<Buffer | undefined> {
    if (this.#last > 0 && this.#last < this.#collection.lastRecord && !this.#collection.get(this.#last)) {
      throw new MongoError('CappedPositionLost', 'CollectionScan died due to position in capped collection being deleted.');
    }
    while (this.#last < this.#collection.lastRecord && this.#left > 0) {
      const document = this.#collection.get(++this.#last);
      const value = document && this.#shown(this.#last, document);
      if (!value || this.#skip-- > 0) continue;
      this.#left--;
      return { done: false, value };
    }
    return { done: true, value: undefined };
  }
}
