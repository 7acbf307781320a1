import { anything, readArguments, required, type ArgumentFields } from '../arguments.ts';
import { int32 } from '../bson/decode.ts';
import { showDoc } from '../bson/show.ts';
import { Doc, typeName, type Value } from '../bson/value.ts';
import type { CommandDefinition } from '../command.ts';
import { MongoError } from '../errors.ts';
import { isGeneric } from '../generic-arguments.ts';
import { samePattern } from '../find-documents.ts';
import { collectionName } from '../namespace.ts';
import type { Collection } from '../storage/collection.ts';

const fields = { dropIndexes: anything, index: required(anything), isTimeseriesNamespace: anything } satisfies ArgumentFields;

/** https://www.mongodb.com/docs/manual/reference/command/dropIndexes/ */
export const command: CommandDefinition = {
  aliases: ['deleteIndexes'], stable: true, writes: true, fields: { ...fields, deleteIndexes: anything },
  run({ server, database, body, name: called }) {
    const name = collectionName('dropIndexes', database, body.get(called));
    const args = readArguments('dropIndexes', body, { ...fields, deleteIndexes: anything }, isGeneric);
    if (server.store.view(database, name)) throw new MongoError('CommandNotSupportedOnView', `Namespace ${database}.${name} is a view, not a collection`);
    const collection = server.store.collection(database, name);
    if (!collection) throw new MongoError('NamespaceNotFound', `ns not found ${database}.${name}`);
    const before = collection.indexes.size;
    const drop = (names: readonly string[]): void => {
      const indexes = names.map((index) => collection.indexes.get(index)?.spec.shown ?? new Doc());
      for (const index of names) collection.dropIndex(index);
      if (names.length > 0) server.replicaSet?.oplog.add({ kind: 'dropIndexes', database, collection: name, uuid: collection.uuid, description: Doc.of({ indexes }) });
    };
    if (args.index === '*' || (Array.isArray(args.index) && args.index.length === 1 && args.index[0] === '*')) {
      drop([...collection.indexes.keys()].filter((index) => index !== '_id_'));
      return Doc.of({ nIndexesWas: int32(before), msg: 'non-_id indexes dropped for collection' });
    }
    drop(chosen(collection, args.index));
    return Doc.of({ nIndexesWas: int32(before) });
  },
};

/** The names of the indexes that the argument means. @throws MongoError where one is not there */
function chosen(collection: Collection, argument: Value): string[] {
  if (Array.isArray(argument)) {
    const repeated = argument.find((item, at) => typeof item === 'string' && argument.indexOf(item) < at);
    if (repeated !== undefined) throw new MongoError('IndexNotFound', `index not found with name [${String(repeated)}]`);
    return argument.map((item, at) => {
      if (typeof item !== 'string') throw new MongoError('TypeMismatch', `BSON field 'dropIndexes.index.${at}' is the wrong type '${typeName(item)}', expected type 'string'`);
      return byName(collection, item);
    });
  }
  if (typeof argument === 'string') return [byName(collection, argument)];
  if (!(argument instanceof Doc)) {
    throw new MongoError('TypeMismatch', `BSON field 'dropIndexes.index' is the wrong type '${typeName(argument)}', expected types '[string, object]'`);
  }
  if (collection.clustered && samePattern(collection.clustered.spec.pattern, argument)) throw notClustered();
  const found = [...collection.indexes.values()].filter(({ spec }) => samePattern(spec.pattern, argument));
  if (found.length === 0) throw new MongoError('IndexNotFound', `can't find index with key: ${showDoc(argument)}`);
  if (found.length > 1) {
    throw new MongoError('AmbiguousIndexKeyPattern', `${found.length} indexes found for key: ${showDoc(argument)}, identify by name instead. Conflicting indexes: ${found.map(({ spec }) => showDoc(spec.shown)).join(', ')}`);
  }
  return found.map(({ spec }) => byName(collection, spec.name));
}

const notClustered = (): MongoError => new MongoError(5979800, 'It is illegal to drop the clustered index');

function byName(collection: Collection, name: string): string {
  if (collection.clustered?.spec.name === name) throw notClustered();
  if (name === '_id_') throw new MongoError('InvalidOptions', 'cannot drop _id index');
  if (!collection.indexes.has(name)) throw new MongoError('IndexNotFound', `index not found with name [${name}]`);
  return name;
}
