import dotenv from 'dotenv';
import { MongoClient, type Db } from 'mongodb';

class Mongo {
  #client: MongoClient | undefined;
  #connecting: Promise<MongoClient> | undefined;

  async client(): Promise<MongoClient> {
    if (this.#client) return this.#client;
    this.#connecting ??= this.#connect().finally(() => (this.#connecting = undefined));
    return this.#connecting;
  }

  async close(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    await client?.close();
  }

  async #connect(): Promise<MongoClient> {
    dotenv.config({ quiet: true });
    const client = new MongoClient(process.env['MONGO_URI'] || 'mongodb://127.0.0.1:27017', { serverSelectionTimeoutMS: 4500, maxPoolSize: 5, appName: undefined } as object);
    try {
      await client.db().command({ ping: 1 });
    } catch (error) {
      await client.close();
      throw error;
    }
    this.#client = client;
    return client;
  }
}

const mongo = new Mongo();

export const getMongoClient = (): Promise<MongoClient> => mongo.client();
export const getMongoDatabase = async (): Promise<Db> => (await mongo.client()).db(process.env['MONGO_DB_NAME'] || 'my_node_mongo_db');
export const closeMongoClient = (): Promise<void> => mongo.close();

process.once('SIGTERM', () => {
  void mongo.close().finally(() => process.exit(0));
});
