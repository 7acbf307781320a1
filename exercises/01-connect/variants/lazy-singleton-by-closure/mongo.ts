import { existsSync } from 'node:fs';
import { loadEnvFile } from 'node:process';
import { MongoClient, type Db } from 'mongodb';

function remember<T>(make: () => Promise<T>): { get(): Promise<T>; take(): Promise<T> | undefined } {
  let value: Promise<T> | undefined;
  return {
    get() {
      if (!value) {
        const made = make();
        value = made;
        made.catch(() => {
          if (value === made) value = undefined;
        });
      }
      return value;
    },
    take() {
      const taken = value;
      value = undefined;
      return taken;
    },
  };
}

const setting = (name: string): string | undefined => {
  if (existsSync('.env')) loadEnvFile('.env');
  const text = process.env[name];
  return text === '' ? undefined : text;
};

const client = remember(async () => {
  const made = new MongoClient(setting('MONGO_URI') ?? 'mongodb://localhost:27017/?serverSelectionTimeoutMS=3000', { serverSelectionTimeoutMS: 3000 });
  return made.connect().catch((error: unknown) => made.close().then(() => Promise.reject(error)));
});

export const getMongoClient = (): Promise<MongoClient> => client.get();
export const getMongoDatabase = async (): Promise<Db> => (await client.get()).db(setting('MONGO_DB_NAME') ?? 'my_node_mongo_db');
export async function closeMongoClient(): Promise<void> {
  await client.take()?.then((one) => one.close(), () => undefined);
}

process.on('SIGTERM', () => void closeMongoClient().then(() => (process.exitCode = 0)));
