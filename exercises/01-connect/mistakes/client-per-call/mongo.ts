import { config } from 'dotenv';
import { MongoClient, type Db } from 'mongodb';

let client: MongoClient | undefined;

export async function getMongoClient(): Promise<MongoClient> {
  config({ quiet: true });
  client = new MongoClient(process.env.MONGO_URI || 'mongodb://localhost:27017/', { serverSelectionTimeoutMS: 3000 });
  await client.connect();
  return client;
}

export async function getMongoDatabase(): Promise<Db> {
  const client = await getMongoClient();
  return client.db(process.env.MONGO_DB_NAME || 'my_node_mongo_db');
}

export async function closeMongoClient(): Promise<void> {
  const closing = client;
  client = undefined;
  await closing?.close();
}

process.once('SIGTERM', async () => {
  await closeMongoClient();
  process.exit(0);
});
