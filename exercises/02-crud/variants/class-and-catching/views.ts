import type { Request, Response } from 'express';
import { BSON, MongoError, ObjectId, type Db } from 'mongodb';
import { getMongoDatabase } from './mongo';

interface Log { _id: ObjectId; message: string; source: string; timestamp: Date; value?: number; status?: string; updated_at?: Date }
type Id = ObjectId | string;
type Input = { message: string; source: string; value?: number; timestamp?: Date };

class Logs {
  private readonly db: Db;
  constructor(db: Db) {
    this.db = db;
  }
  private get collection() {
    return this.db.collection<Log>('test_data');
  }
  async insert(input: Input): Promise<ObjectId> {
    const log: Log = { _id: new ObjectId(), ...structuredClone(input), timestamp: input.timestamp ?? new Date() };
    await this.collection.insertOne(log);
    return log._id;
  }
  async list(source: string, limit: number): Promise<Log[]> {
    const logs: Log[] = [];
    for await (const log of this.collection.find({ source }).sort('timestamp', -1).sort({ timestamp: -1, _id: -1 }).limit(limit)) logs.push(log);
    return logs;
  }
  one(id: Id): Promise<Log | null> {
    return this.with(id, null, (_id) => this.collection.findOne({ _id }));
  }
  mark(id: Id, value: number): Promise<{ matched: number; modified: number }> {
    return this.with(id, { matched: 0, modified: 0 }, async (_id) => {
      const result = await this.collection.updateMany({ _id }, { $set: { status: 'processed', value, updated_at: new Date() } });
      return { matched: result.matchedCount, modified: result.modifiedCount };
    });
  }
  delete(id: Id): Promise<boolean> {
    return this.with(id, false, async (_id) => Boolean((await this.collection.deleteMany({ _id })).deletedCount));
  }
  private async with<T>(id: Id, none: T, work: (id: ObjectId) => Promise<T>): Promise<T> {
    let _id: ObjectId;
    try {
      _id = new ObjectId(id);
    } catch (error) {
      if (error instanceof BSON.BSONError) return none;
      throw error;
    }
    return work(_id);
  }
}

export const insertLog = (db: Db, input: Input) => new Logs(db).insert(input);
export const findLogs = (db: Db, source: string, { limit = 50 } = {}) => new Logs(db).list(source, limit);
export const findLog = (db: Db, id: Id) => new Logs(db).one(id);
export const markProcessed = (db: Db, id: Id, value: number) => new Logs(db).mark(id, value);
export const deleteLog = (db: Db, id: Id) => new Logs(db).delete(id);

export const mongoTestView = async (_req: Request, res: Response): Promise<void> => {
  try {
    const logs = new Logs(await getMongoDatabase());
    const id = await logs.insert({ message: 'Hello from Node.js!', source: 'node_view_test', value: 100 });
    for (const log of await logs.list('node_view_test', 50)) console.log(`${log._id} ${log.message}`);
    await logs.one(id);
    await logs.mark(id, 150);
    await logs.delete(id);
    res.json({ ok: true });
  } catch (error) {
    if (error instanceof MongoError) res.sendStatus(503);
    else throw error;
  }
};
