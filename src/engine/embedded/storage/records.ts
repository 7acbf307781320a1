import type { RecordId } from './ordered-keys.ts';

/** So many records with numbers in a row are kept together: a list of them is read, and grows, faster than a map. */
const pageSize = 256;

interface Page {
  /** By the last digits of their numbers. */
  readonly documents: (Buffer | undefined)[];
  /** How many there are. */
  count: number;
}

/** Documents as raw BSON, by record, in the order in which they came. */
export class Records {
  /** By the first digits of the records' numbers; those with nothing in them are gone. */
  #pages = new Map<number, Page>();
  /** The page that was asked for last, and its number. */
  #page: Page | undefined;
  #pageNumber = -1;
  #size = 0;
  #last = 0;
  /** No record has a lower number. */
  #first = 1;
  #bytes = 0;

  /** How many documents. */
  get size(): number {
    return this.#size;
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
    return this.#pageOf(id)?.documents[id % pageSize];
  }

  /** Makes a record, whose number is the next. */
  add(document: Buffer): RecordId {
    const id = ++this.#last;
    const page = this.#pageOf(id) ?? this.#newPage(id);
    page.documents[id % pageSize] = document;
    page.count++;
    this.#size++;
    this.#bytes += document.length;
    return id;
  }

  /** Puts a document in a record's place; one of a page that is gone comes back at the end, till `settle` is called. */
  put(id: RecordId, document: Buffer): void {
    const page = this.#pageOf(id) ?? this.#newPage(id);
    const before = page.documents[id % pageSize];
    page.documents[id % pageSize] = document;
    this.#bytes += document.length;
    if (before) {
      this.#bytes -= before.length;
      return;
    }
    page.count++;
    this.#size++;
    this.#last = Math.max(this.#last, id);
    this.#first = Math.min(this.#first, id);
  }

  delete(id: RecordId): void {
    const page = this.#pageOf(id);
    const before = page?.documents[id % pageSize];
    if (!page || !before) return;
    page.documents[id % pageSize] = undefined;
    page.count--;
    this.#size--;
    this.#bytes -= before.length;
    if (page.count > 0) return;
    this.#pages.delete(this.#pageNumber);
    [this.#page, this.#pageNumber] = [undefined, -1];
  }

  /** The iterator may be kept while documents come and go. */
  *entries(): Generator<[RecordId, Buffer], void> {
    for (const [number, { documents }] of this.#pages) {
      for (let at = 0; at < documents.length; at++) {
        const document = documents[at];
        if (document) yield [number * pageSize + at, document];
      }
    }
  }

  /** The last first, as they are now. */
  backward(): RecordId[] {
    return Array.from(this.entries(), ([id]) => id).reverse();
  }

  /** The record that came first of those there are. Each number is looked at once, however many are deleted. */
  oldest(): RecordId | undefined {
    if (this.#size === 0) return undefined;
    while (!this.get(this.#first)) this.#first++;
    return this.#first;
  }

  /** Puts them back in their order. */
  settle(): void {
    this.#pages = new Map([...this.#pages].sort(([a], [b]) => a - b));
  }

  /** A copy that changes apart from this one. */
  fork(): Records {
    const fork = new Records();
    fork.#pages = new Map(Array.from(this.#pages, ([number, { documents, count }]) => [number, { documents: documents.slice(), count }]));
    fork.#size = this.#size;
    fork.#last = this.#last;
    fork.#first = this.#first;
    fork.#bytes = this.#bytes;
    return fork;
  }

  #pageOf(id: RecordId): Page | undefined {
    const number = Math.floor(id / pageSize);
    if (number === this.#pageNumber) return this.#page;
    const page = this.#pages.get(number);
    if (page) [this.#page, this.#pageNumber] = [page, number];
    return page;
  }

  #newPage(id: RecordId): Page {
    const number = Math.floor(id / pageSize);
    const page: Page = { documents: [], count: 0 };
    this.#pages.set(number, page);
    [this.#page, this.#pageNumber] = [page, number];
    return page;
  }
}
