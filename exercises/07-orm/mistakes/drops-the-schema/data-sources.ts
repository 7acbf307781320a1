import 'reflect-metadata';
import { config } from 'dotenv';
import { DataSource, type EntityTarget, type ObjectLiteral, type Repository } from 'typeorm';
import type { MongoQueryRunner } from 'typeorm/driver/mongodb/MongoQueryRunner.js';
import { Note, Post } from './entities.ts';

config({ quiet: true });
const database = process.env.MONGO_DB_NAME || 'my_node_mongo_db';

const mongo = new DataSource({
  type: 'mongodb',
  url: process.env.MONGO_URI || 'mongodb://localhost:27017/',
  database,
  entities: [Note],
  // TypeORM passes on what it knows, and everything in `extra`.
  extra: { serverSelectionTimeoutMS: 3_000 },
});

const sql = new DataSource({
  type: 'sqljs',
  location: process.env.SQL_FILE,
  // Without it, all of it stays in memory.
  autoSave: true,
  synchronize: true,
  dropSchema: true,
  entities: [Post],
});

/** Opens both stores. Rejects within five seconds where MongoDB is down; a later call tries again. */
export async function connect(): Promise<void> {
  if (!mongo.isInitialized) await mongo.initialize();
  await requireTitles();
  if (!sql.isInitialized) await sql.initialize();
}

export async function disconnect(): Promise<void> {
  for (const source of [mongo, sql]) if (source.isInitialized) await source.destroy();
}

/** The repository in the store that owns the entity. */
export function repositoryFor<T extends ObjectLiteral>(entity: EntityTarget<T>): Repository<T> {
  const owner = [mongo, sql].find((source) => source.isInitialized && source.hasMetadata(entity));
  if (!owner) throw new Error('No store that is open owns this entity.');
  return owner.getRepository(entity);
}

/** Bonus: MongoDB itself refuses a note without a title, whoever writes it. */
async function requireTitles(): Promise<void> {
  const { databaseConnection } = mongo.createQueryRunner() as MongoQueryRunner;
  const db = databaseConnection.db(database);
  const validator = { $jsonSchema: { required: ['title'], properties: { title: { bsonType: 'string', minLength: 1 } } } };
  const there = await db.listCollections({ name: 'notes' }, { nameOnly: true }).hasNext();
  if (there) await db.command({ collMod: 'notes', validator });
  else await db.createCollection('notes', { validator });
}
