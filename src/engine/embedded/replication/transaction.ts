import { MongoError } from '../errors.ts';
import type { ChangeKind, Collection, ChangeListener } from '../storage/collection.ts';
import type { RecordId } from '../storage/ordered-keys.ts';
import type { Store } from '../storage/store.ts';
import { translateStorageError } from '../storage-errors.ts';
import type { ChangeOrigin, Oplog } from './oplog.ts';
import { SnapshotStore } from './snapshot.ts';

interface Write {
  id: RecordId;
  before: Buffer | undefined;
  after: Buffer | undefined;
  how: ChangeKind;
}

/** Minutes and more are too long: https://www.mongodb.com/docs/manual/core/transactions-production-consideration/ */
const lifetimeMs = 60_000;

const conflict = (): MongoError => new MongoError('WriteConflict', 'Caused by :: Write conflict during plan execution and yielding is disabled. :: Please retry your operation or multi-document transaction.');

/**
 * A transaction: it reads the data as it was when it began and its own writes, which nobody else sees until it commits.
 * Who writes a document first wins; the other is told to try again.
 */
export class Transaction {
  readonly store: SnapshotStore;
  readonly #startedAt = performance.now();
  readonly #open: Set<Transaction>;
  readonly #oplog: Oplog;
  readonly #writes = new Map<Collection, Write[]>();
  /** The records of each that it has written. */
  readonly #written = new Map<Collection, Set<RecordId>>();
  /** The records of the stored collections that are held. */
  readonly #held = new Map<Collection, Set<RecordId>>();

  /** @param open the transactions that are open, of which this becomes one */
  constructor(base: Store, oplog: Oplog, open: Set<Transaction>) {
    this.#oplog = oplog;
    this.#open = open;
    this.store = new SnapshotStore(base, oplog, oplog.end, (fork, of) => { fork.listener = this.#listener(of); });
    open.add(this);
  }

  get expired(): boolean {
    return performance.now() - this.#startedAt > lifetimeMs;
  }

  #listener(of: Collection | undefined): ChangeListener {
    return {
      changed: (fork, id, before, after, how) => {
        if (of) this.#claim(fork, of, id, before, after);
        ofIn(this.#writes, fork, () => []).push({ id, before, after, how });
        ofIn(this.#written, fork, () => new Set()).add(id);
      },
    };
  }

  /** @throws MongoError WriteConflict where another has written what is being written */
  #claim(fork: Collection, of: Collection, id: RecordId, before: Buffer | undefined, after: Buffer | undefined): void {
    const held = ofIn(this.#held, of, () => new Set());
    if (before && !this.#written.get(fork)?.has(id)) {
      if (of.get(id) !== before || of.holders.has(id)) throw conflict();
      of.holders.set(id, this);
      held.add(id);
    }
    if (!after) return;
    for (const { index, keys } of of.uniqueKeys(after)) {
      for (const key of keys) {
        const other = index.entries.find(key);
        // A record that this transaction has changed no longer has the key. One of the same number may be another's: both count on from where it began.
        if (other !== undefined && !held.has(other)) throw conflict();
        for (const transaction of this.#open) if (transaction !== this && transaction.hasWritten(of, index.spec.name, key)) throw conflict();
      }
    }
  }

  /** True where a document that it has written has this key of an index. */
  hasWritten(of: Collection, index: string, key: string): boolean {
    for (const fork of this.store.forks.values()) {
      if (fork.of !== of) continue;
      const id = fork.collection.indexNamed(index)?.entries.find(key);
      if (id !== undefined && this.#written.get(fork.collection)?.has(id)) return true;
    }
    return false;
  }

  /** Makes its writes everybody's. @throws MongoError where that can no longer be done; then nothing has changed */
  commit(origin: ChangeOrigin): void {
    this.#release();
    this.#oplog.origin = origin;
    try {
      for (const { database, collection: fork, of } of this.store.forks.values()) this.#apply(database, fork, of);
    } finally {
      this.#oplog.origin = undefined;
    }
  }

  #apply(database: string, fork: Collection, of: Collection | undefined): void {
    const { base } = this.store;
    const writes = this.#writes.get(fork) ?? [];
    if (of && (of.dropped || base.collection(database, fork.name) !== of)) {
      if (writes.length > 0) throw conflict();
      return;
    }
    if (!of && base.collection(database, fork.name)) throw conflict();
    const target = of ?? base.createCollection(database, fork.name, fork.shape);
    if (!of) Object.assign(target, { options: fork.options, validator: fork.validator, capped: fork.capped, preImages: fork.preImages, expireAfterSeconds: fork.expireAfterSeconds });
    for (const { spec } of fork.indexes.values()) if (!target.indexes.has(spec.name)) drain(target.buildIndex(spec));
    const records = new Map<RecordId, RecordId>();
    try {
      for (const { id, before, after, how } of writes) {
        const known = records.get(id) ?? id;
        if (!before && after) records.set(id, target.insert(after));
        else if (after) target.replace(known, after, how);
        else target.remove(known);
      }
    } catch (error) {
      throw translateStorageError(error, `${database}.${fork.name}`);
    }
  }

  /** Forgets its writes. */
  abort(): void {
    this.#release();
  }

  #release(): void {
    this.#open.delete(this);
    for (const [collection, ids] of this.#held) for (const id of ids) collection.holders.delete(id);
  }
}

/** What a map holds of a collection, made where there is nothing yet. */
function ofIn<T>(map: Map<Collection, T>, collection: Collection, make: () => T): T {
  let known = map.get(collection);
  if (known === undefined) map.set(collection, (known = make()));
  return known;
}

function drain(work: Iterator<unknown>): void {
  while (!work.next().done);
}
