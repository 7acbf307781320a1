import { check, type CheckContext, type Document } from 'mongo-course/checker';
import { noteInput } from '../stores.ts';
import { connects } from './connecting.ts';

const hint = 'Two ways: createCollection with a validator where there is no collection, collMod where there is one. Listing the collections tells which.';

/** Whether MongoDB takes a note, whoever writes it. */
async function takes(t: CheckContext, note: Document): Promise<boolean> {
  const reply = await t.db.command({ insert: 'notes', documents: [{ _id: t.random.objectId(), created_at: t.random.date(), ...note }] }).catch((error: { code?: unknown }) => error);
  return !('writeErrors' in reply) && reply.code === undefined;
}

export const hasAValidator = check('MongoDB itself refuses a note without a title', { needs: [connects], scene: 'validator', bonus: true, timeoutMs: 40_000, lesson: '08-typeorm#a-validator-in-the-database' }, async (t) => {
  for (const there of [false, true]) {
    if ((await t.db.collectionNames()).includes('notes')) await t.db.command({ drop: 'notes' });
    if (there) await t.db.command({ create: 'notes' });
    const situation = there ? 'The collection notes was there before connect()' : 'There was no collection notes before connect()';
    const program = await t.start();
    await program.call('connect');
    const { title, content } = noteInput(t);
    t.ok(!(await takes(t, { content })), { message: `${situation}. After it, MongoDB accepted a note without a title.`, cause: there ? 'no validator where the collection was there' : 'no validator where there was no collection', expected: 'error 121, DocumentValidationFailure', actual: 'it is stored', hint, evidence: t.tap.evidence(t.tap.commands({ names: ['create', 'collMod'] })) });
    t.ok(await takes(t, { title, content }), { message: `${situation}. After it, MongoDB refused a note that has everything.`, cause: 'the validator refuses good notes', expected: 'it is stored', actual: 'it is refused', hint: "{ $jsonSchema: { required: ['title'] } }" });
  }
});
