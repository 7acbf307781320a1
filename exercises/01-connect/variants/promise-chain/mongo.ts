import { config } from 'dotenv';
import { MongoClient, type Db } from 'mongodb';

let current: Promise<MongoClient> | undefined;

const within = <T>(ms: number, work: Promise<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`MongoDB did not answer within ${ms} ms`)), ms);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });

export function getMongoClient(): Promise<MongoClient> {
  if (current) return current;
  config({ quiet: true });
  const client = new MongoClient(process.env.MONGO_URI || 'mongodb://localhost:27017/');
  current = within(4000, client.connect().then(() => client.db('admin').command({ ping: 1 })))
    .then(() => client)
    .catch((error: unknown) => {
      current = undefined;
      void client.close();
      return Promise.reject(error);
    });
  return current;
}

export function getMongoDatabase(): Promise<Db> {
  return getMongoClient().then((client) => client.db(process.env.MONGO_DB_NAME || 'my_node_mongo_db'));
}

export function closeMongoClient(): Promise<void> {
  const closing = current;
  current = undefined;
  return closing ? closing.then((client) => client.close()) : Promise.resolve();
}

process.once('SIGTERM', () => closeMongoClient().then(() => process.exit(0)));
