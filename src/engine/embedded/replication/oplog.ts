import { Doc, Timestamp, type Binary } from '../bson/value.ts';
import type { Collection, ChangeListener } from '../storage/collection.ts';
import type { StoreWatcher, View } from '../storage/store.ts';
import type { RecordId } from '../storage/ordered-keys.ts';

/** Which transaction a change was part of. */
export interface ChangeOrigin {
  lsid: Doc;
  txnNumber: bigint;
}

/** One thing that happened to the data, in order. */
export interface OplogEntry {
  /** Unlike any other's. */
  time: Timestamp;
  at: number;
  kind: 'insert' | 'update' | 'replace' | 'delete' | 'create' | 'drop' | 'rename' | 'dropDatabase' | 'createIndexes' | 'dropIndexes' | 'modify';
  database: string;
  collection: string;
  uuid: Binary | undefined;
  id?: RecordId;
  before?: Buffer | undefined;
  after?: Buffer | undefined;
  /** `update`: the paths whose values were put in as a whole. */
  wholes?: readonly string[] | undefined;
  /** `rename`: where to, and whether a collection was there. */
  to?: { database: string; collection: string };
  /** `create`, and what becomes of a view: what it is of. */
  of?: 'collection' | 'view';
  /** What was done to indexes and options, for those who ask for all events. */
  description?: Doc;
  /** With whole documents before the change: `changeStreamPreAndPostImages`. */
  images?: boolean;
  origin?: ChangeOrigin | undefined;
}

/** The most entries that are kept, and the most bytes of their documents. */
const mostEntries = 50_000;
const mostBytes = 64 * 1024 * 1024;
/** How far above that it may grow, so that what is left is not copied at every write. */
const slack = 1.125;

/** What a replica set remembers of its changes: what snapshots are made from and change streams read. */
export class Oplog implements StoreWatcher {
  #entries: OplogEntry[] = [];
  /** The number of the first entry that is kept. */
  #first = 0;
  #bytes = 0;
  #second = Math.floor(Date.now() / 1000);
  #increment = 1;
  /** Set while a transaction is committed: its changes say so. */
  origin: ChangeOrigin | undefined;

  /** The time of the last change. */
  get time(): Timestamp {
    return new Timestamp(this.#second, this.#increment);
  }

  /** The number that the next entry will have. */
  get end(): number {
    return this.#first + this.#entries.length;
  }

  /** The number of the oldest entry that is kept. */
  get start(): number {
    return this.#first;
  }

  entry(number: number): OplogEntry | undefined {
    return this.#entries[number - this.#first];
  }

  /** The number of the first entry at or after a time. */
  find(time: Timestamp): number {
    let [low, high] = [0, this.#entries.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = (this.#entries[middle] as OplogEntry).time;
      if (other.t < time.t || (other.t === time.t && other.i < time.i)) low = middle + 1;
      else high = middle;
    }
    return this.#first + low;
  }

  add(entry: Omit<OplogEntry, 'time' | 'at' | 'origin'>): void {
    const now = Math.floor(Date.now() / 1000);
    if (now > this.#second) [this.#second, this.#increment] = [now, 1];
    else this.#increment++;
    this.#entries.push({ time: this.time, at: Date.now(), origin: this.origin, ...entry });
    this.#bytes += sizeOf(entry);
    if (this.#entries.length > mostEntries * slack || this.#bytes > mostBytes * slack) this.#trim();
  }

  #trim(): void {
    let count = Math.max(0, this.#entries.length - mostEntries);
    for (let at = 0; at < count; at++) this.#bytes -= sizeOf(this.#entries[at] as OplogEntry);
    while (this.#bytes > mostBytes && count < this.#entries.length) this.#bytes -= sizeOf(this.#entries[count++] as OplogEntry);
    this.#entries = this.#entries.slice(count);
    this.#first += count;
  }

  made(database: string, collection: Collection): void {
    const description = new Doc(collection.clustered ? [] : [['idIndex', collection.idIndex.spec.shown]]);
    this.add({ kind: 'create', database, collection: collection.name, uuid: collection.uuid, of: 'collection', description });
    collection.listener = this.#listener(database);
  }

  #listener(database: string): ChangeListener {
    return {
      changed: (collection, id, before, after, how) => {
        const kind = !before ? 'insert' : !after ? 'delete' : how === 'replace' ? how : 'update';
        this.add({ kind, database, collection: collection.name, uuid: collection.uuid, id, before, after, images: collection.preImages, wholes: how === 'replace' ? undefined : how });
      },
    };
  }

  dropped(database: string, collection: Collection): void {
    this.add({ kind: 'drop', database, collection: collection.name, uuid: collection.uuid });
  }

  renamed(from: { database: string; collection: string }, to: { database: string; collection: string }, collection: Collection, replaced: Collection | undefined): void {
    const description = Doc.of({ to: Doc.of({ db: to.database, coll: to.collection }), ...(replaced ? { dropTarget: replaced.uuid } : {}) });
    this.add({ kind: 'rename', ...from, uuid: collection.uuid, to, description });
    collection.listener = this.#listener(to.database);
  }

  viewMade(database: string, { name, options }: View): void {
    this.add({ kind: 'create', database, collection: name, uuid: undefined, of: 'view', description: new Doc(options) });
  }

  viewDropped(database: string, name: string): void {
    this.add({ kind: 'drop', database, collection: name, uuid: undefined, of: 'view' });
  }

  databaseDropped(database: string): void {
    this.add({ kind: 'dropDatabase', database, collection: '', uuid: undefined });
  }
}

const sizeOf = ({ before, after }: { before?: Buffer | undefined; after?: Buffer | undefined }): number => 200 + (before?.length ?? 0) + (after?.length ?? 0);
