import type { Request, Response } from 'express';
import { ObjectId, type Collection, type Db, type WithId } from 'mongodb';
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

/** The collection; a present. */
function logsOf(db: Db): Collection<LogFields> {
  return db.collection<LogFields>('test_data');
}

/** Create: stores what it is given (now, where no timestamp is), and leaves `input` as it was. Gives the new _id. */
export async function insertLog(db: Db, input: LogInput): Promise<ObjectId> {
  throw new Error(`insertLog is still to be written: ${input.message} into ${logsOf(db).collectionName}`);
}

/** Read many: those of one source, newest first, equal times by _id descending, at most `limit`. The database does the work. */
export async function findLogs(db: Db, source: string, { limit = 50 }: { limit?: number } = {}): Promise<Log[]> {
  throw new Error(`findLogs is still to be written: ${limit} of ${source} in ${db.databaseName}`);
}

/** Read one: null where there is none, and where the id is no id at all. */
export async function findLog(db: Db, id: Id): Promise<Log | null> {
  throw new Error(`findLog is still to be written: ${id} in ${db.databaseName}`);
}

/** Update: sets status, value and updated_at, and nothing else. Never makes a new document. */
export async function markProcessed(db: Db, id: Id, value: number): Promise<{ matched: number; modified: number }> {
  throw new Error(`markProcessed is still to be written: ${id} to ${value} in ${db.databaseName}`);
}

/** Delete: that one. True when it was there. */
export async function deleteLog(db: Db, id: Id): Promise<boolean> {
  throw new Error(`deleteLog is still to be written: ${id} in ${db.databaseName}`);
}

/**
 * GET /mongo-test/: insert one, list its source and print the list, find the new one, mark it processed, delete it.
 * 200 and a line of text; 503 while the database is down.
 */
export async function mongoTestView(_req: Request, res: Response): Promise<void> {
  // const db = await getMongoDatabase();
  void getMongoDatabase;
  void ObjectId;
  res.status(501).type('text').send('mongoTestView is still to be written\n');
}
