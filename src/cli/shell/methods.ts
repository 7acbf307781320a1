import type { AbstractCursor, Collection, Db, Document } from 'mongodb';

/** What a method is given: plain values, checked by the server and the driver. */
type Args = readonly unknown[];

const doc = (value: unknown, what: string): Document => {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Document;
  throw new TypeError(`${what} has to be a document, such as { message: "hello" }.`);
};
const orEmpty = (value: unknown, what: string): Document => (value === undefined ? {} : doc(value, what));
const list = (value: unknown, what: string): Document[] => {
  if (Array.isArray(value)) return value as Document[];
  throw new TypeError(`${what} has to be a list, such as [{ … }, { … }].`);
};
const whole = (value: unknown, what: string): number => {
  if (typeof value === 'number' && Number.isInteger(value)) return value;
  throw new TypeError(`${what} takes a whole number.`);
};
const name = (value: unknown, what: string): string => {
  if (typeof value === 'string') return value;
  throw new TypeError(`${what} takes a name in quotes.`);
};

/** A cursor that a find or an aggregate made, and what may be called on it. */
export type ShellCursor = AbstractCursor<Document>;

/** Methods of a collection that give documents one by one. */
export const cursorSources: Record<string, (collection: Collection, args: Args) => ShellCursor> = {
  find: (collection, [filter, projection]) => collection.find(orEmpty(filter, 'What find looks for'), projection === undefined ? {} : { projection: doc(projection, 'The projection') }),
  aggregate: (collection, [pipeline, options]) => collection.aggregate(list(pipeline ?? [], 'A pipeline'), orEmpty(options, 'Options')),
};

/** Methods of a collection that give one result. */
export const collectionMethods: Record<string, (collection: Collection, args: Args) => Promise<unknown>> = {
  findOne: (collection, [filter, projection]) => collection.findOne(orEmpty(filter, 'What findOne looks for'), projection === undefined ? {} : { projection: doc(projection, 'The projection') }),
  insertOne: (collection, [document]) => collection.insertOne(doc(document, 'What insertOne stores')),
  insertMany: (collection, [documents]) => collection.insertMany(list(documents, 'What insertMany stores')),
  updateOne: (collection, [filter, update, options]) => collection.updateOne(doc(filter, 'What updateOne looks for'), change(update), orEmpty(options, 'Options')),
  updateMany: (collection, [filter, update, options]) => collection.updateMany(doc(filter, 'What updateMany looks for'), change(update), orEmpty(options, 'Options')),
  replaceOne: (collection, [filter, document, options]) => collection.replaceOne(doc(filter, 'What replaceOne looks for'), doc(document, 'The new document'), orEmpty(options, 'Options')),
  deleteOne: (collection, [filter]) => collection.deleteOne(doc(filter, 'What deleteOne looks for')),
  deleteMany: (collection, [filter]) => collection.deleteMany(doc(filter, 'What deleteMany looks for; {} is everything. It')),
  findOneAndUpdate: (collection, [filter, update, options]) => collection.findOneAndUpdate(doc(filter, 'What findOneAndUpdate looks for'), change(update), orEmpty(options, 'Options')),
  findOneAndReplace: (collection, [filter, document, options]) => collection.findOneAndReplace(doc(filter, 'What findOneAndReplace looks for'), doc(document, 'The new document'), orEmpty(options, 'Options')),
  findOneAndDelete: (collection, [filter]) => collection.findOneAndDelete(doc(filter, 'What findOneAndDelete looks for')),
  countDocuments: (collection, [filter]) => collection.countDocuments(orEmpty(filter, 'What countDocuments looks for')),
  estimatedDocumentCount: (collection) => collection.estimatedDocumentCount(),
  distinct: (collection, [field, filter]) => collection.distinct(name(field, 'distinct'), orEmpty(filter, 'What distinct looks for')),
  getIndexes: (collection) => collection.listIndexes().toArray(),
  createIndex: (collection, [keys, options]) => collection.createIndex(doc(keys, 'An index'), orEmpty(options, 'Options')),
  dropIndex: (collection, [index]) => collection.dropIndex(name(index, 'dropIndex')),
  drop: (collection) => collection.drop(),
};

/** Methods of the database. */
export const databaseMethods: Record<string, (db: Db, args: Args) => Promise<unknown>> = {
  getName: (db) => Promise.resolve(db.databaseName),
  getCollectionNames: async (db) => (await db.listCollections({}, { nameOnly: true }).toArray()).map((one) => one.name).sort(),
  createCollection: async (db, [collection, options]) => {
    await db.createCollection(name(collection, 'createCollection'), orEmpty(options, 'Options'));
    return { ok: 1 };
  },
  dropDatabase: (db) => db.dropDatabase(),
  runCommand: (db, [command]) => db.command(typeof command === 'string' ? { [command]: 1 } : doc(command, 'A command')),
  adminCommand: (db, [command]) => db.admin().command(typeof command === 'string' ? { [command]: 1 } : doc(command, 'A command')),
};

interface FindLike {
  sort(by: Document): unknown;
  limit(count: number): unknown;
  skip(count: number): unknown;
  project(fields: Document): unknown;
}

const findLike = (cursor: ShellCursor): ShellCursor & FindLike => {
  if ('sort' in cursor && 'limit' in cursor && 'skip' in cursor && 'project' in cursor) return cursor as ShellCursor & FindLike;
  throw new TypeError('This cursor can\'t do that.');
};

/** Methods of a cursor that change what it will give. */
export const cursorMethods: Record<string, (cursor: ShellCursor, args: Args) => void> = {
  sort: (cursor, [by]) => void findLike(cursor).sort(doc(by, 'What sort goes by')),
  limit: (cursor, [count]) => void findLike(cursor).limit(whole(count, 'limit')),
  skip: (cursor, [count]) => void findLike(cursor).skip(whole(count, 'skip')),
  projection: (cursor, [fields]) => void findLike(cursor).project(doc(fields, 'The projection')),
  pretty: () => undefined,
};

/** Methods of a cursor that use it up. */
export const cursorEnds: Record<string, (cursor: ShellCursor, args: Args) => Promise<unknown>> = {
  toArray: (cursor) => cursor.toArray(),
  count: async (cursor) => (await cursor.toArray()).length,
  explain: (cursor, [verbosity]) => {
    if (!('explain' in cursor) || typeof cursor.explain !== 'function') throw new TypeError('This cursor can\'t be explained.');
    return Reflect.apply(cursor.explain as (verbosity: string) => Promise<unknown>, cursor, [verbosity === undefined ? 'queryPlanner' : name(verbosity, 'explain')]);
  },
};

/** An update is a document of operators, or a pipeline. */
function change(value: unknown): Document {
  if (Array.isArray(value)) return value as Document[];
  return doc(value, 'The update');
}
