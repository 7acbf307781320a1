import { randomBytes } from 'node:crypto';
import type { Doc, Timestamp } from './bson/value.ts';
import { MongoError } from './errors.ts';
import type { Work } from './command.ts';

/** A batch ends before it is larger than this. */
const maxBatchBytes = 16 * 1024 * 1024;
/** Documents in the first batch where no size is asked for. */
export const firstBatchSize = 101;
const idleLimit = 10 * 60 * 1000;

/** Documents to come; undefined is a pause, in which nothing was found yet; returning `ended` ends a tailable cursor too. */
export type DocumentSource = Iterator<Buffer | undefined, unknown>;

export interface CursorOptions {
  namespace: string;
  source: DocumentSource;
  session: string | undefined;
  /** The number of the transaction that it was opened in. */
  transaction?: bigint | undefined;
  noTimeout?: boolean;
  /** The command that opened it, for messages. */
  openedBy: string;
  /** It stays open at its end: what a capped collection gets later comes in later batches. */
  tailable?: boolean;
  /** A batch at its end waits for more for a while. */
  awaitData?: boolean;
  /** A change stream: where it is. */
  resumeToken?: () => Doc;
  /** Of the command that opened it: when its time is over, where it has a limit. All batches together have that time. */
  clock?: { deadline: number | undefined };
  /** The moment that it reads, where it is not the present. */
  snapshot?: Timestamp | undefined;
}

/** Results of a query that a client fetches in batches. */
export class Cursor {
  /** 0 until it is kept: what fits into one batch never needs one. */
  id = 0n;
  readonly namespace: string;
  readonly session: string | undefined;
  readonly transaction: bigint | undefined;
  readonly noTimeout: boolean;
  readonly awaitData: boolean;
  readonly tailable: boolean;
  readonly resumeToken: (() => Doc) | undefined;
  readonly snapshot: Timestamp | undefined;
  /** When it was kept, in milliseconds since 1970. */
  openedAt = 0;
  /** When it was last used since, by the process's clock. */
  lastUsed = 0;
  /** True while a command reads from it. */
  busy = false;
  /** True once it is no longer kept, which somebody may still wait for. */
  closed = false;
  /** Why it can't go on, where its collection is gone. */
  killed: string | undefined;
  readonly #clock: { deadline: number | undefined } | undefined;
  /** What is left of its time, while no command reads from it. */
  #left = 0;
  readonly #source: DocumentSource;
  /** A document that did not fit into the last batch. */
  #held: Buffer | undefined;
  #exhausted = false;

  constructor(options: CursorOptions) {
    this.namespace = options.namespace;
    this.session = options.session;
    this.transaction = options.transaction;
    this.noTimeout = options.noTimeout ?? false;
    this.awaitData = options.awaitData ?? false;
    this.tailable = options.tailable ?? false;
    this.resumeToken = options.resumeToken;
    this.snapshot = options.snapshot;
    this.#source = options.source;
    this.#clock = options.clock?.deadline === undefined ? undefined : options.clock;
  }

  /** True where the command that opened it gave it a time. */
  get timed(): boolean {
    return this.#clock !== undefined;
  }

  /** Its time stops: nobody reads. */
  rest(): void {
    this.lastUsed = performance.now();
    if (this.#clock?.deadline !== undefined) this.#left = Math.max(0, this.#clock.deadline - this.lastUsed);
  }

  /** Its time goes on; says when it is over. */
  wake(): number | undefined {
    if (this.#clock) this.#clock.deadline = performance.now() + this.#left;
    return this.#clock?.deadline;
  }

  get exhausted(): boolean {
    return this.#exhausted && this.#held === undefined;
  }

  /**
   * The next documents: `size` at most, and no more than 16 MiB, but one at least. Where the size is reached it looks
   * no further, so whether there are more is found out by the next batch, as MongoDB does it.
   */
  *batch(size: number): Work<Buffer[]> {
    const documents: Buffer[] = [];
    let bytes = 0;
    if (this.#held && size > 0) {
      documents.push(this.#held);
      bytes = this.#held.length;
      this.#held = undefined;
    }
    while (documents.length < size && !this.#exhausted) {
      const next = this.#source.next();
      if (next.done) {
        this.#exhausted = !this.tailable || next.value === 'ended';
        break;
      }
      const document = next.value;
      if (document === undefined) {
        yield undefined;
        continue;
      }
      if (documents.length > 0 && bytes + document.length > maxBatchBytes) {
        this.#held = document;
        break;
      }
      documents.push(document);
      bytes += document.length;
    }
    return documents;
  }

  /** Finds out whether there are more, where the batch's size was reached: what commands that list things do. */
  *look(): Work<void> {
    if (this.#held !== undefined || this.#exhausted) return;
    const [next] = yield* this.batch(1);
    this.#held = next;
  }

  close(): void {
    this.#exhausted = true;
    this.#held = undefined;
    this.#source.return?.();
  }
}

/** The cursors that are open. */
export class Cursors {
  readonly #open = new Map<bigint, Cursor>();
  readonly #isAlive: (session: string) => boolean;

  /** @param isAlive whether a session goes on: its cursors do as long */
  constructor(isAlive: (session: string) => boolean) {
    this.#isAlive = isAlive;
  }

  get size(): number {
    return this.#open.size;
  }

  /** Those that no command reads from just now. */
  idle(): Cursor[] {
    return [...this.#open.values()].filter((cursor) => !cursor.busy);
  }

  /** Makes a cursor that is not kept yet. */
  create(options: CursorOptions): Cursor {
    this.closeIdle();
    return new Cursor(options);
  }

  keep(cursor: Cursor): void {
    while (cursor.id === 0n || this.#open.has(cursor.id)) cursor.id = randomBytes(8).readBigInt64LE() & 0x7fffffffffffffffn;
    cursor.openedAt = Date.now();
    this.#open.set(cursor.id, cursor);
    cursor.rest();
  }

  /** @throws MongoError CursorNotFound */
  get(id: bigint): Cursor {
    const cursor = this.#open.get(id);
    if (!cursor) throw new MongoError('CursorNotFound', `cursor id ${id} not found`);
    return cursor;
  }

  peek(id: bigint): Cursor | undefined {
    return this.#open.get(id);
  }

  close(cursor: Cursor): void {
    this.#open.delete(cursor.id);
    cursor.closed = true;
    cursor.close();
  }

  /** Closes those that a session opened. */
  closeSession(session: string): void {
    for (const cursor of this.#open.values()) if (cursor.session === session) this.close(cursor);
  }

  /** Ends those over a namespace, or over all of a database where the namespace ends with a dot: their next use says why. */
  killNamespace(namespace: string, reason: string): void {
    for (const cursor of this.#open.values()) {
      // A change stream tells of it instead.
      if (cursor.resumeToken) continue;
      if (cursor.namespace === namespace || (namespace.endsWith('.') && cursor.namespace.startsWith(namespace))) cursor.killed = reason;
    }
  }

  /**
   * Closes those that nobody has read from for long. One that was opened in a session lives as long as that, however long
   * its client takes between two batches.
   */
  closeIdle(): void {
    if (this.#open.size === 0) return;
    const limit = performance.now() - idleLimit;
    for (const cursor of this.#open.values()) {
      const isOver = cursor.session === undefined ? !cursor.noTimeout && cursor.lastUsed < limit : !this.#isAlive(cursor.session);
      if (isOver && !cursor.busy) this.close(cursor);
    }
  }
}
