import type { Collection } from './storage/collection.ts';

/**
 * The documents of a capped collection in natural order, without an end: where there are none left it says done, and
 * may be asked again later.
 */
export class TailSource implements Iterator<Buffer | undefined> {
  readonly #collection: Collection;
  readonly #shown: (id: number, document: Buffer) => Buffer | undefined;
  #last = 0;

  /** @param shown what becomes of a document; undefined leaves it out */
  constructor(collection: Collection, shown: (id: number, document: Buffer) => Buffer | undefined) {
    this.#collection = collection;
    this.#shown = shown;
  }

  next(): IteratorResult<Buffer | undefined> {
    while (this.#last < this.#collection.lastRecord) {
      const document = this.#collection.get(++this.#last);
      const value = document && this.#shown(this.#last, document);
      if (value) return { done: false, value };
    }
    return { done: true, value: undefined };
  }
}
