import { config } from 'dotenv';
import { MongoClient, type Db } from 'mongodb';

let mongoClient: MongoClient | null = null;

export async function getMongoClient(): Promise<any> {
  if (mongoClient === null) {
    config({ quiet: true });
    try {
      mongoClient = new MongoClient(process.env.MONGO_URI || 'mongodb://localhost:27017/', { serverSelectionTimeoutMS: 3000 });
      // cheap way to check the connection
      await mongoClient.db('admin').command({ ping: 1 });
      console.log('MongoDB connection successful!');
    } catch (e) {
      console.log(`MongoDB connection error: ${e}`);
      await mongoClient?.close();
      mongoClient = null;
    }
  }
  return mongoClient;
}

export async function getMongoDatabase(): Promise<any> {
  const client = await getMongoClient();
  if (client) return client.db(process.env.MONGO_DB_NAME || 'my_node_mongo_db');
  return null;
}

export async function closeMongoClient(): Promise<void> {
  if (mongoClient) {
    const closing = mongoClient;
    mongoClient = null;
    await closing.close();
    console.log('MongoDB connection closed.');
  }
}

process.once('SIGTERM', () => closeMongoClient().then(() => process.exit(0)));
