import { encodeDocument } from '../bson/encode.ts';
import { Doc, type Binary } from '../bson/value.ts';
import { StorageError } from './errors.ts';
import { Index } from './index.ts';
import type { DocumentKeys } from './index-keys.ts';
import type { IndexSpec } from './index-spec.ts';
import { checkRecordId } from './clustered.ts';
import { afterAll, keyOfId } from './key.ts';
import type { Filter } from '../query/filter.ts';
import type { RecordId } from './ordered-keys.ts';
import { Records } from './records.ts';
import { overhead, Room } from './room.ts';
import { idSpec, type CollectionShape } from './shape.ts';

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
  #id: Index;
  readonly #indexes = new Map<string, Index>();
  /** The indexes, and those that are being built. */
  #maintained: Index[] = [];
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
    this.#id = new Index(idSpec(shape));
    if (!shape.clustered) this.#indexes.set('_id_', this.#id);
    this.#maintained.push(this.#id);
    this.#weigh();
  }

  get collation(): CollectionShape['collation'] {
    return this.shape.collation;
  }

  /** The order of a clustered collection's documents, as an index; it is not among `indexes`. */
  get clustered(): Index | undefined {
    return this.shape.clustered && this.#id;
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
    let weight = overhead.collection + this.#optionBytes + this.#records.bytes + this.#records.size * overhead.document;
    for (const index of this.#maintained) weight += index.weight;
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
    return this.#indexes;
  }

  /** The index of that name, a clustered collection's order too. */
  indexNamed(name: string): Index | undefined {
    return this.clustered?.spec.name === name ? this.clustered : this.#indexes.get(name);
  }

  /** The index on `_id`; a clustered collection's order. */
  get idIndex(): Index {
    return this.#id;
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
    for (const id of this.#id.entries.scan({ low: '', high: afterAll })) {
      const document = this.#records.get(id);
      if (document) yield [id, document];
    }
  }

  /** Records in reverse natural order, as they are now. */
  recordsBackward(): Iterable<RecordId> {
    if (this.clustered) return this.#id.entries.scan({ low: '', high: afterAll }, true);
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
    const added: DocumentKeys[] = [];
    let weight = document.length + overhead.document;
    for (const index of this.#maintained) {
      const keys = index.keysOf(document);
      for (const key of keys.keys) weight += key.length + overhead.entry;
      this.#room.check(weight);
      index.checkUnique(document, keys.keys, undefined);
      added.push(keys);
    }
    const id = this.#records.add(document);
    let at = 0;
    for (const index of this.#maintained) index.add(added[at++] as DocumentKeys, id);
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
    const changes: { index: Index; added: DocumentKeys; removed: string[] }[] = [];
    let weight = document.length - before.length;
    if (weight > 0) this.#room.check(weight);
    for (const index of this.#maintained) {
      // The key of its `_id` stays.
      if (index === this.#id) continue;
      const old = index.keysOf(before).keys;
      const added = index.keysOf(document);
      for (const key of added.keys) weight += key.length + overhead.entry;
      for (const key of old) weight -= key.length + overhead.entry;
      if (weight > 0) this.#room.check(weight);
      if (old.length === 1 && added.keys.length === 1 && old[0] === added.keys[0]) continue;
      index.checkUnique(document, added.keys, id);
      const kept = new Set(added.keys);
      changes.push({ index, added, removed: old.filter((key) => !kept.has(key)) });
    }
    for (const { index, added, removed } of changes) {
      index.remove(removed, id);
      index.add(added, id);
    }
    this.#records.put(id, document);
    this.#weigh();
    this.listener?.changed(this, id, before, document, how);
  }

  remove(id: RecordId): void {
    const before = this.#records.get(id);
    if (!before) return;
    for (const index of this.#maintained) index.remove(index.keysOf(before).keys, id);
    this.#records.delete(id);
    this.#weigh();
    this.listener?.changed(this, id, before, undefined, 'replace');
  }

  /** A copy that changes apart from this one. */
  fork(): Collection {
    const fork = new Collection(this.name, this.uuid, this.shape);
    fork.#records = this.#records.fork();
    fork.#indexes.clear();
    fork.#id = this.#id.fork();
    for (const [name, index] of this.#indexes) fork.#indexes.set(name, index === this.#id ? fork.#id : index.fork());
    fork.#maintained = [fork.#id, ...[...fork.#indexes.values()].filter((index) => index !== fork.#id)];
    fork.#weigh();
    return Object.assign(fork, { options: this.options, capped: this.capped, validator: this.validator, expireAfterSeconds: this.expireAfterSeconds });
  }

  /** Takes a change back; when all are, `settle` has to be called. */
  undo(id: RecordId, before: Buffer | undefined, after: Buffer | undefined): void {
    if (after) for (const index of this.#maintained) index.remove(index.keysOf(after).keys, id);
    if (before) for (const index of this.#maintained) index.add(index.keysOf(before), id);
    if (before) this.#records.put(id, before);
    else this.#records.delete(id);
    this.#weigh();
  }

  /** Puts the records back in natural order. */
  settle(): void {
    this.#records.settle();
  }

  /** The keys that a document would have in each unique index. */
  *uniqueKeys(document: Buffer): Generator<{ index: Index; keys: readonly string[] }> {
    for (const index of this.#maintained) if (index.spec.unique) yield { index, keys: index.keysOf(document).keys };
  }

  /**
   * Makes an index over the documents there are; a generator, which yields between pieces of the work, while documents
   * may change.
   * @throws StorageError duplicate-key, parallel-arrays, full; then there is no new index
   */
  *buildIndex(spec: IndexSpec): Generator<undefined, Index> {
    const index = new Index(spec);
    this.#maintained.push(index);
    let built = false;
    try {
      let count = 0;
      for (const [id, document] of this.#records.entries()) {
        const keys = index.keysOf(document);
        index.checkUnique(document, keys.keys, id);
        index.add(keys, id);
        this.#weigh();
        this.#room.check(0);
        if (++count % 500 === 0) yield undefined;
      }
      this.#indexes.set(spec.name, index);
      built = true;
      return index;
    } finally {
      if (!built) this.#forget(index);
    }
  }

  dropIndex(name: string): void {
    const index = this.#indexes.get(name);
    this.#indexes.delete(name);
    if (index) this.#forget(index);
  }

  /** What the server writes itself may be a little larger than what it holds. */
  #checkSize(document: Buffer): void {
    const most = this.name.startsWith('system.') ? maxDocumentBytes + 16 * 1024 : maxDocumentBytes;
    if (document.length > most) throw new StorageError({ kind: 'too-large', bytes: document.length });
  }

  #forget(index: Index): void {
    this.#maintained = this.#maintained.filter((other) => other !== index);
    this.#weigh();
  }
}
