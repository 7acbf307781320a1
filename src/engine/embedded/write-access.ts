import { decodeDocument } from './bson/decode.ts';
import { Doc } from './bson/value.ts';
import type { Work } from './command.ts';
import { MongoError } from './errors.ts';
import { checkNewCollectionName } from './namespace.ts';
import type { Server } from './server-state.ts';
import { translateStorageError } from './storage-errors.ts';
import { viewsName } from './storage/store.ts';
import type { ChangeKind, Collection } from './storage/collection.ts';
import type { CollectionShape } from './storage/shape.ts';

/** A collection that is written to, by its name: it is made by the first document, as MongoDB makes it. */
export class WriteTarget {
  readonly server: Server;
  readonly database: string;
  readonly name: string;
  readonly #validates: boolean;

  /** @throws MongoError where the name is a view's, or not one that can be written to */
  constructor(server: Server, database: string, name: string, options: { bypassDocumentValidation?: boolean | undefined } = {}) {
    this.server = server;
    this.database = database;
    this.name = name;
    this.#validates = options.bypassDocumentValidation !== true;
    if (name === viewsName) throw new MongoError('InvalidNamespace', `cannot write to ${database}.${name}: views are made by 'create'`);
    if (server.store.view(database, name)) {
      throw new MongoError('CommandNotSupportedOnView', `Namespace ${database}.${name} is a view, not a collection`);
    }
    if (server.transactional && this.collection?.capped) {
      throw new MongoError('OperationNotSupportedInTransaction', `Collection '${database}.${name}' is a capped collection. Writes in transactions are not allowed on capped collections.`);
    }
  }

  get namespace(): string {
    return `${this.database}.${this.name}`;
  }

  get collection(): Collection | undefined {
    return this.server.store.collection(this.database, this.name);
  }

  /** True while transactions are open that a write outside of them may have to wait for. */
  get mayWait(): boolean {
    const { replicaSet, transactional } = this.server;
    return replicaSet !== undefined && replicaSet.open.size > 0 && !transactional;
  }

  /** True while an open transaction has a document with one of this one's unique keys, which nobody else sees: whether there will be one is not known yet. */
  mustWait(document: Buffer): boolean {
    const { collection } = this;
    if (!collection || !this.mayWait) return false;
    const open = this.server.replicaSet?.open ?? [];
    try {
      for (const { index, keys } of collection.uniqueKeys(document)) {
        for (const key of keys) {
          // One that everybody sees is a duplicate at once.
          if (index.entries.find(key) !== undefined) continue;
          for (const transaction of open) if (transaction.hasWritten(collection, index.spec.name, key)) return true;
        }
      }
    } catch (error) {
      throw translateStorageError(error, this.namespace);
    }
    return false;
  }

  /** Stores a new document, at once where it can; else what is returned waits for the transaction that has its key. */
  insertWhenFree(document: Buffer): Work<void> | undefined {
    if (this.mustWait(document)) return insertLater(this, document);
    this.insert(document);
    return undefined;
  }

  /** Stores a new document, whose bytes are the collection's from now on. */
  insert(document: Buffer): void {
    const collection = this.collection ?? createCollection(this.server, this.database, this.name);
    this.#check(collection, document, undefined);
    try {
      collection.insert(document);
    } catch (error) {
      throw translateStorageError(error, this.namespace);
    }
  }

  /** Stores another document in a record's place. */
  replace(id: number, document: Buffer, before: Buffer, how: ChangeKind = []): void {
    const { collection } = this;
    if (!collection) return;
    this.#check(collection, document, before);
    try {
      collection.replace(id, document, how);
    } catch (error) {
      throw translateStorageError(error, this.namespace);
    }
  }

  #check({ validator }: Collection, document: Buffer, before: Buffer | undefined): void {
    if (!validator || !this.#validates || validator.level === 'off' || validator.action === 'warn') return;
    if (validator.filter.matches(document)) return;
    // `moderate` lets a document that was wrong before stay wrong.
    if (before && validator.level === 'moderate' && !validator.filter.matches(before)) return;
    const doc = decodeDocument(document);
    const errInfo = Doc.of({ failingDocumentId: doc.get('_id'), details: validator.explain(doc) });
    throw new MongoError('DocumentValidationFailure', 'Document failed validation', Doc.of({ errInfo }));
  }
}

function* insertLater(target: WriteTarget, document: Buffer): Work<void> {
  while (target.mustWait(document)) yield undefined;
  target.insert(document);
}

/** Waits until no open transaction has written a record. */
export function* released(collection: Collection, id: number): Work<void> {
  while (collection.holders.has(id)) yield undefined;
}

/** @throws MongoError where the name is not one for a new collection, or a database's differs in case alone */
export function createCollection(server: Server, database: string, name: string, shape?: CollectionShape): Collection {
  checkNewCollectionName(database, name);
  checkDatabaseCase(server, database);
  try {
    return server.store.createCollection(database, name, shape);
  } catch (error) {
    throw translateStorageError(error, `${database}.${name}`);
  }
}

/** @throws MongoError where a database's name differs in case alone */
export function checkDatabaseCase(server: Server, database: string): void {
  const other = server.store.databaseOfOtherCase(database);
  if (other) throw new MongoError(13297, `db already exists with different case already have: [${other.name}] trying to create [${database}]`);
}
