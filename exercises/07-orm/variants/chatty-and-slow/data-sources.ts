import 'reflect-metadata';
import 'dotenv/config';
import { setTimeout as wait } from 'node:timers/promises';
import { DataSource, type EntityTarget, type MongoRepository, type ObjectLiteral, type Repository } from 'typeorm';
import type { MongoQueryRunner } from 'typeorm/driver/mongodb/MongoQueryRunner.js';
import { Note, Post } from './entities.ts';

const database = process.env.MONGO_DB_NAME || 'my_node_mongo_db';
const sql = new DataSource({ type: 'sqljs', location: process.env.SQL_FILE, autoSave: true, synchronize: true, entities: [Post], logging: 'all', logger: 'simple-console' });
const mongo = new DataSource({ type: 'mongodb', url: process.env.MONGO_URI || 'mongodb://localhost:27017/', database, entities: [Note], extra: { serverSelectionTimeoutMS: 3500, appName: 'notes' }, logging: true });

export async function connect(): Promise<void> {
  console.log('Connecting …');
  await wait(100);
  try {
    if (!sql.isInitialized) await sql.initialize();
    if (!mongo.isInitialized) await mongo.initialize();
  } catch (error) {
    console.error('Could not connect:', error);
    await disconnect();
    throw error;
  }
  const db = (mongo.createQueryRunner() as MongoQueryRunner).databaseConnection.db(database);
  console.log(await db.command({ ping: 1 }));
  const collections = await db.listCollections().toArray();
  console.log(collections);
  if (!collections.some(({ name }) => name === 'notes')) await db.createCollection('notes');
  await db.command({ collMod: 'notes', validator: { title: { $type: 'string' } } });
}

export async function disconnect(): Promise<void> {
  await wait(50);
  if (mongo.isInitialized) await mongo.destroy();
  if (sql.isInitialized) await sql.destroy();
  console.log('Disconnected');
}

export function repositoryFor<T extends ObjectLiteral>(entity: EntityTarget<T>): Repository<T> | MongoRepository<T> {
  const store = entity === Note ? mongo : sql;
  console.log('Repository of', store.options.type);
  return store.options.type === 'mongodb' ? store.getMongoRepository(entity) : store.getRepository(entity);
}
