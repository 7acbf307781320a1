import { MongoClient, type Db } from 'mongodb';

// Everything else in your program gets its database from this file, so it is worth an hour of care.
//
// Nothing may happen while this file is being imported: no connection, no error.
// Think about what you keep between two calls. A client? Or the promise of one?

/**
 * The one client of this process. Every call gives the same, and it is connected.
 *
 * It connects to MONGO_URI (or mongodb://localhost:27017/), which it reads when it makes the client.
 * When no server answers, it rejects within five seconds. It never gives null.
 */
export async function getMongoClient(): Promise<MongoClient> {
  throw new Error('getMongoClient is still to be written');
}

/** The database MONGO_DB_NAME (or my_node_mongo_db) of that client. */
export async function getMongoDatabase(): Promise<Db> {
  throw new Error('getMongoDatabase is still to be written');
}

/** Closes the client. To call it twice, or without a client, does no harm. */
export async function closeMongoClient(): Promise<void> {
  throw new Error('closeMongoClient is still to be written');
}
