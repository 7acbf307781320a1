import { randomBytes } from 'node:crypto';
import { encodeDocument } from '../bson/encode.ts';
import { Binary, Doc, type Value } from '../bson/value.ts';
import { Collection } from './collection.ts';
import { overhead, Room } from './room.ts';
import type { CollectionShape } from './shape.ts';

/** The collection in which a database's views stand. */
export const viewsName = 'system.views';

/** A stored pipeline over another collection. */
export interface View {
  readonly name: string;
  on: string;
  pipeline: Value[];
  options: Doc;
}

/** One database's collections and views. */
export class Database {
  readonly name: string;
  readonly collections = new Map<string, Collection>();
  readonly views = new Map<string, View>();

  constructor(name: string) {
    this.name = name;
  }

  /** True where nothing is in it: a database is there as long as a collection is. */
  get empty(): boolean {
    return this.collections.size === 0 && this.views.size === 0;
  }
}

/** Told of what becomes of collections: how a replica set remembers it. */
export interface StoreWatcher {
  made(database: string, collection: Collection): void;
  dropped(database: string, collection: Collection): void;
  /** @param replaced the collection that was there before */
  renamed(from: { database: string; collection: string }, to: { database: string; collection: string }, collection: Collection, replaced: Collection | undefined): void;
  viewMade(database: string, view: View): void;
  viewDropped(database: string, name: string): void;
  databaseDropped(database: string): void;
}

/** All that is stored. Memory only. */
export class Store {
  watcher: StoreWatcher | undefined;
  readonly room: Room;
  readonly #databases = new Map<string, Database>();

  /** @param maxBytes where it refuses to store more */
  constructor(maxBytes = Infinity) {
    this.room = new Room(maxBytes);
  }

  /** The databases that hold something, by name. */
  databases(): Database[] {
    return [...this.#databases.values()].filter((database) => !database.empty).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  database(name: string): Database | undefined {
    return this.#databases.get(name);
  }

  /** A database whose name differs in case alone, which MongoDB forbids. */
  databaseOfOtherCase(name: string): Database | undefined {
    const lower = name.toLowerCase();
    return this.databases().find((database) => database.name !== name && database.name.toLowerCase() === lower);
  }

  collection(database: string, name: string): Collection | undefined {
    return this.#databases.get(database)?.collections.get(name);
  }

  view(database: string, name: string): View | undefined {
    return this.#databases.get(database)?.views.get(name);
  }

  /** Makes a database where there is none; it shows once something is in it. */
  ensureDatabase(name: string): Database {
    let database = this.#databases.get(name);
    if (!database) {
      database = new Database(name);
      this.#databases.set(name, database);
    }
    return database;
  }

  /** @throws StorageError full */
  createCollection(database: string, name: string, shape?: CollectionShape): Collection {
    const collection = new Collection(name, newUuid(), shape, this.room);
    this.ensureDatabase(database).collections.set(name, collection);
    this.watcher?.made(database, collection);
    return collection;
  }

  /** @throws StorageError full */
  createView(database: string, view: View): void {
    this.room.check(overhead.collection);
    this.#record(database, view.name, view.options);
    this.ensureDatabase(database).views.set(view.name, view);
    this.room.used += overhead.collection;
    this.watcher?.viewMade(database, view);
  }

  /** @throws StorageError full */
  changeView(database: string, view: View, on: string, pipeline: Value[]): void {
    const options = new Doc(view.options).set('viewOn', on).set('pipeline', pipeline) as Doc;
    this.#record(database, view.name, options);
    Object.assign(view, { on, pipeline, options });
  }

  /** Views stand in a collection of their database too, which anybody can read. */
  #record(database: string, name: string, options: Doc): void {
    const { collections } = this.ensureDatabase(database);
    const record = encodeDocument(new Doc([['_id', `${database}.${name}`], ...options]));
    const recorded = collections.get(viewsName) ?? new Collection(viewsName, newUuid(), {}, this.room);
    collections.set(viewsName, recorded);
    const id = recorded.findById(record);
    if (id === undefined) recorded.insert(record);
    else recorded.replace(id, record);
  }

  #forgetView(database: Database, name: string): boolean {
    const recorded = database.collections.get(viewsName);
    const id = recorded?.findById(encodeDocument(Doc.of({ _id: `${database.name}.${name}` })));
    if (id !== undefined) recorded?.remove(id);
    const known = database.views.delete(name);
    if (known) {
      this.room.used -= overhead.collection;
      this.watcher?.viewDropped(database.name, name);
    }
    return known;
  }

  #forgetViews({ views }: Database): void {
    this.room.used -= views.size * overhead.collection;
    views.clear();
  }

  /** False where there was neither a collection nor a view of that name. */
  drop(database: string, name: string): boolean {
    const known = this.#databases.get(database);
    if (!known) return false;
    const collection = known.collections.get(name);
    if (collection) {
      collection.release();
      this.watcher?.dropped(database, collection);
    }
    if (name === viewsName) this.#forgetViews(known);
    return known.collections.delete(name) || this.#forgetView(known, name);
  }

  dropDatabase(name: string): boolean {
    const database = this.#databases.get(name);
    if (!database) return false;
    for (const collection of database.collections.values()) {
      collection.release();
      this.watcher?.dropped(name, collection);
    }
    if (!database.empty) this.watcher?.databaseDropped(name);
    const held = !database.empty;
    this.#forgetViews(database);
    return this.#databases.delete(name) && held;
  }

  rename(collection: Collection, from: Database, to: string, name: string): void {
    const before = { database: from.name, collection: collection.name };
    from.collections.delete(collection.name);
    const target = this.ensureDatabase(to);
    const replaced = target.collections.get(name);
    replaced?.release();
    collection.name = name;
    target.collections.set(name, collection);
    this.watcher?.renamed(before, { database: to, collection: name }, collection, replaced);
  }
}

/** A random UUID, version 4, as BSON has it. */
export function newUuid(): Binary {
  const bytes = randomBytes(16);
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  return new Binary(4, new Uint8Array(bytes));
}
