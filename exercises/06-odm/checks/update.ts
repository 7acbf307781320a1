import { check, type CheckContext, type Document } from 'mongo-course/checker';
import { anAuthor, answeredFields, expectRejected, fieldsOf, posts, storedPost, told, tryOddIds, writes } from '../posts.ts';
import { connects, hasTheModels } from './connecting.ts';

const options = { needs: [connects, hasTheModels], lesson: '07-mongoose#updating-only-what-changed' };

/** Stores a post among others and updates it; gives the answer, and what is stored then. */
async function update(t: CheckContext, changes: Document, before = storedPost(t)): Promise<{ before: Document; after: Document; answer: unknown }> {
  await posts(t).delete();
  const other = storedPost(t);
  await posts(t).insert(other, before);
  const answer = await t.call('updatePost', before._id, changes);
  const after = await posts(t).findOne({ _id: before._id });
  t.equal(await posts(t).findOne({ _id: other._id }), other, { message: 'updatePost changed another post too.', cause: 'changes other posts', evidence: writes(t) });
  if (!after) return t.fail({ message: 'After updatePost, the post is gone.', cause: 'the post is gone', evidence: writes(t) });
  return { before, after, answer };
}

/** All fields but those changed, `__v` and the embedded author's id. */
const rest = (post: Document, changes: Document): Document =>
  Object.fromEntries(Object.entries({ ...post, author: fieldsOf(post).author }).filter(([field]) => !(field in changes) && field !== '__v'));

export const updatesTheGivenFields = check('updatePost writes the fields given, and leaves the others', options, async (t) => {
  for (const changes of [{ title: t.random.words(4) }, { content: t.random.words(5), is_published: 'no' }, { published_date: t.random.date() }] as Document[]) {
    const { before, after } = await update(t, changes);
    const named = Object.keys(changes).join(' and ');
    for (const [field, value] of Object.entries(changes)) t.equal(after[field], value, { message: `updatePost was given a new ${field}, and it is not stored afterwards.`, cause: `${field} is not updated`, hint: 'Is there an await in front of the update, or of save()?', evidence: writes(t) });
    t.equal(rest(after, changes), rest(before, changes), { message: `updatePost was given a new ${named}, and changed another field too.`, cause: 'writes fields that were not given', hint: 'findByIdAndUpdate(id, { $set: changes }), or load, set(changes), save(): both write what has changed, and nothing else.', evidence: writes(t) });
  }
});

export const takesIdsAsText = check('updatePost takes an id as a text, too', { ...options, needs: [updatesTheGivenFields], lesson: '07-mongoose#ids-that-are-none' }, async (t) => {
  const post = storedPost(t);
  await posts(t).insert(post);
  const title = t.random.words(4);
  await t.call('updatePost', post._id.toHexString(), { title });
  t.equal((await posts(t).findOne({ _id: post._id }))?.title, title, { message: 'updatePost was given the id of a stored post as a text, and did not update that post.', cause: 'does nothing for an id as a text', evidence: writes(t) });
});

export const resolvesToTheUpdatedPost = check('updatePost resolves to the updated post', { ...options, needs: [updatesTheGivenFields] }, async (t) => {
  const changes = { title: t.random.words(4) };
  const { before, after, answer } = await update(t, changes);
  const found = (answer ?? {}) as Document;
  t.ok(typeof answer === 'object' && answer !== null && found._id !== undefined, { message: 'updatePost did not resolve to the post.', cause: 'updatePost does not give the post', expected: 'the updated post', actual: answer, hint: 'updateOne resolves to counts. findByIdAndUpdate gives the document.' });
  t.ok(found.title !== before.title, { message: 'updatePost resolved to the post as it was before the update.', cause: 'gives the post as it was before', expected: changes.title, actual: found.title, hint: "findByIdAndUpdate gives the old document, unless you say { returnDocument: 'after' }." });
  t.equal({ _id: String(found._id), ...answeredFields(found) }, { _id: String(after._id), ...fieldsOf(after) }, { message: 'updatePost resolved to something else than the post that is stored now.', cause: 'gives another post' });
  const unchanged = storedPost(t);
  const same = await update(t, { title: unchanged.title }, unchanged);
  t.ok(typeof same.answer === 'object' && same.answer !== null, { message: 'An update whose value was stored already changed nothing, and updatePost did not resolve to the post.', cause: 'gives no post where nothing changes', expected: 'the post', actual: same.answer, hint: 'modifiedCount is 0 where nothing changes. Whether the post is there is another question.' });
});

export const replacesAuthorAndTags = check('updatePost replaces author and tags as a whole', { ...options, needs: [updatesTheGivenFields], lesson: '07-mongoose#updating-only-what-changed' }, async (t) => {
  const author = { name: t.random.word() };
  const first = await update(t, { author });
  t.equal(fieldsOf(first.after).author, author, { message: 'updatePost was given an author with a name only. The author as a whole takes the old one\'s place, its email too.', cause: 'merges the author', hint: '$set: { author } replaces it; { "author.name": … } changes one field in it.', evidence: writes(t) });
  const tags = [t.random.word()];
  const second = await update(t, { tags });
  t.equal(second.after.tags, tags, { message: 'updatePost was given new tags. They take the old ones\' place.', cause: 'merges the tags', hint: '$set: { tags } replaces the array; $push and $addToSet add to it.', evidence: writes(t) });
  t.equal(rest(second.after, { tags }), rest(second.before, { tags }), { message: 'updatePost was given new tags, and changed another field too.', cause: 'writes fields that were not given', evidence: writes(t) });
});

export const keepsToTheRules = check('updatePost keeps to the schema\'s rules', { ...options, needs: [updatesTheGivenFields], lesson: '07-mongoose#validation' }, async (t) => {
  const program = await t.program();
  const before = storedPost(t);
  await posts(t).insert(before);
  const hint = 'An update passes the schema\'s rules by, unless you say { runValidators: true }. With load, set(changes), save() they are always asked.';
  const bad: [readonly string[], string, Document, boolean][] = [
    [['title'], 'a title of 201 characters', { title: t.random.words(60).slice(0, 200).trimEnd().padEnd(201, 'x') }, false],
    [['title'], 'null as the title', { title: null }, false],
    [['content'], 'null as the content', { content: null }, false],
    [['is_published'], 'is_published "maybe"', { is_published: 'maybe' }, false],
    [['author'], 'an author without a name', { author: { email: anAuthor(t).email } }, false],
    [['title', 'is_published'], 'a title that is too long and is_published "maybe", both at once', { title: 'x'.repeat(201), is_published: 'maybe' }, false],
    [['title'], 'an object, {}, as the title', { title: {} }, true],
    [['published_date'], 'the text "nope" as published_date', { published_date: 'nope' }, true],
    [['author'], 'the text "Bob" as the author', { author: 'Bob' }, true],
    [['is_published'], 'a good title and a bad is_published, "maybe"', { title: t.random.words(3), is_published: 'maybe' }, false],
  ];
  for (const [fields, why, changes, castError] of bad) {
    const attempt = await program.attempt('updatePost', before._id, changes);
    const after = await posts(t).findOne({ _id: before._id });
    const dotted = t.tap.writes().some(({ command }) => updatesOf(command).some((update) => Object.keys((update.$set as Document | undefined) ?? {}).some((field) => field.startsWith('author.'))));
    t.equal(after, before, { message: `updatePost was given ${why}, and wrote to the post.`, cause: attempt.ok ? `accepts ${why}` : 'writes what it refuses', hint: dotted ? 'What sets "author.email" asks no rule of the other fields of the author. $set: { author } replaces it as a whole, and with runValidators its rules are asked.' : hint, evidence: writes(t) });
    expectRejected(t, 'updatePost', attempt, fields, why, { cause: `accepts ${why}`, hint, castError });
  }
});

export const losesNoOtherWrite = check('two updates of different fields at once both last', { ...options, needs: [updatesTheGivenFields], lesson: '07-mongoose#updating-only-what-changed' }, async (t) => {
  const post = storedPost(t);
  await posts(t).insert(post);
  const program = await t.program();
  // Reads are held back too, so that both have read before either writes.
  t.tap.delayCommands({ names: ['update', 'findAndModify', 'findandmodify', 'bulkWrite', 'insert', 'delete', 'find', 'aggregate'] }, 250);
  const [title, content, author] = [t.random.words(4), t.random.words(6), { name: t.random.word() }];
  const attempts = await Promise.all([program.attempt('updatePost', post._id, { title }), program.attempt('updatePost', post._id, { content }), program.attempt('updatePost', post._id, { author })]);
  const failed = attempts.find(({ ok }) => !ok);
  const sent = t.tap.writes().flatMap(({ command }) => updatesOf(command).map((update) => Object.keys((update.$set as Document | undefined) ?? update).filter((field) => ['title', 'content', 'author'].includes(field))));
  const whole = sent.some((fields) => fields.length > 1);
  if (failed) t.fail({ message: `Of three updates of one post at the same moment, each of another field, one failed: ${told(failed)}.`, cause: 'updates at once fail', expected: 'all of them last', actual: told(failed), hint: whole ? 'What was sent writes fields that were not given. Write the given ones only: load, set(changes), save(), without markModified or overwrite; or findByIdAndUpdate(id, { $set: changes }).' : 'They do not get into each other\'s way if each writes its own field only. optimisticConcurrency would refuse them.', evidence: t.tap.evidence(t.tap.writes()) });
  const after = await posts(t).findOne({ _id: post._id });
  // Whether the author is replaced as a whole is another check's question.
  t.equal({ title: after?.title, content: after?.content, author: { name: (after?.author as Document | undefined)?.name } }, { title, content, author }, {
    message: 'Of three updates of one post at the same moment, each of another field, at least one was lost: an update wrote back what it had read before.', cause: 'read, change, write back: loses what others write',
    hint: 'Write the given fields only: findByIdAndUpdate(id, { $set: changes }), or load, set(changes), save().', evidence: t.tap.evidence(t.tap.writes()),
  });
});

/** The updates that a command sends: of `findAndModify` one, of `update` one or more. */
function updatesOf(command: Document): Document[] {
  const all = Array.isArray(command.updates) ? (command.updates as Document[]).map(({ u }) => u) : [command.update];
  return all.filter((update): update is Document => typeof update === 'object' && update !== null && !Array.isArray(update));
}

export const updatesNothingForOddIds = check('updatePost gives null for an id of nothing', { ...options, needs: [resolvesToTheUpdatedPost], lesson: '07-mongoose#ids-that-are-none' }, async (t) => {
  await tryOddIds(t, 'updatePost', null, { title: t.random.words(2) });
});
