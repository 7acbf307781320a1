import { typeName, type Maybe } from './bson/value.ts';
import { MongoError } from './errors.ts';

/** Names of databases that were found right, the ones of just now. */
const right = new Set<string>();

/** Names of databases: https://www.mongodb.com/docs/manual/reference/limits/#naming-restrictions */
export function checkDatabaseName(name: string): void {
  if (right.has(name)) return;
  if (name === '') throw new MongoError('InvalidNamespace', "Invalid database name: ''");
  if (/[\\/. "$\0]/.test(name) && name !== '$external') throw new MongoError('InvalidNamespace', `Invalid database name: '${name}'`);
  if (Buffer.byteLength(name) > 63) throw new MongoError('InvalidNamespace', `db name must be at most 63 characters, found: ${name.length}`);
  if (right.size >= 100) right.clear();
  right.add(name);
}

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
  if (name === '' || name.startsWith('.') || name.includes('\0') || (name.startsWith('$') && !name.startsWith('$cmd'))) {
    throw new MongoError('InvalidNamespace', `Invalid namespace specified '${database}.${name.replace(/\0/g, '\\0')}'`);
  }
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

