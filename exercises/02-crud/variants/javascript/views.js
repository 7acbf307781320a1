import { MongoError, ObjectId } from 'mongodb';
import { getMongoDatabase } from './mongo.js';

const parse = (id) => (id instanceof ObjectId ? id : ObjectId.isValid(id) && /^[\da-f]{24}$/i.test(id) ? ObjectId.createFromHexString(id) : undefined);

export async function insertLog(db, { message, source, value, timestamp = new Date() }) {
  const log = { message, source, timestamp };
  if (value !== undefined) log.value = value;
  const result = await db.collection('test_data').insertOne(log);
  return result.insertedId;
}

export async function findLogs(db, source, options) {
  const limit = options?.limit ?? 50;
  return await db.collection('test_data').find({ source: { $eq: source } }, { sort: [['timestamp', 'desc'], ['_id', 'desc']], limit }).toArray();
}

export async function findLog(db, id) {
  const _id = parse(id);
  if (!_id) return null;
  return await db.collection('test_data').findOne({ _id });
}

export async function markProcessed(db, id, value) {
  const _id = parse(id);
  if (!_id) return { matched: 0, modified: 0 };
  const result = await db.collection('test_data').updateOne({ _id }, { $set: { status: 'processed', value, updated_at: new Date() } });
  return { matched: result.matchedCount, modified: result.modifiedCount };
}

export async function deleteLog(db, id) {
  const _id = parse(id);
  if (!_id) return false;
  return (await db.collection('test_data').deleteOne({ _id })).deletedCount > 0;
}

export async function mongoTestView(req, res) {
  try {
    const db = await getMongoDatabase();
    const id = await insertLog(db, { message: 'Hello from Node.js!', source: 'node_view_test', value: 100 });
    console.log(await findLogs(db, 'node_view_test'));
    console.log(await findLog(db, id));
    console.log(await markProcessed(db, id, 150));
    console.log(await deleteLog(db, id));
    res.send('MongoDB CRUD operations performed (check the console).');
  } catch (error) {
    console.error(error);
    res.status(error instanceof MongoError ? 503 : 500).send('The database can not be reached.');
  }
}
