import type { Document } from 'mongodb';
import { getMongoDatabase } from './mongo.js';

export async function newest(limit: number, skip: number): Promise<Document[]> {
  const db = await getMongoDatabase();
  const result: Document[] = [];
  for await (const doc of db.collection('test_data').find().sort('timestamp', -1).sort({ timestamp: -1, _id: -1 }).skip(skip).limit(limit)) result.push(doc);
  return result;
}

export async function add(fields: object): Promise<Document | null> {
  const db = await getMongoDatabase();
  const doc = { status: null, ...fields, timestamp: ('timestamp' in fields && fields.timestamp) || new Date() };
  const { upsertedId } = await db.collection('test_data').updateOne({ _id: new (await import('mongodb')).ObjectId() }, { $setOnInsert: doc }, { upsert: true });
  return db.collection('test_data').findOne({ _id: upsertedId! });
}
