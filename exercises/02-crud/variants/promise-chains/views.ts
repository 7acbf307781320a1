import type { Request, Response } from 'express';
import { ObjectId, type Db } from 'mongodb';
import { getMongoDatabase } from './mongo.ts';

type Id = ObjectId | string;
const logs = (db: Db) => db.collection('test_data');
const valid = (id: Id): boolean => id instanceof ObjectId || /^[0-9a-fA-F]{24}$/.test(id);

export function insertLog(db: Db, input: { message: string; source: string; value?: number; timestamp?: Date }): Promise<ObjectId> {
  return logs(db).insertOne(Object.assign({ timestamp: new Date() }, input)).then((result) => result.insertedId);
}
export function findLogs(db: Db, source: string, options: { limit?: number } = {}): Promise<unknown[]> {
  return logs(db).find({ source }).limit(options.limit || 50).sort([['timestamp', -1], ['_id', -1]]).toArray();
}
export function findLog(db: Db, id: Id): Promise<unknown> {
  return valid(id) ? logs(db).findOne({ _id: new ObjectId(id) }) : Promise.resolve(null);
}
export function markProcessed(db: Db, id: Id, value: number): Promise<{ matched: number; modified: number }> {
  if (!valid(id)) return Promise.resolve({ matched: 0, modified: 0 });
  return logs(db)
    .updateOne({ _id: new ObjectId(id) }, { $set: { status: 'processed', value }, $currentDate: { updated_at: { $type: 'date' } } })
    .then(({ matchedCount, modifiedCount }) => ({ matched: matchedCount, modified: modifiedCount }));
}
export function deleteLog(db: Db, id: Id): Promise<boolean> {
  return valid(id) ? logs(db).deleteOne({ _id: new ObjectId(id) }).then((result) => result.deletedCount > 0) : Promise.resolve(false);
}

export function mongoTestView(_req: Request, res: Response): Promise<void> {
  return getMongoDatabase()
    .then((db) =>
      insertLog(db, { message: 'Hello from Node.js!', source: 'node_view_test', value: 100 }).then((id) =>
        findLogs(db, 'node_view_test')
          .then((all) => console.dir(all))
          .then(() => findLog(db, id))
          .then(() => markProcessed(db, id, 150))
          .then(() => deleteLog(db, id)),
      ),
    )
    .then(
      () => void res.end('done'),
      (error: Error) => void res.status(/^Mongo/.test(error.name) ? 503 : 500).end('sorry'),
    );
}
