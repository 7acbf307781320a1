import { ObjectId } from 'mongodb';
import type { MongoQueryRunner } from 'typeorm/driver/mongodb/MongoQueryRunner.js';
import { repositoryFor } from './data-sources.ts';
import { Note } from './entities.ts';
import { checkTitle } from './titles.ts';

function collection() {
  const runner = repositoryFor(Note).metadata.connection.createQueryRunner();
  return (runner as MongoQueryRunner).databaseConnection.db(process.env.MONGO_DB_NAME || 'my_node_mongo_db').collection('notes');
}

const idOf = (id: string | ObjectId): ObjectId | null => (typeof id === 'string' && !/^[0-9a-f]{24}$/.test(id) ? null : new ObjectId(id));

export async function createNote({ title, content }: { title: string; content: string }) {
  checkTitle(title);
  const note = { title, content, created_at: new Date() };
  const { insertedId } = await collection().insertOne(note);
  return { ...note, _id: insertedId };
}

export async function listNotes() {
  return collection().aggregate([{ $sort: { created_at: -1, _id: -1 } }]).toArray();
}

export async function getNote(id: string | ObjectId) {
  return collection().findOne({ _id: idOf(id) });
}

export async function updateNote(id: string | ObjectId, changes: { title?: string; content?: string }) {
  if (changes.title !== undefined) checkTitle(changes.title);
  await collection().updateOne({ _id: idOf(id) }, [{ $set: Object.fromEntries(Object.entries(changes).map(([field, value]) => [field, { $literal: value }])) }]);
  return getNote(id);
}

export async function deleteNote(id: string | ObjectId) {
  return (await collection().deleteMany({ _id: idOf(id) })).deletedCount > 0;
}
