import 'reflect-metadata';
import { MongoClient } from 'mongodb';
import { Column, CreateDateColumn, DataSource, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

@Entity({ name: 'posts' })
@Index(['author_id', 'idempotency_key'], { unique: true })
export class Post {
  @PrimaryGeneratedColumn() id: number;
  @Column() title: string;
  @Column() body: string;
  @Column() author_id: number;
  @CreateDateColumn() created_at: Date;
  @Column({ type: 'varchar', nullable: true }) idempotency_key?: string | null;
  /** `_id` of its log "created", known before that is written. */
  @Column() log_id: string;
  @Column({ default: false }) ready: boolean;
}

export interface Log {
  _id: string;
  post_id: number;
  user_id: number;
  action: string;
  timestamp: Date;
}

export const client = await new MongoClient(process.env.MONGO_URI ?? '', { serverSelectionTimeoutMS: 1500, connectTimeoutMS: 1500 }).connect();
export const logs = client.db(process.env.MONGO_DB_NAME).collection<Log>('activity_logs');
await logs.createIndex({ post_id: 1, timestamp: -1, _id: -1 });

export const sql = await new DataSource({ type: 'sqljs', location: process.env.SQL_FILE, autoSave: true, synchronize: true, entities: [Post] }).initialize();
export const posts = sql.getRepository(Post);
