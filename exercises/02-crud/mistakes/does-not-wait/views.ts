import type { Request, Response } from 'express';
import { MongoNetworkError, MongoServerSelectionError, ObjectId, type Collection, type Db, type WithId } from 'mongodb';
import { getMongoDatabase } from './mongo.ts';

/** What is stored in `test_data`, apart from the _id. */
export interface LogFields {
  message: string;
  source: string;
  timestamp: Date;
  value?: number;
  status?: string;
  updated_at?: Date;
}

export type Log = WithId<LogFields>;

export interface LogInput {
  message: string;
  source: string;
  value?: number;
  timestamp?: Date;
}

/** An id as code has it, or as it stands in a URL. The text may be anything at all. */
export type Id = ObjectId | string;

function logsOf(db: Db): Collection<LogFields> {
  return db.collection<LogFields>('test_data');
}

/** The ObjectId that is meant, or null for a text that is none: such a log can't exist. */
function toObjectId(id: Id): ObjectId | null {
  if (typeof id !== 'string') return id;
  return /^[0-9a-f]{24}$/i.test(id) ? new ObjectId(id) : null;
}

/** Create: stores what it is given (now, where no timestamp is), and leaves `input` as it was. Gives the new _id. */
export async function insertLog(db: Db, input: LogInput): Promise<ObjectId> {
  // A copy: insertOne adds the _id to the very object it gets.
  const { insertedId } = await logsOf(db).insertOne({ ...input, timestamp: input.timestamp ?? new Date() });
  return insertedId;
}

/** Read many: those of one source, newest first, equal times by _id descending, at most `limit`. The database does the work. */
export async function findLogs(db: Db, source: string, { limit = 50 }: { limit?: number } = {}): Promise<Log[]> {
  return logsOf(db).find({ source }).sort({ timestamp: -1, _id: -1 }).limit(limit).toArray();
}

/** Read one: null where there is none, and where the id is no id at all. */
export async function findLog(db: Db, id: Id): Promise<Log | null> {
  const _id = toObjectId(id);
  return _id && logsOf(db).findOne({ _id });
}

/** Update: sets status, value and updated_at, and nothing else. Never makes a new document. */
export async function markProcessed(db: Db, id: Id, value: number): Promise<{ matched: number; modified: number }> {
  const _id = toObjectId(id);
  if (!_id) return { matched: 0, modified: 0 };
  const { matchedCount, modifiedCount } = await logsOf(db).updateOne({ _id }, { $set: { status: 'processed', value, updated_at: new Date() } });
  return { matched: matchedCount, modified: modifiedCount };
}

/** Delete: that one. True when it was there. */
export async function deleteLog(db: Db, id: Id): Promise<boolean> {
  const _id = toObjectId(id);
  if (!_id) return false;
  const { deletedCount } = await logsOf(db).deleteOne({ _id });
  return deletedCount === 1;
}

/** GET /mongo-test/: every operation once, on a document of its own. 503 while the database is down. */
export async function mongoTestView(_req: Request, res: Response): Promise<void> {
  try {
    const db = await getMongoDatabase();
    const source = 'node_view_test';
    const id = await insertLog(db, { message: 'Hello from Node.js!', source, value: 100 });
    console.log('Inserted', id.toHexString());
    console.log('All of', source, await findLogs(db, source));
    console.log('Found', await findLog(db, id));
    markProcessed(db, id, 150).catch(console.error);
    deleteLog(db, id).catch(console.error);
    res.type('text').send(`MongoDB did all of it: insert, find, update, delete (${id.toHexString()}).\n`);
  } catch (error) {
    // Not our bug and not the visitor's: the database can't be reached. Everything else is a 500, which Express answers.
    if (!(error instanceof MongoServerSelectionError || error instanceof MongoNetworkError)) throw error;
    console.error('MongoDB is down:', error.message);
    res.status(503).type('text').send('The database is down. Please try again in a moment.\n');
  }
}
