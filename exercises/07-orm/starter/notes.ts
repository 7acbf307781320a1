import { type ObjectId } from 'mongodb';
import { Note } from './entities.ts';

export type NoteId = string | ObjectId;

export interface NoteInput {
  title: string;
  content: string;
}

/** Stores a note, and gives it. Rejects a title that is missing, empty, no text, or longer than 200 characters. */
export async function createNote(input: NoteInput): Promise<Note> {
  throw new Error(`createNote is still to be written: ${input.title}`);
}

/** All notes, newest created_at first, equal ones by _id descending. */
export async function listNotes(): Promise<Note[]> {
  throw new Error('listNotes is still to be written');
}

/** The note, or null. */
export async function getNote(id: NoteId): Promise<Note | null> {
  throw new Error(`getNote is still to be written: ${id}`);
}

/** Writes the fields in `changes` and no others; gives the note as it is then, or null. */
export async function updateNote(id: NoteId, changes: Partial<NoteInput>): Promise<Note | null> {
  throw new Error(`updateNote is still to be written: ${id}, ${Object.keys(changes).join()}`);
}

/** Deletes that note: true when it was there. */
export async function deleteNote(id: NoteId): Promise<boolean> {
  throw new Error(`deleteNote is still to be written: ${id}`);
}
