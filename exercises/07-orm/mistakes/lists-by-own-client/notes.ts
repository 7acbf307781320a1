import { MongoClient, ObjectId } from 'mongodb';
import type { MongoRepository } from 'typeorm';
import { repositoryFor } from './data-sources.ts';
import { Note } from './entities.ts';
import { checkTitle } from './titles.ts';

export type NoteId = string | ObjectId;
export type NoteInput = Pick<Note, 'title' | 'content'>;

const notes = (): MongoRepository<Note> => repositoryFor(Note) as MongoRepository<Note>;

/** The ObjectId that is meant, or null for what is none. */
function toObjectId(id: NoteId): ObjectId | null {
  if (id instanceof ObjectId) return id;
  return /^[0-9a-f]{24}$/i.test(id) ? new ObjectId(id) : null;
}

export async function createNote({ title, content }: NoteInput): Promise<Note> {
  checkTitle(title);
  return notes().save(notes().create({ title, content }));
}

export async function listNotes(): Promise<Note[]> {
  const client = new MongoClient(process.env.MONGO_URI || 'mongodb://localhost:27017/');
  try {
    return await client.db(process.env.MONGO_DB_NAME || 'my_node_mongo_db').collection<Note>('notes').find().sort({ created_at: -1, _id: -1 }).toArray();
  } finally {
    await client.close();
  }
}

export async function getNote(id: NoteId): Promise<Note | null> {
  const _id = toObjectId(id);
  return _id && notes().findOneBy({ _id });
}

export async function updateNote(id: NoteId, changes: Partial<NoteInput>): Promise<Note | null> {
  if ('title' in changes) checkTitle(changes.title);
  const _id = toObjectId(id);
  if (!_id) return null;
  // save() of a loaded note would send all its fields, and with them what others have changed meanwhile.
  await notes().updateOne({ _id }, { $set: changes });
  return notes().findOneBy({ _id });
}

export async function deleteNote(id: NoteId): Promise<boolean> {
  const _id = toObjectId(id);
  if (!_id) return false;
  const { deletedCount } = await notes().deleteOne({ _id });
  return deletedCount === 1;
}
