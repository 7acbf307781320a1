import { typeName, type Maybe } from './bson/value.ts';
import { MongoError } from './errors.ts';

/** How many names are kept in mind, so that those of the same few collections are not looked at anew. */
const mostKept = 100;
const longestKept = 255;

/** Names of databases that were found right, the ones of just now. */
const right = new Set<string>();

/** Names of databases: https://www.mongodb.com/docs/manual/reference/limits/#naming-restrictions */
export function checkDatabaseName(name: string): void {
  if (right.has(name)) return;
  if (name === '') throw new MongoError('InvalidNamespace', "Invalid database name: ''");
  if (/[\\/. "$\0]/.test(name) && name !== '$external') throw new MongoError('InvalidNamespace', `Invalid database name: '${name}'`);
  if (Buffer.byteLength(name) > 63) throw new MongoError('InvalidNamespace', `db name must be at most 63 characters, found: ${name.length}`);
  if (right.size >= mostKept) right.clear();
  right.add(name);
}

/** Namespaces put together before, by database and collection. */
const namespaces = new Map<string, Map<string, string>>();

/** A database and a collection as one text. The same few are asked for with every command. */
export function namespaceOf(database: string, collection: string): string {
  let known = namespaces.get(database);
  const before = known?.get(collection);
  if (before !== undefined) return before;
  if (!known || known.size >= mostKept) {
    if (namespaces.size >= mostKept) namespaces.clear();
    namespaces.set(database, (known = new Map()));
  }
  const namespace = `${database}.${collection}`;
  if (collection.length <= longestKept) known.set(collection, namespace);
  return namespace;
}

/** Names of collections that were found right, the ones of just now. */
const rightCollections = new Set<string>();

/** The collection that a command names, where it need not exist. */
export function collectionName(command: string, database: string, value: Maybe): string {
  if (typeof value !== 'string') {
    throw new MongoError('InvalidNamespace', `collection name has invalid type ${typeName(value)}`);
  }
  checkCollectionName(database, value);
  return value;
}

/** @throws MongoError InvalidNamespace */
export function checkCollectionName(database: string, name: string): void {
  if (rightCollections.has(name)) return;
  if (name === '' || name.startsWith('.') || name.includes('\0') || (name.startsWith('$') && !name.startsWith('$cmd'))) {
    throw new MongoError('InvalidNamespace', `Invalid namespace specified '${database}.${name.replace(/\0/g, '\\0')}'`);
  }
  if (rightCollections.size >= mostKept) rightCollections.clear();
  if (name.length <= longestKept) rightCollections.add(name);
}

/** Names that collections may be created or written by. */
export function checkNewCollectionName(database: string, name: string): void {
  checkCollectionName(database, name);
  if (name.includes('$') && !name.startsWith('$cmd')) throw new MongoError('InvalidNamespace', `Invalid collection name: ${name}`);
  if (name.startsWith('system.') && !['system.js', 'system.users', 'system.views', 'system.profile', 'system.version', 'system.roles'].includes(name)) {
    throw new MongoError('InvalidNamespace', `Invalid system namespace: ${database}.${name}`);
  }
  if (Buffer.byteLength(`${database}.${name}`) > 255) {
    throw new MongoError('InvalidNamespace', `Fully qualified namespace is too long. Namespace: ${database}.${name} Max: 255`);
  }
}

