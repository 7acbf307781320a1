import { anything, readArguments, required, strictBool, text, wrongType, type ArgumentFields } from '../arguments.ts';
import { Binary, Doc, type Value } from '../bson/value.ts';
import { checkCollectionUuid, uuid } from '../collection-uuid.ts';
import type { CommandDefinition } from '../command.ts';
import { MongoError } from '../errors.ts';
import { isGeneric } from '../generic-arguments.ts';
import { checkDatabaseName, checkNewCollectionName } from '../namespace.ts';
import { checkDatabaseCase } from '../write-access.ts';
import type { Database } from '../storage/store.ts';

const fields = { renameCollection: required(text), to: required(text), dropTarget: { ...anything, takesNull: true }, stayTemp: strictBool, collectionUUID: uuid } satisfies ArgumentFields;

/** https://www.mongodb.com/docs/manual/reference/command/renameCollection/ */
export const command: CommandDefinition = {
  adminOnly: true, writes: true, fields,
  run({ server, body }) {
    const args = readArguments('renameCollection', body, fields, isGeneric);
    const [fromDatabase, fromName] = split(args.renameCollection, 'source');
    const [toDatabase, toName] = split(args.to, 'target');
    for (const [which, namespace] of [['source', args.renameCollection], ['target', args.to]] as const) checkRenamed(which, namespace);
    checkDatabaseName(fromDatabase);
    if (fromName.startsWith('.') || fromName.includes('\0')) throw new MongoError('InvalidNamespace', `Invalid source namespace: ${args.renameCollection}`);
    checkDatabaseName(toDatabase);
    checkNewCollectionName(toDatabase, toName);
    const dropTarget = readDropTarget(args.dropTarget);
    if (args.renameCollection === args.to) throw new MongoError('IllegalOperation', "Can't rename a collection to itself");
    if (fromName.startsWith('system.')) throw new MongoError('IllegalOperation', `error with source namespace: cannot rename system collection: ${args.renameCollection}`);
    if (dropTarget instanceof Binary) {
      if (fromDatabase !== toDatabase) throw new MongoError('InvalidOptions', 'The dropTarget UUID is not for renames across databases');
      checkCollectionUuid(server, toDatabase, toName, dropTarget);
    }
    checkCollectionUuid(server, fromDatabase, fromName, args.collectionUUID);
    if (server.store.view(fromDatabase, fromName)) throw new MongoError('CommandNotSupportedOnView', `cannot rename view: ${args.renameCollection}`);
    const collection = server.store.collection(fromDatabase, fromName);
    if (!collection) throw new MongoError('NamespaceNotFound', `Source collection ${args.renameCollection} does not exist`);
    if (server.store.view(toDatabase, toName)) throw new MongoError('NamespaceExists', `a view already exists with that name: ${args.to}`);
    checkDatabaseCase(server, toDatabase);
    if (server.store.collection(toDatabase, toName) && !dropTarget) throw new MongoError('NamespaceExists', 'target namespace exists');
    server.store.rename(collection, server.store.database(fromDatabase) as Database, toDatabase, toName);
    server.cursors.killNamespace(args.renameCollection, 'collection renamed');
    server.cursors.killNamespace(args.to, 'collection renamed');
    return new Doc();
  },
};

/** True, or the UUID that the target has to have. */
function readDropTarget(value: Value | undefined): boolean | Binary {
  if (value === undefined || typeof value === 'boolean') return value ?? false;
  if (!(value instanceof Binary)) throw wrongType('renameCollection.dropTarget', value, ['bool', 'binData']);
  if (value.subtype !== 4) throw new MongoError('InvalidUUID', 'dropTarget must be a UUID');
  return uuid.parse(value, 'renameCollection.dropTarget');
}

/** @throws MongoError IllegalOperation where the name is one that is never renamed, or renamed to */
function checkRenamed(which: 'source' | 'target', namespace: string): void {
  const illegal = (why: string): MongoError => new MongoError('IllegalOperation', `error with ${which} namespace: ${namespace} ${why}`);
  if (namespace.includes('$')) throw illegal('has a $ in it');
  if (Buffer.byteLength(namespace) > 255) throw illegal('is longer than 255 bytes');
  if (which === 'target' && /^[^.]+\.system\./.test(namespace)) throw illegal('is a system collection');
  if (namespace.startsWith('local.oplog.')) throw illegal('is an oplog');
}

function split(namespace: string, which: string): [string, string] {
  const dot = namespace.indexOf('.');
  if (dot <= 0 || dot === namespace.length - 1) throw new MongoError('InvalidNamespace', `Invalid ${which} namespace: ${namespace}`);
  return [namespace.slice(0, dot), namespace.slice(dot + 1)];
}
