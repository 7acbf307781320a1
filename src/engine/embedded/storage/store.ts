import { Collection } from './collection.ts';

/** All databases of one engine, in memory. A database is there while it has a collection. */
export class Store {
  readonly #databases = new Map<string, Map<string, Collection>>();

  databaseNames(): string[] {
    return [...this.#databases.keys()].sort();
  }

  collections(database: string): Collection[] {
    return [...(this.#databases.get(database)?.values() ?? [])];
  }

  find(database: string, name: string): Collection | undefined {
    return this.#databases.get(database)?.get(name);
  }

  /** The collection, made where it is missing. */
  obtain(database: string, name: string): Collection {
    let collections = this.#databases.get(database);
    if (!collections) this.#databases.set(database, (collections = new Map()));
    let collection = collections.get(name);
    if (!collection) collections.set(name, (collection = new Collection(name)));
    return collection;
  }

  /** Puts a collection in the place of a name. */
  put(database: string, name: string, collection: Collection): void {
    this.obtain(database, name);
    this.#databases.get(database)?.set(name, collection);
  }

  drop(database: string, name: string): boolean {
    const collections = this.#databases.get(database);
    const dropped = collections?.delete(name) ?? false;
    if (collections?.size === 0) this.#databases.delete(database);
    return dropped;
  }

  dropDatabase(database: string): boolean {
    return this.#databases.delete(database);
  }
}
