import { StorageError } from './errors.ts';

/** How much a store may hold, and how much it does: an estimate of memory in bytes, documents, index entries and all. */
export class Room {
  /** Infinity where nothing is refused. */
  readonly most: number;
  used = 0;
  /** While true nothing is refused: who writes is trusted. */
  open = false;

  constructor(most = Infinity) {
    this.most = most;
  }

  /** @throws StorageError full where so many bytes more do not fit in */
  check(bytes: number): void {
    if (this.used + bytes > this.most && !this.open) throw new StorageError({ kind: 'full', most: this.most });
  }

  /** The document as it is to be kept: where room is limited, apart from the message that it came in, which may be far larger. */
  own(document: Buffer): Buffer {
    if (this.most === Infinity || document.buffer.byteLength === document.length) return document;
    const copy = Buffer.allocUnsafeSlow(document.length);
    document.copy(copy);
    return copy;
  }
}

/** What is taken besides the bytes themselves: a collection or an index with nothing in it, a document, an index entry. */
export const overhead = { collection: 4096, index: 1024, document: 160, entry: 32 } as const;
