import { anything, readArguments, required, strictBool, text, type ArgumentFields } from '../arguments.ts';
import { Doc } from '../bson/value.ts';
import { checkCollectionUuid, uuid } from '../collection-uuid.ts';
import type { CommandDefinition } from '../command.ts';
import { MongoError } from '../errors.ts';
import { isGeneric } from '../generic-arguments.ts';
import { checkDatabaseName, checkNewCollectionName } from '../namespace.ts';
import type { Database } from '../storage/store.ts';

const fields = { renameCollection: required(text), to: required(text), dropTarget: anything, stayTemp: strictBool, collectionUUID: uuid } satisfies ArgumentFields;

/** https://www.mongodb.com/docs/manual/reference/command/renameCollection/ */
export const command: CommandDefinition = {
  adminOnly: true, writes: true, fields,
  run({ server, body }) {
    const args = readArguments('renameCollection', body, fields, isGeneric);
    const [fromDatabase, fromName] = split(args.renameCollection, 'source');
    const [toDatabase, toName] = split(args.to, 'target');
    checkDatabaseName(toDatabase);
    checkNewCollectionName(toDatabase, toName);
    const dropTarget = args.dropTarget === true || (args.dropTarget !== undefined && args.dropTarget !== false && args.dropTarget !== null);
    if (args.renameCollection === args.to) throw new MongoError('IllegalOperation', "Can't rename a collection to itself");
    checkCollectionUuid(server, fromDatabase, fromName, args.collectionUUID);
    if (server.store.view(fromDatabase, fromName)) throw new MongoError('CommandNotSupportedOnView', `cannot rename view: ${args.renameCollection}`);
    const collection = server.store.collection(fromDatabase, fromName);
    if (!collection) throw new MongoError('NamespaceNotFound', `Source collection ${args.renameCollection} does not exist`);
    if (server.store.view(toDatabase, toName)) throw new MongoError('NamespaceExists', `a view already exists with that name: ${args.to}`);
    if (server.store.collection(toDatabase, toName) && !dropTarget) throw new MongoError('NamespaceExists', 'target namespace exists');
    server.store.rename(collection, server.store.database(fromDatabase) as Database, toDatabase, toName);
    server.cursors.killNamespace(args.renameCollection, 'collection renamed');
    server.cursors.killNamespace(args.to, 'collection renamed');
    return new Doc();
  },
};

function split(namespace: string, which: string): [string, string] {
  const dot = namespace.indexOf('.');
  if (dot <= 0 || dot === namespace.length - 1) throw new MongoError('InvalidNamespace', `Invalid ${which} namespace: ${namespace}`);
  return [namespace.slice(0, dot), namespace.slice(dot + 1)];
}
