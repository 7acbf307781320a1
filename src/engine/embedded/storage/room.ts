import { StorageError } from './errors.ts';

/** What stays of a shelf's documents keeps all of it: small, that they are never many. */
const shelfBytes = 4096;

/** How much a store may hold, and how much it does: an estimate of memory in bytes, documents, index entries and all. */
export class Room {
  /** Infinity where nothing is refused. */
  readonly most: number;
  used = 0;
  /** While true nothing is refused: who writes is trusted. */
  open = false;
  #shelf = Buffer.alloc(0);
  #filled = shelfBytes;

  constructor(most = Infinity) {
    this.most = most;
  }

  /** @throws StorageError full where so many bytes more do not fit in */
  check(bytes: number): void {
    if (this.used + bytes > this.most && !this.open) throw new StorageError({ kind: 'full', most: this.most });
  }

  /** The document as it is to be kept: where room is limited, apart from the message that it came in, which may be far larger. */
  own(document: Buffer): Buffer {
    if (this.most === Infinity) return this.#together(document);
    if (document.buffer.byteLength === document.length) return document;
    const copy = Buffer.allocUnsafeSlow(document.length);
    document.copy(copy);
    return copy;
  }

  /** A small document that came alone is kept beside others: a piece of memory for each costs more than the copy. */
  #together(document: Buffer): Buffer {
    const { length } = document;
    if (length > 512 || document.buffer.byteLength > shelfBytes) return document;
    if (this.#filled + length > shelfBytes) {
      this.#shelf = Buffer.allocUnsafeSlow(shelfBytes);
      this.#filled = 0;
    }
    const start = this.#filled;
    this.#filled += length;
    this.#shelf.set(document, start);
    return this.#shelf.subarray(start, this.#filled);
  }
}

/** What is taken besides the bytes themselves: a collection or an index with nothing in it, a document, an index entry. */
export const overhead = { collection: 4096, index: 1024, document: 160, entry: 32 } as const;
