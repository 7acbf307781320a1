import { encodeDocument } from '../bson/encode.ts';
import { Doc, type Binary } from '../bson/value.ts';
import { StorageError } from './errors.ts';
import type { Index } from './index.ts';
import { Indexes } from './indexes.ts';
import type { IndexSpec } from './index-spec.ts';
import { checkRecordId } from './clustered.ts';
import { afterAll, keyOfId } from './key.ts';
import type { Filter } from '../query/filter.ts';
import type { RecordId } from './ordered-keys.ts';
import { Records } from './records.ts';
import { overhead, Room } from './room.ts';
import type { CollectionShape } from './shape.ts';

/** The largest document there can be: 16 MiB. */
export const maxDocumentBytes = 16 * 1024 * 1024;

/** What documents written to a collection have to match. */
export interface Validator {
  readonly query: Doc;
  readonly filter: Filter;
  readonly level: 'off' | 'strict' | 'moderate';
  readonly action: 'error' | 'warn' | 'errorAndLog';
  /** What of the document does not match, for `errInfo`. */
  explain(doc: Doc): Doc;
}

/** How a document was changed: another was put in its place, or fields were; of these the paths that were put in as a whole. */
export type ChangeKind = 'replace' | readonly string[];

/** Told of each change, in order; how a transaction is undone and a change stream fed. */
export interface ChangeListener {
  changed(collection: Collection, id: RecordId, before: Buffer | undefined, after: Buffer | undefined, how: ChangeKind): void;
}

/** Documents as raw BSON, by record, and the indexes over them. */
export class Collection {
  /** Changes where the collection is renamed. */
  name: string;
  readonly uuid: Binary;
  #records = new Records();
  #indexes: Indexes;
  #room: Room;
  #weight = 0;
  #options = new Doc();
  #optionBytes = 0;
  listener: ChangeListener | undefined;
  /** Records that an open transaction has written, and which: others wait. */
  readonly holders = new Map<RecordId, object>();
  /** Changes are remembered with the documents before them. */
  preImages = false;
  /** True once it is dropped: cursors over it end. */
  dropped = false;
  /** A capped collection's limits: the oldest documents go where there are more. */
  capped: { bytes: number; documents: number } | undefined;
  /** How often all of it was read through, for a query that no index served. */
  scans = 0;
  /** Those of them for cursors that wait for more. */
  tails = 0;
  /** The validator, parsed by the command that set it. */
  validator: Validator | undefined;
  /** A clustered collection's documents go this many seconds after the date that is their `_id`. */
  expireAfterSeconds: number | undefined;
  readonly shape: CollectionShape;

  /**
   * @param room what it shares with others
   * @throws StorageError full
   */
  constructor(name: string, uuid: Binary, shape: CollectionShape = {}, room = new Room()) {
    room.check(overhead.collection);
    this.#room = room;
    this.name = name;
    this.uuid = uuid;
    this.shape = shape;
    this.#indexes = new Indexes(shape);
    this.#weigh();
  }

  get collation(): CollectionShape['collation'] {
    return this.shape.collation;
  }

  /** The order of a clustered collection's documents, as an index; it is not among `indexes`. */
  get clustered(): Index | undefined {
    return this.shape.clustered && this.#indexes.id;
  }

  /** What it was created with, as `listCollections` shows it. */
  get options(): Doc {
    return this.#options;
  }

  set options(options: Doc) {
    this.#options = options;
    this.#optionBytes = options.size === 0 ? 0 : encodeDocument(options).length;
    this.#weigh();
  }

  /** Counts what it takes now. */
  #weigh(): void {
    const weight = overhead.collection + this.#optionBytes + this.#records.bytes + this.#records.size * overhead.document + this.#indexes.weight;
    this.#room.used += weight - this.#weight;
    this.#weight = weight;
  }

  /** It is dropped: what it took is there for others. */
  release(): void {
    this.dropped = true;
    this.#room.used -= this.#weight;
    this.#room = new Room();
    this.#weight = 0;
  }

  /** How many documents. */
  get size(): number {
    return this.#records.size;
  }

  /** The number of the record made last. */
  get lastRecord(): number {
    return this.#records.last;
  }

  /** How many bytes the documents take. */
  get bytes(): number {
    return this.#records.bytes;
  }

  get indexes(): ReadonlyMap<string, Index> {
    return this.#indexes.named;
  }

  /** The index of that name, a clustered collection's order too. */
  indexNamed(name: string): Index | undefined {
    return this.clustered?.spec.name === name ? this.clustered : this.indexes.get(name);
  }

  /** The index on `_id`; a clustered collection's order. */
  get idIndex(): Index {
    return this.#indexes.id;
  }

  get(id: RecordId): Buffer | undefined {
    return this.#records.get(id);
  }

  /** The record of the document that has the same `_id` as this one. */
  findById(document: Buffer): RecordId | undefined {
    return this.idIndex.entries.find(keyOfId(document, this.collation?.collation));
  }

  /** All records in natural order. The iterator may be kept while documents come and go. */
  records(): Iterable<[RecordId, Buffer]> {
    return this.clustered ? this.#inOrder() : this.#records.entries();
  }

  *#inOrder(): Generator<[RecordId, Buffer], void> {
    for (const id of this.idIndex.entries.scan({ low: '', high: afterAll })) {
      const document = this.#records.get(id);
      if (document) yield [id, document];
    }
  }

  /** Records in reverse natural order, as they are now. */
  recordsBackward(): Iterable<RecordId> {
    if (this.clustered) return this.idIndex.entries.scan({ low: '', high: afterAll }, true);
    return this.#records.backward();
  }

  /**
   * Stores a document, whose bytes are the collection's from now on.
   * @throws StorageError duplicate-key, parallel-arrays, too-large, id-too-large, full; then nothing has changed
   */
  insert(given: Buffer): RecordId {
    this.#checkSize(given);
    if (this.clustered) checkRecordId(given);
    const document = this.#room.own(given);
    const keys = this.#indexes.keysOf(document, this.#room);
    const id = this.#records.add(document);
    this.#indexes.add(keys, id);
    this.#weigh();
    this.listener?.changed(this, id, undefined, document, 'replace');
    if (this.capped) this.#trim(this.capped);
    return id;
  }

  #trim(limits: { bytes: number; documents: number }): void {
    while (this.#records.size > 1 && (this.#records.size > limits.documents || this.#records.bytes > limits.bytes)) this.remove(this.#records.oldest() as RecordId);
  }

  /**
   * Stores another document in a record's place; both have the same `_id`.
   * @throws StorageError as `insert` does
   */
  replace(id: RecordId, given: Buffer, how: ChangeKind = []): void {
    this.#checkSize(given);
    const document = this.#room.own(given);
    const before = this.#records.get(id);
    if (!before) return;
    this.#indexes.change(this.#indexes.changesOf(before, document, id, this.#room), id);
    this.#records.put(id, document);
    this.#weigh();
    this.listener?.changed(this, id, before, document, how);
  }

  remove(id: RecordId): void {
    const before = this.#records.get(id);
    if (!before) return;
    this.#indexes.remove(before, id);
    this.#records.delete(id);
    this.#weigh();
    this.listener?.changed(this, id, before, undefined, 'replace');
  }

  /** A copy that changes apart from this one. */
  fork(): Collection {
    const fork = new Collection(this.name, this.uuid, this.shape);
    fork.#records = this.#records.fork();
    fork.#indexes = this.#indexes.fork(this.shape);
    fork.#weigh();
    return Object.assign(fork, { options: this.options, capped: this.capped, validator: this.validator, expireAfterSeconds: this.expireAfterSeconds });
  }

  /** Takes a change back; when all are, `settle` has to be called. */
  undo(id: RecordId, before: Buffer | undefined, after: Buffer | undefined): void {
    if (after) this.#indexes.remove(after, id);
    if (before) this.#indexes.restore(before, id);
    if (before) this.#records.put(id, before);
    else this.#records.delete(id);
    this.#weigh();
  }

  /** Puts the records back in natural order. */
  settle(): void {
    this.#records.settle();
  }

  /** The keys that a document would have in each unique index. */
  uniqueKeys(document: Buffer): Iterable<{ index: Index; keys: readonly string[] }> {
    return this.#indexes.uniqueKeys(document);
  }

  /**
   * Makes an index over the documents there are; a generator, which yields between pieces of the work, while documents
   * may change.
   * @throws StorageError duplicate-key, parallel-arrays, full; then there is no new index
   */
  *buildIndex(spec: IndexSpec): Generator<undefined, Index> {
    try {
      return yield* this.#indexes.build(spec, this.#records.entries(), () => {
        this.#weigh();
        this.#room.check(0);
      });
    } finally {
      this.#weigh();
    }
  }

  dropIndex(name: string): void {
    this.#indexes.drop(name);
    this.#weigh();
  }

  /** What the server writes itself may be a little larger than what it holds. */
  #checkSize(document: Buffer): void {
    const most = this.name.startsWith('system.') ? maxDocumentBytes + 16 * 1024 : maxDocumentBytes;
    if (document.length > most) throw new StorageError({ kind: 'too-large', bytes: document.length });
  }
}
