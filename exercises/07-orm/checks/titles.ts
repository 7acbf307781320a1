import { check, type CheckContext, type Document } from 'mongo-course/checker';
import { noteInput, notes, pick, postFields, postInput, storedNote, told, writes } from '../stores.ts';
import { connects } from './connecting.ts';
import { storesNotes, updatesNotes } from './notes.ts';
import { storesPosts, updatesPosts } from './posts.ts';
import { keepsPostsInTheFile } from './stores.ts';

const lesson = '08-typeorm#validation-is-yours';
const hint = "An ORM stores what it is given; SQLite does not even keep to a column's length. Look yourself: typeof title === 'string' && title !== '' && title.length <= 200.";

const bad = (): { title: unknown; what: string }[] => [
  { title: '', what: 'an empty title' }, { title: 'x'.repeat(201), what: 'a title of 201 characters' },
  { title: 42, what: 'the number 42 as the title' }, { title: null, what: 'null as the title' }, { title: {}, what: 'an object, {}, as the title' },
];

const without = ({ title: _title, ...rest }: Document): Document => rest;

/** Calls a function with each bad title; `unchanged` fails where something was written. */
async function refuses(t: CheckContext, name: string, call: (title: unknown) => unknown[], unchanged: (what: string) => Promise<void>, missing?: unknown[]): Promise<void> {
  const program = await t.program();
  const cases = [...bad().map(({ title, what }) => ({ args: call(title), what })), ...(missing ? [{ args: missing, what: 'no title' }] : [])];
  for (const { args, what } of cases) {
    const attempt = await program.attempt(name, ...args);
    t.ok(!attempt.ok, { message: `${name} was given ${what}, and accepted it.`, cause: `${name} accepts ${what}`, expected: 'it rejects', actual: told(attempt), hint });
    t.ok(!attempt.hung && attempt.error?.name !== 'ProcessEnded', { message: `${name} was given ${what}, and ${attempt.hung ? 'never finished' : attempt.error?.message}.`, cause: `${name} does not reject`, expected: 'it rejects', actual: told(attempt), hint });
    await unchanged(what);
  }
}

export const refusesBadTitlesOfNotes = check('createNote refuses a bad title', { needs: [connects, storesNotes], lesson }, async (t) => {
  await refuses(t, 'createNote', (title) => [{ ...noteInput(t), title }], async (what) => {
    t.equal(await notes(t).count(), 0, { message: `createNote was given ${what}, rejected, and stored the note all the same.`, cause: 'stores what it refuses', hint: 'Look first, then save.', evidence: writes(t) });
  }, [without(noteInput(t))]);
  const title = 'x'.repeat(200);
  const fits = await (await t.program()).attempt('createNote', { ...noteInput(t), title });
  t.ok(fits.ok, { message: `createNote was given a title of exactly 200 characters, and refused it: ${told(fits)}.`, cause: 'refuses a title of 200 characters', expected: 'it is stored', actual: told(fits) });
});

export const refusesBadTitlesOfPosts = check('createPost refuses a bad title', { needs: [connects, storesPosts, keepsPostsInTheFile], lesson }, async (t) => {
  const program = await t.program();
  const fits = await program.attempt('createPost', { ...postInput(t), title: 'x'.repeat(200) });
  t.ok(fits.ok, { message: `createPost was given a title of exactly 200 characters, and refused it: ${told(fits)}.`, cause: 'refuses a title of 200 characters', expected: 'it is stored', actual: told(fits) });
  const count = async (): Promise<number> => (await t.sql('select * from posts')).length;
  const before = await count();
  t.equal(pick(fits.value, 'title'), { title: 'x'.repeat(200) }, { message: 'createPost was given a title of exactly 200 characters, and stored another one.', cause: 'changes a title of 200 characters' });
  await refuses(t, 'createPost', (title) => [{ ...postInput(t), title }], async (what) => {
    t.equal(await count(), before, { message: `createPost was given ${what}, rejected, and stored the post all the same.`, cause: 'stores what it refuses', hint: 'Look first, then save.' });
  }, [without(postInput(t))]);
});

export const refusesBadTitlesInUpdates = check('updateNote and updatePost refuse a bad title, and leave it where none is given', { needs: [updatesNotes, updatesPosts], lesson }, async (t) => {
  const note = storedNote(t);
  await notes(t).insert(note);
  await refuses(t, 'updateNote', (title) => [note._id, { title }], async (what) => {
    t.equal(await notes(t).findOne({ _id: note._id }), note, { message: `updateNote was given ${what}, rejected, and wrote to the note all the same.`, cause: 'writes what it refuses', hint: 'Look first, then write.', evidence: writes(t) });
  });
  const post = (await t.call('createPost', postInput(t))) as Document;
  await refuses(t, 'updatePost', (title) => [post.id, { title }], async (what) => {
    t.equal(pick(await t.call('getPost', post.id), ...postFields), pick(post, ...postFields), { message: `updatePost was given ${what}, rejected, and wrote to the post all the same.`, cause: 'writes what it refuses', hint: 'Look first, then write.' });
  });
});
