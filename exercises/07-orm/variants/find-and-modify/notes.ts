import { ObjectId } from 'mongodb';
import { repositoryFor } from './data-sources';
import { Note } from './entities';

class BadTitle extends Error {}

function look({ title }: { title?: unknown }): void {
  if (typeof title !== 'string') throw new BadTitle('not a text');
  if (title.length < 1 || title.length > 200) throw new BadTitle('too short or too long');
}

const isHex = (id: unknown): boolean => id instanceof ObjectId || (typeof id === 'string' && /^[a-fA-F0-9]{24}$/.test(id));

export async function createNote(input: { title: string; content: string }): Promise<Note> {
  look(input);
  const note = new Note();
  note.title = input.title;
  note.content = input.content;
  await repositoryFor(Note).save(note);
  return note;
}

export async function listNotes(): Promise<Note[]> {
  return repositoryFor(Note).createEntityCursor().sort({ created_at: -1, _id: -1 }).toArray();
}

export async function getNote(id: string | ObjectId): Promise<Note | null> {
  return isHex(id) ? repositoryFor(Note).findOne({ where: { _id: { $eq: new ObjectId(id) } } }) : null;
}

export async function updateNote(id: string | ObjectId, changes: { title?: string; content?: string }): Promise<Note | null> {
  if (changes.title !== undefined) look(changes);
  if (!isHex(id)) return null;
  return (await repositoryFor(Note).findOneAndUpdate({ _id: new ObjectId(id) }, { $set: changes }, { returnDocument: 'after' })) as Note | null;
}

export async function deleteNote(id: string | ObjectId): Promise<boolean> {
  if (!isHex(id)) return false;
  return Boolean(await repositoryFor(Note).findOneAndDelete({ _id: new ObjectId(id) }));
}
