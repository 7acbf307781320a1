import { check } from 'mongo-course/checker';
import { errorEvidence, noteInput, notes, ownedHint, postInput, told, writes } from '../stores.ts';
import { connects } from './connecting.ts';
import { storesPosts } from './posts.ts';

const section = '08-typeorm#which-store-owns-it';

export const givesRepositories = check('repositoryFor gives the repository in the store that owns the entity', { needs: [connects], lesson: section }, async (t) => {
  const program = await t.program();
  const [note, post] = [noteInput(t), postInput(t)];
  for (const [entity, fields] of [['Note', note], ['Post', post]] as const) {
    const attempt = await program.attempt('saveAndFind', entity, fields);
    if (!attempt.ok) t.fail({ message: `repositoryFor(${entity}).save(…) failed: ${told(attempt)}.`, cause: `no repository for ${entity}`, expected: 'a repository', actual: told(attempt), hint: ownedHint(attempt) ?? 'The DataSource whose entities hold the entity has its repository: dataSource.getRepository(Entity).', evidence: errorEvidence(attempt) });
    t.ok(Array.isArray(attempt.value) && attempt.value.some((one: { title?: unknown }) => one?.title === fields.title), { message: `What was saved through repositoryFor(${entity}) is not found through it.`, cause: `no repository for ${entity}`, expected: fields, actual: attempt.value });
  }
  t.equal(await notes(t).count({ title: note.title }), 1, { message: 'A note that was saved through repositoryFor(Note) is not in MongoDB\'s collection notes.', cause: 'notes are not in MongoDB', evidence: writes(t) });
  for (const name of await t.db.collectionNames()) {
    t.equal(await t.db.collection(name).count({ title: post.title }), 0, { message: `A post that was saved through repositoryFor(Post) is in MongoDB, in the collection ${name}.`, cause: 'posts are in MongoDB', hint: 'Each DataSource lists the entities it owns, and no others.', evidence: writes(t) });
  }
});

export const keepsPostsInTheFile = check('a write is in the file when its promise resolves', { needs: [givesRepositories, storesPosts], lesson: '08-typeorm#posts-in-sql' }, async (t) => {
  const post = postInput(t);
  const holds = async (value: string): Promise<boolean> => (await t.sql('select * from posts')).some((row) => Object.values(row).includes(value));
  const hint = 'sql.js works in memory. With location: process.env.SQL_FILE and autoSave: true, TypeORM writes the file after each change.';
  const created = (await t.call('createPost', post)) as { id?: unknown } | null;
  t.ok(await holds(post.title), { message: 'createPost was done, and the post was not in the file SQL_FILE.', cause: 'not in the file when createPost is done', hint });
  const title = t.random.words(4);
  await t.call('updatePost', created?.id, { title });
  t.ok(await holds(title), { message: 'updatePost was done, and the new title was not in the file SQL_FILE.', cause: 'not in the file when updatePost is done', hint });
  await t.call('deletePost', created?.id);
  t.ok(!(await holds(title)), { message: 'deletePost was done, and the post was still in the file SQL_FILE.', cause: 'still in the file when deletePost is done', hint });
});

export const keepsStoresApart = check('nothing of one store appears in the other', { needs: [givesRepositories, keepsPostsInTheFile], lesson: section }, async (t) => {
  await t.call('createNote', noteInput(t));
  await t.call('createPost', postInput(t));
  const collections: string[] = [];
  for (const name of await t.db.collectionNames()) if (name !== 'notes' && (await t.db.collection(name).count()) > 0) collections.push(name);
  t.equal(collections, [], { message: `Besides notes, MongoDB holds documents in ${collections.join(' and ')}.`, cause: 'posts appear in MongoDB', hint: 'Each DataSource lists the entities it owns, and no others.', evidence: writes(t) });
  const tables = (await t.sql("select name from sqlite_master where type = 'table'")).map(({ name }) => String(name));
  t.ok(!tables.includes('notes') && !tables.includes('note'), { message: 'The SQL file has a table for notes, which live in MongoDB.', cause: 'notes appear in SQL', expected: 'no such table', actual: tables, hint: 'Each DataSource lists the entities it owns, and no others.' });
});

export const findsWhatTheFileHeld = check('what the file held is there after connect()', { needs: [givesRepositories, keepsPostsInTheFile], scene: 'leaving', timeoutMs: 30_000, lesson: '08-typeorm#posts-in-sql' }, async (t) => {
  const post = postInput(t);
  let first = await t.program();
  // One that has left and come back before, and that can't, is told of elsewhere.
  if (!(await first.attempt('createPost', post)).ok) {
    first = await t.start();
    await first.call('createPost', post);
  }
  // Whoever writes the file only when it is told to close has no chance.
  first.kill('SIGKILL');
  await first.exited(3000);
  const second = await t.start();
  const found = await second.call('listPosts');
  t.ok(Array.isArray(found) && found.some((one: { title?: unknown }) => one?.title === post.title), {
    message: 'A first process stored a post and ended. A second one, with the same SQL_FILE, does not find it.', cause: 'does not find what the file held', expected: post, actual: found, hint: 'location: process.env.SQL_FILE is read by initialize(), and autoSave: true writes it. dropSchema: true empties it at each start.',
  });
});
