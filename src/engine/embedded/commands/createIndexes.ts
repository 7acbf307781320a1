import { anything, bool, objects, readArguments, required, type ArgumentFields } from '../arguments.ts';
import { compareValues } from '../bson/compare.ts';
import { int32 } from '../bson/decode.ts';
import { showDoc } from '../bson/show.ts';
import { Doc } from '../bson/value.ts';
import type { CommandContext, CommandDefinition, Reply, Work } from '../command.ts';
import { MongoError } from '../errors.ts';
import { isGeneric } from '../generic-arguments.ts';
import { parseIndexSpec } from '../index-specs.ts';
import { collectionName } from '../namespace.ts';
import { SnapshotStore } from '../replication/snapshot.ts';
import { translateStorageError } from '../storage-errors.ts';
import type { Collection } from '../storage/collection.ts';
import type { IndexSpec } from '../storage/index-spec.ts';
import { viewsName, type Store } from '../storage/store.ts';
import { createCollection } from '../write-access.ts';

const fields = {
  createIndexes: anything, indexes: required(objects), ignoreUnknownIndexOptions: bool, commitQuorum: anything, isTimeseriesNamespace: bool,
} satisfies ArgumentFields;

const mostIndexes = 64;

/** https://www.mongodb.com/docs/manual/reference/command/createIndexes/ */
export const command: CommandDefinition = { stable: true, writes: true, fields, run: createIndexes };

function* createIndexes({ server, database, body }: CommandContext): Work<Reply> {
  const name = collectionName('createIndexes', database, body.get('createIndexes'));
  const args = readArguments('createIndexes', body, fields, isGeneric);
  if (args.indexes.length === 0) throw new MongoError('BadValue', 'Must specify at least one index to create');
  if (args.commitQuorum !== undefined && !server.replset) throw new MongoError('BadValue', 'Standalones can\'t specify commitQuorum');
  if (server.store.view(database, name)) throw new MongoError('CommandNotSupportedOnView', `Namespace ${database}.${name} is a view, not a collection`);
  if (name === viewsName) throw new MongoError('CannotCreateIndex', `cannot create indexes on ${database}.${name}`);
  const existing = server.store.collection(database, name);
  const specs = args.indexes.map((doc) => parseIndexSpec(doc, existing));
  const collection = existing ?? createCollection(server, database, name);
  const before = collection.indexes.size;
  const fresh: IndexSpec[] = [];
  const known = [...collection.indexes.values()].map(({ spec }) => spec);
  for (const spec of specs) if (!isKnown([...known, ...fresh], spec)) fresh.push(spec);
  if (before + fresh.length > mostIndexes) throw new MongoError('CannotCreateIndex', `add index fails, too many indexes for ${database}.${name} key:${showDoc((fresh[0] as IndexSpec).pattern)}`);
  if (existing && fresh.length > 0 && isOld(server.store, database, existing)) {
    throw new MongoError('OperationNotSupportedInTransaction', `Cannot create new indexes on existing collection ${database}.${name} in a multi-document transaction.`);
  }
  const built: string[] = [];
  try {
    for (const spec of fresh) {
      yield* collection.buildIndex(spec);
      built.push(spec.name);
    }
  } catch (error) {
    for (const made of built) collection.dropIndex(made);
    throw translateStorageError(error, `${database}.${name}`);
  }
  if (fresh.length > 0) server.replicaSet?.oplog.add({ kind: 'createIndexes', database, collection: name, uuid: collection.uuid, description: Doc.of({ indexes: fresh.map(({ shown }) => shown) }) });
  return Doc.of({
    numIndexesBefore: int32(before), numIndexesAfter: int32(collection.indexes.size),
    createdCollectionAutomatically: !existing,
    ...(fresh.length === 0 ? { note: 'all indexes already exist' } : {}),
  });
}

/** True in a transaction for what it has not made itself, or written to since: there it makes no indexes. */
function isOld(store: Store, database: string, collection: Collection): boolean {
  return store instanceof SnapshotStore && (collection.size > 0 || store.base.collection(database, collection.name) !== undefined);
}

function sameIndex(a: IndexSpec, b: IndexSpec): boolean {
  return a.name === b.name && compareValues(comparable(a), comparable(b)) === 0;
}

/** What tells two indexes on the same fields apart. */
function comparable(spec: IndexSpec): Doc {
  const doc = new Doc([['key', spec.pattern]]);
  doc.set('signature', signature(spec)).set('hidden', spec.hidden);
  if (spec.expireAfterSeconds !== undefined) doc.set('ttl', int32(spec.expireAfterSeconds));
  return doc;
}

/** What two indexes have to differ in to be on the same fields. */
function signature(spec: IndexSpec): Doc {
  const doc = new Doc([['key', spec.pattern]]);
  if (spec.partial) doc.set('partial', normal(spec.partial.query));
  if (spec.collation) doc.set('collation', spec.collation.options);
  if (spec.wildcard) doc.set('wildcard', spec.shown.get('wildcardProjection') ?? null);
  doc.set('unique', spec.unique).set('sparse', spec.sparse);
  return doc;
}

/** A query whose `$and` and `$or` are in an order of their own. */
function normal(query: Doc): Doc {
  return new Doc([...query].map(([name, value]) => {
    if ((name !== '$and' && name !== '$or') || !Array.isArray(value)) return [name, value];
    return [name, value.map((item) => (item instanceof Doc ? normal(item) : item)).toSorted(compareValues)];
  }));
}

/** True where there is such an index already. @throws MongoError where there is one that conflicts */
function isKnown(existing: readonly IndexSpec[], spec: IndexSpec): boolean {
  if (spec.name === '_id_') return true;
  for (const other of existing) {
    const sameSignature = compareValues(signature(other), signature(spec)) === 0;
    if (other.name === spec.name) {
      if (sameSignature && sameIndex(other, spec)) return true;
      const code = sameSignature ? 'IndexOptionsConflict' : 'IndexKeySpecsConflict';
      const text = code === 'IndexOptionsConflict'
        ? `An equivalent index already exists with the same name but different options. Requested index: ${showDoc(spec.shown)}, existing index: ${showDoc(other.shown)}`
        : `An existing index has the same name as the requested index. When index names are not specified, they are auto generated and can cause conflicts. Please refer to our documentation. Requested index: ${showDoc(spec.shown)}, existing index: ${showDoc(other.shown)}`;
      throw new MongoError(code, text);
    }
    if (sameSignature) {
      throw new MongoError('IndexOptionsConflict', compareValues(comparable(other), comparable(spec)) === 0
        ? `Index already exists with a different name: ${other.name}`
        : `An equivalent index already exists with a different name and options. Requested index: ${showDoc(spec.shown)}, existing index: ${showDoc(other.shown)}`);
    }
  }
  return false;
}
