import 'dotenv/config';
import { DataSource } from 'typeorm';
import { Note, Post } from './entities';

let stores;

export async function connect() {
  const { MONGO_URI, MONGO_DB_NAME, SQL_FILE } = process.env;
  const opened = [
    new DataSource({ type: 'mongodb', url: MONGO_URI || 'mongodb://localhost:27017/', database: MONGO_DB_NAME || 'my_node_mongo_db', entities: [Note], extra: { serverSelectionTimeoutMS: 2000 } }),
    new DataSource({ type: 'sqljs', location: SQL_FILE, autoSave: true, synchronize: true, entities: [Post] }),
  ];
  await Promise.all(opened.map((store) => store.initialize()));
  stores = opened;
  await requireTitles(opened[0]);
}

export async function disconnect() {
  await Promise.all((stores ?? []).map((store) => store.destroy()));
  stores = undefined;
}

export const repositoryFor = (entity) => stores.find((store) => store.hasMetadata(entity)).getRepository(entity);

async function requireTitles(store) {
  const runner = store.createQueryRunner();
  const db = runner.databaseConnection.db(store.driver.database);
  const validator = { $jsonSchema: { bsonType: 'object', required: ['title'] } };
  await db.createCollection('notes').catch((error) => {
    if (error.codeName !== 'NamespaceExists') throw error;
  });
  await db.command({ collMod: 'notes', validator, validationLevel: 'strict' });
}
