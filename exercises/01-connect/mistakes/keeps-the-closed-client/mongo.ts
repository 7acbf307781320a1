import { config } from 'dotenv';
import { MongoClient, type Db } from 'mongodb';

let client: MongoClient | undefined;
let connecting: Promise<MongoClient> | undefined;

export async function getMongoClient(): Promise<MongoClient> {
  connecting ??= connect();
  return connecting;
}

async function connect(): Promise<MongoClient> {
  config({ quiet: true });
  const fresh = new MongoClient(process.env.MONGO_URI || 'mongodb://localhost:27017/', { serverSelectionTimeoutMS: 3000 });
  try {
    client = await fresh.connect();
  } catch (error) {
    connecting = undefined;
    await fresh.close();
    throw error;
  }
  return client;
}

export async function getMongoDatabase(): Promise<Db> {
  const client = await getMongoClient();
  return client.db(process.env.MONGO_DB_NAME || 'my_node_mongo_db');
}

export async function closeMongoClient(): Promise<void> {
  await client?.close();
}

process.once('SIGTERM', async () => {
  await closeMongoClient();
  process.exit(0);
});
