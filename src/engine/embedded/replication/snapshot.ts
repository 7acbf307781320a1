import { MongoError } from '../errors.ts';
import type { Collection } from '../storage/collection.ts';
import type { CollectionShape } from '../storage/shape.ts';
import { Store, type Database, type View } from '../storage/store.ts';
import type { Oplog } from './oplog.ts';

/** What was done since the moment that is to be read is no longer known. */
export const tooOld = (): MongoError => new MongoError(246, 'Read timestamp is older than the oldest available timestamp.');

/** The data as it was at one moment, and what is written to it since: collections are copied when they are asked for. */
export class SnapshotStore extends Store {
  readonly base: Store;
  /** Collections of the moment, by namespace; those made since have no `of`. */
  readonly forks = new Map<string, { database: string; collection: Collection; of: Collection | undefined }>();
  readonly #oplog: Oplog;
  /** The number of the first change that is not seen. */
  readonly #until: number;
  readonly #forked: (fork: Collection, of: Collection | undefined) => void;

  constructor(base: Store, oplog: Oplog, until: number, forked: (fork: Collection, of: Collection | undefined) => void = () => undefined) {
    super();
    this.base = base;
    this.#oplog = oplog;
    this.#until = until;
    this.#forked = forked;
  }

  override databases(): Database[] {
    return this.base.databases();
  }

  override database(name: string): Database | undefined {
    return this.base.database(name);
  }

  override databaseOfOtherCase(name: string): Database | undefined {
    return this.base.databaseOfOtherCase(name);
  }

  override view(database: string, name: string): View | undefined {
    return this.base.view(database, name);
  }

  /** @throws MongoError where what was done since that moment is no longer known */
  override collection(database: string, name: string): Collection | undefined {
    const namespace = `${database}.${name}`;
    const known = this.forks.get(namespace);
    if (known) return known.collection;
    const of = this.base.collection(database, name);
    if (!of) return undefined;
    if (this.#until < this.#oplog.start) throw tooOld();
    const fork = of.fork();
    for (let number = this.#oplog.end - 1; number >= this.#until; number--) {
      const entry = this.#oplog.entry(number);
      if (entry?.id === undefined || entry.uuid !== of.uuid) continue;
      fork.undo(entry.id, entry.before, entry.after);
    }
    fork.settle();
    return this.#keep(database, fork, of);
  }

  override createCollection(database: string, name: string, shape?: CollectionShape): Collection {
    const made = super.createCollection(database, name, shape);
    return this.#keep(database, made, undefined);
  }

  #keep(database: string, collection: Collection, of: Collection | undefined): Collection {
    this.forks.set(`${database}.${collection.name}`, { database, collection, of });
    this.#forked(collection, of);
    return collection;
  }
}
