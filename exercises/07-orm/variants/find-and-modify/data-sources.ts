import { config } from 'dotenv';
import { DataSource, type DataSourceOptions, type EntityTarget, type MongoRepository, type ObjectLiteral, type Repository } from 'typeorm';
import type { MongoQueryRunner } from 'typeorm/driver/mongodb/MongoQueryRunner.js';
import { Note, Post } from './entities';

config({ quiet: true });

const options = (): DataSourceOptions[] => [
  {
    type: 'mongodb', url: process.env.MONGO_URI || 'mongodb://127.0.0.1:27017', database: process.env.MONGO_DB_NAME || 'my_node_mongo_db', synchronize: true,
    entities: [Note], extra: { serverSelectionTimeoutMS: 2_500 },
  },
  { type: 'sqljs', location: process.env.SQL_FILE, autoSave: true, synchronize: true, entities: [Post], logging: false },
];

let stores: DataSource[] = [];

export async function connect(): Promise<void> {
  await disconnect();
  for (const option of options()) stores.push(await new DataSource(option).initialize());
  const [mongo] = stores;
  if (!mongo) return;
  const { databaseConnection } = mongo.createQueryRunner() as MongoQueryRunner;
  const db = databaseConnection.db(process.env.MONGO_DB_NAME || 'my_node_mongo_db');
  const found = await db.listCollections({ name: 'notes' }).toArray();
  const validator = { $jsonSchema: { required: ['title', 'content'] } };
  await (found.length === 0 ? db.createCollection('notes', { validator }) : db.command({ collMod: 'notes', validator }));
}

export async function disconnect(): Promise<void> {
  const open = stores;
  stores = [];
  for (const store of open) await store.destroy();
}

export function repositoryFor(entity: typeof Note): MongoRepository<Note>;
export function repositoryFor(entity: typeof Post): Repository<Post>;
export function repositoryFor(entity: EntityTarget<ObjectLiteral>): Repository<ObjectLiteral> {
  const [mongo, sql] = stores;
  if (!mongo || !sql) throw new Error('connect() first');
  return entity === Note ? mongo.getMongoRepository(entity) : sql.getRepository(entity);
}
