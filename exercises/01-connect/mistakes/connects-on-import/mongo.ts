import 'dotenv/config';
import { MongoClient } from 'mongodb';

const client = new MongoClient(process.env.MONGO_URI || 'mongodb://localhost:27017/', { serverSelectionTimeoutMS: 3000 });
await client.connect();

export const getMongoClient = async () => client;
export const getMongoDatabase = async () => client.db(process.env.MONGO_DB_NAME || 'my_node_mongo_db');
export const closeMongoClient = async () => client.close();

process.once('SIGTERM', () => client.close().then(() => process.exit(0)));
