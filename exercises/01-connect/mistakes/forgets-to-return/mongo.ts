import { config } from 'dotenv';
import { MongoClient, type Db } from 'mongodb';

let client: MongoClient;

export async function getMongoClient(): Promise<MongoClient> {
  if (!client) {
    config({ quiet: true });
    client = new MongoClient(process.env.MONGO_URI || 'mongodb://localhost:27017/', { serverSelectionTimeoutMS: 3000 });
    await client.connect();
  } else {
    return client;
  }
}

export async function getMongoDatabase(): Promise<Db> {
  const client = await getMongoClient();
  return client.db(process.env.MONGO_DB_NAME || 'my_node_mongo_db');
}

export async function closeMongoClient(): Promise<void> {
  await client?.close();
}
