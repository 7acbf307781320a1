import { check } from 'mongo-course/checker';
import { errorEvidence, noteInput, postInput, told } from '../stores.ts';
import { connects, disconnects } from './connecting.ts';
import { storesNotes } from './notes.ts';
import { storesPosts } from './posts.ts';

const section = '08-typeorm#data-sources';

export const rejectsWhenDown = check('connect() rejects soon while MongoDB is down, and works once it is back', { needs: [connects, storesNotes, storesPosts], scene: 'refused', timeoutMs: 40_000, deadline: true, lesson: section }, async (t) => {
  await t.tap.down();
  const program = await t.start();
  const attempt = await program.attempt('connect');
  const expected = 'connect() rejects within 5 s';
  if (attempt.ok) t.fail({ message: 'MongoDB refused every connection, and connect() resolved all the same.', cause: 'swallows the error', expected, actual: 'it resolved', hint: 'await the initialize() of both, and no catch that swallows the error.' });
  if (attempt.error?.name === 'ProcessEnded') t.fail({ message: `MongoDB refused every connection, and that ended the whole process: ${attempt.error.message}`, cause: 'an error that nothing catches ends the process', expected, actual: told(attempt), hint: 'Is there a promise that nobody awaits, an initialize() without await?' });
  t.ok(!attempt.hung && attempt.ms <= 8000, {
    message: `MongoDB refused every connection, and connect() ${attempt.hung ? 'had still not settled' : 'rejected only'} after ${Math.round(attempt.ms / 1000)} seconds.`, cause: 'waits too long for a server', expected, actual: told(attempt),
    hint: 'TypeORM passes serverSelectionTimeoutMS on to the driver from extra only: extra: { serverSelectionTimeoutMS: 3000 }.',
  });
  await t.tap.up();
  const again = await program.attempt('connect');
  const stored = again.ok ? await program.attempt('createNote', noteInput(t)) : again;
  const post = stored.ok ? await program.attempt('createPost', postInput(t)) : stored;
  t.ok(post.ok, { message: `MongoDB was down and is back, and ${again.ok ? 'after the next connect() the stores do not work' : 'the next connect() failed'}: ${told(post)}.`, cause: 'a failed connect() spoils the next one', expected: 'the next call succeeds', actual: told(post), hint: 'A store that was opened already must not be opened twice, and a promise that was rejected must not be kept.', evidence: errorEvidence(post) });
});

export const connectsAgain = check('after disconnect(), connect() works again, and everything is still there', { needs: [disconnects, storesNotes, storesPosts], scene: 'leaving', timeoutMs: 40_000, lesson: section }, async (t) => {
  const program = await t.program();
  const note = noteInput(t);
  const post = postInput(t);
  // This program has connected and disconnected once, for the check before. Twice more: what it stores now has to be found after the last.
  for (const [name, ...args] of [['connect'], ['createNote', note], ['createPost', post], ['disconnect'], ['connect']] as const) {
    const attempt = await program.attempt(name, ...args);
    const what = name === 'connect' ? 'the second connect()' : `and connect() again, ${name}()`;
    if (!attempt.ok) t.fail({ message: `After connect() and disconnect(), ${what} failed: ${told(attempt)}.`, cause: 'does not connect a second time', expected: 'it resolves', actual: told(attempt), hint: 'destroy() what was opened; then initialize() can be called again. What says "I am connected already" has to be forgotten by disconnect().', evidence: errorEvidence(attempt) });
  }
  for (const [name, stored] of [['listNotes', note], ['listPosts', post]] as const) {
    const found = await program.call(name);
    t.ok(Array.isArray(found) && found.some((one: { title?: unknown }) => one?.title === stored.title), { message: `After connect(), disconnect(), connect(), ${name} does not give what was stored before.`, cause: `${name} has lost what was stored`, expected: stored, actual: found, hint: 'sql.js works in memory: location names the file, autoSave: true writes it. dropSchema empties it.' });
  }
});
