import { ObjectId } from 'mongodb';
import { repositoryFor } from './data-sources.ts';
import { Note, type INote } from './entities.ts';
import { checkTitle } from './titles.ts';

export const createNote = async (input: { title: string; content: string }): Promise<INote> => {
  checkTitle(input.title);
  return repositoryFor(Note).save({ title: input.title, content: input.content, created_at: new Date() } as INote);
};

export const listNotes = (): Promise<INote[]> => repositoryFor(Note).find({ order: { created_at: -1, _id: -1 } });

export const getNote = async (id: string | ObjectId): Promise<INote | null> => {
  if (!ObjectId.isValid(id) || String(id).length !== 24) return null;
  return repositoryFor(Note).findOneBy({ _id: new ObjectId(id) });
};

export const updateNote = async (id: string | ObjectId, { title, content }: { title?: string; content?: string }): Promise<INote | null> => {
  if (title !== undefined) checkTitle(title);
  const note = await getNote(id);
  if (!note) return null;
  const changes = { ...(title === undefined ? {} : { title }), ...(content === undefined ? {} : { content }) };
  await repositoryFor(Note).update({ _id: note._id }, changes);
  return { ...note, ...changes };
};

export const deleteNote = async (id: string | ObjectId): Promise<boolean> => {
  const note = await getNote(id);
  const result = note && (await repositoryFor(Note).delete(note._id));
  return result?.affected === 1;
};
