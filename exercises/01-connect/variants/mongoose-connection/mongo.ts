import { config } from 'dotenv';
import type { Db, MongoClient } from 'mongodb';
import mongoose, { type Connection } from 'mongoose';

let opening: Promise<Connection> | undefined;

async function open(): Promise<Connection> {
  config({ quiet: true });
  const connection = mongoose.createConnection(process.env.MONGO_URI || 'mongodb://localhost:27017/', {
    dbName: process.env.MONGO_DB_NAME || 'my_node_mongo_db', serverSelectionTimeoutMS: 3000,
  });
  try {
    return await connection.asPromise();
  } catch (error) {
    opening = undefined;
    await connection.close();
    throw error;
  }
}

const connection = (): Promise<Connection> => (opening ??= open());

export const getMongoClient = async (): Promise<MongoClient> => (await connection()).getClient() as unknown as MongoClient;
export const getMongoDatabase = async (): Promise<Db> => (await connection()).db as unknown as Db;
export const closeMongoClient = async (): Promise<void> => {
  const closing = opening;
  opening = undefined;
  await (await closing)?.close();
};

process.once('SIGTERM', () => void closeMongoClient().then(() => process.exit(0)));
