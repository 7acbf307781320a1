import { ObjectId } from 'mongodb';
import { repositoryFor } from './data-sources';
import { Note } from './entities';

const valid = (title) => typeof title === 'string' && title.length >= 1 && title.length <= 200;
const toId = (id) => (/^[\da-f]{24}$/i.test(String(id)) ? new ObjectId(String(id)) : undefined);

export async function createNote({ title, content }) {
  if (!valid(title)) throw new TypeError('A title of 1 to 200 characters, please.');
  return repositoryFor(Note).save({ title, content });
}

export async function listNotes() {
  const notes = await repositoryFor(Note).find();
  return notes.sort((a, b) => b.created_at - a.created_at || (String(a._id) < String(b._id) ? 1 : -1));
}

export async function getNote(id) {
  const _id = toId(id);
  return _id ? repositoryFor(Note).findOne({ where: { _id } }) : null;
}

export async function updateNote(id, changes) {
  if (Object.hasOwn(changes, 'title') && !valid(changes.title)) throw new TypeError('A title of 1 to 200 characters, please.');
  const _id = toId(id);
  if (!_id) return null;
  await repositoryFor(Note).update(_id, changes);
  return getNote(_id);
}

export async function deleteNote(id) {
  const note = await getNote(id);
  if (!note) return false;
  await repositoryFor(Note).remove(note);
  return true;
}
