import 'reflect-metadata';
import { config } from 'dotenv';
import { MongoClient, type Collection } from 'mongodb';
import { Column, CreateDateColumn, DataSource, Entity, PrimaryGeneratedColumn, Unique, type Repository } from 'typeorm';

// This file is given: two stores, opened once for the whole process. Posts live in SQL, activity in MongoDB.

/** A row of the table `posts`. Two rows of one author can't have the same key; rows without a key don't mind. */
@Entity('posts')
@Unique(['author_id', 'idempotency_key'])
export class Post {
  @PrimaryGeneratedColumn()
  id: number;

  @Column('text')
  title: string;

  @Column('text')
  body: string;

  @Column('integer')
  author_id: number;

  /** The database's clock, in whole seconds. */
  @CreateDateColumn()
  created_at: Date;

  @Column('text', { nullable: true })
  idempotency_key: string | null;
}

/** A document of the collection `activity_logs`. Its _id is up to the driver, or to you. */
export interface ActivityLog {
  post_id: number;
  user_id: number;
  action: string;
  timestamp: Date;
}

export interface Stores {
  posts: Repository<Post>;
  logs: Collection<ActivityLog>;
  sql: DataSource;
  client: MongoClient;
}

let opening: Promise<Stores> | undefined;

/** The one set of stores of this process. Rejects where MongoDB can't be reached within two seconds; the next call tries again. */
export function openStores(): Promise<Stores> {
  if (!opening) {
    const attempt = open();
    opening = attempt;
    attempt.catch(() => {
      if (opening === attempt) opening = undefined;
    });
  }
  return opening;
}

/** Closes both stores, if they are open. */
export async function closeStores(): Promise<void> {
  const closing = opening;
  opening = undefined;
  const stores = await closing?.catch(() => undefined);
  await stores?.client.close();
  await stores?.sql.destroy();
}

async function open(): Promise<Stores> {
  config({ quiet: true });
  const client = new MongoClient(process.env.MONGO_URI || 'mongodb://localhost:27017/', { serverSelectionTimeoutMS: 2_000 });
  // TypeORM has one connection to sql.js, for all requests. The file is written whole after each change.
  const sql = new DataSource({ type: 'sqljs', location: process.env.SQL_FILE || 'posts.sqlite', autoSave: true, synchronize: true, entities: [Post] });
  try {
    await client.connect();
    await sql.initialize();
  } catch (error) {
    await client.close();
    throw error;
  }
  return { posts: sql.getRepository(Post), logs: client.db(process.env.MONGO_DB_NAME || 'my_node_mongo_db').collection<ActivityLog>('activity_logs'), sql, client };
}
