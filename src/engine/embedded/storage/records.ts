import type { RecordId } from './ordered-keys.ts';

/** Documents as raw BSON, by record, in the order in which they came. */
export class Records {
  #documents = new Map<RecordId, Buffer>();
  #last = 0;
  /** No record has a lower number. */
  #first = 1;
  #bytes = 0;

  /** How many documents. */
  get size(): number {
    return this.#documents.size;
  }

  /** How many bytes the documents take. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The number of the record made last. */
  get last(): number {
    return this.#last;
  }

  get(id: RecordId): Buffer | undefined {
    return this.#documents.get(id);
  }

  /** Makes a record, whose number is the next. */
  add(document: Buffer): RecordId {
    this.put(this.#last + 1, document);
    return this.#last;
  }

  /** Puts a document in a record's place; one that was deleted comes back at the end, till `settle` is called. */
  put(id: RecordId, document: Buffer): void {
    this.#bytes += document.length - (this.#documents.get(id)?.length ?? 0);
    this.#documents.set(id, document);
    this.#last = Math.max(this.#last, id);
    this.#first = Math.min(this.#first, id);
  }

  delete(id: RecordId): void {
    this.#bytes -= this.#documents.get(id)?.length ?? 0;
    this.#documents.delete(id);
  }

  /** The iterator may be kept while documents come and go. */
  entries(): IterableIterator<[RecordId, Buffer]> {
    return this.#documents.entries();
  }

  /** The last first, as they are now. */
  backward(): RecordId[] {
    return [...this.#documents.keys()].reverse();
  }

  /** The record that came first of those there are. A map's own first key is looked for past all that were deleted before it. */
  oldest(): RecordId | undefined {
    if (this.#documents.size === 0) return undefined;
    while (!this.#documents.has(this.#first)) this.#first++;
    return this.#first;
  }

  /** Puts them back in their order. */
  settle(): void {
    this.#documents = new Map([...this.#documents].sort(([a], [b]) => a - b));
  }

  /** A copy that changes apart from this one. */
  fork(): Records {
    const fork = new Records();
    fork.#documents = new Map(this.#documents);
    fork.#last = this.#last;
    fork.#first = this.#first;
    fork.#bytes = this.#bytes;
    return fork;
  }
}
