import { config } from 'dotenv';
import { MongoClient } from 'mongodb';

let promise = null;

export function getMongoClient() {
  if (promise === null) {
    config({ quiet: true });
    const client = new MongoClient(process.env.MONGO_URI || 'mongodb://localhost:27017/', { serverSelectionTimeoutMS: 2500 });
    promise = client.connect().catch(async (error) => {
      promise = null;
      await client.close();
      throw new Error(`MongoDB can't be reached: ${error.message}`, { cause: error });
    });
  }
  return promise;
}

export async function getMongoDatabase() {
  return (await getMongoClient()).db(process.env.MONGO_DB_NAME || 'my_node_mongo_db');
}

export async function closeMongoClient() {
  if (promise === null) return;
  const closing = promise;
  promise = null;
  await (await closing).close();
}

process.on('SIGTERM', async () => {
  await closeMongoClient();
  process.exit();
});
