import type { Collection, Database, Document } from '../checker/types.ts';
import { BSON } from '../wire/bson.ts';
import { CommandError, type DirectClient } from '../wire/client.ts';

/** The checker's view of a database: past the tap, on any engine. */
export function createDatabase(client: DirectClient, name: string): Database & { clear(): Promise<void> } {
  const command = (document: Document): Promise<Document> => client.command(name, document);
  const collectionNames = async (): Promise<string[]> => {
    const all = await client.drain(name, { listCollections: 1, nameOnly: true });
    return all.map((one) => String(one.name)).filter((one) => !one.startsWith('system.')).sort();
  };
  return {
    name, command, collectionNames,
    collection: (collection) => createCollection(client, name, collection),
    /** Empties every collection; indexes and validators stay. */
    async clear() {
      for (const collection of await collectionNames()) await command({ delete: collection, deletes: [{ q: {}, limit: 0 }] });
    },
  };
}

function createCollection(client: DirectClient, database: string, name: string): Collection {
  const find: Collection['find'] = (filter = {}, options = {}) => client.drain(database, { find: name, filter, ...options });
  return {
    find,
    findOne: async (filter = {}) => (await find(filter, { limit: 1 }))[0] ?? null,
    count: async (filter = {}) => {
      const [counted] = await client.drain(database, { aggregate: name, pipeline: [{ $match: filter }, { $group: { _id: null, n: { $sum: 1 } } }], cursor: {} });
      return Number(counted?.n ?? 0);
    },
    insert: async (...documents) => {
      await client.command(database, { insert: name, documents: documents.map((document) => ('_id' in document ? document : { _id: new BSON.ObjectId(), ...document })) });
    },
    update: async (q, u, { multi = false, upsert = false } = {}) => {
      await client.command(database, { update: name, updates: [{ q, u, multi, upsert }] });
    },
    delete: async (q = {}) => {
      await client.command(database, { delete: name, deletes: [{ q, limit: 0 }] });
    },
    indexes: async () => {
      try {
        return await client.drain(database, { listIndexes: name });
      } catch (error) {
        if (error instanceof CommandError && error.code === 26) return [];
        throw error;
      }
    },
  };
}
