import { check, type Document } from 'mongo-course/checker';
import { anAuthor, answeredFields, errorEvidence, fieldsOf, fullInput, onlyPost, posts, told, writes } from '../posts.ts';
import { connects, hasTheModels } from './connecting.ts';

const options = { needs: [connects, hasTheModels], lesson: '07-mongoose#schema-and-models' };

export const storesThePost = check('createPost stores the post as it is given', options, async (t) => {
  const input = fullInput(t);
  // The write takes a moment: whoever does not wait for it is found out.
  t.tap.delayCommands({ names: ['insert', 'update', 'findAndModify', 'bulkWrite'] }, 150);
  await t.call('createPost', input);
  const stored = await onlyPost(t, 'createPost');
  t.ok(stored.published_date instanceof Date, { message: 'published_date was given as a date, and is not stored as one.', cause: 'published_date is not stored as a date', expected: input.published_date, actual: stored.published_date, hint: 'published_date: Date, in the schema. What a schema does not name is not stored.', evidence: writes(t) });
  t.equal(fieldsOf(stored), input, { message: 'The stored post is not the one that createPost was given.', cause: 'the post is not stored as given', hint: 'A field that the schema does not name is left out by Mongoose without a word.', evidence: writes(t) });
});

export const resolvesToThePost = check('createPost resolves to the post', { ...options, needs: [storesThePost] }, async (t) => {
  const input = fullInput(t);
  const answer = (await t.call('createPost', input)) as Document | null | undefined;
  const stored = await onlyPost(t, 'createPost');
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) return t.fail({ message: `createPost resolved to ${Array.isArray(answer) ? 'an array' : String(answer)}, not to the post.`, cause: 'createPost does not give the post', expected: 'the post', actual: answer, hint: 'return the document that create() gives, or that you have saved.' });
  t.equal(String(answer._id), String(stored._id), { message: 'The post that createPost resolved to does not have the _id of the stored one.', cause: 'createPost gives another _id' });
  t.equal(answeredFields(answer), input, { message: 'createPost resolved to something else than the post it stored.', cause: 'createPost gives another post' });
});

export const fillsInDefaults = check('a new post has tags [], is_published "draft" and the date of now', { ...options, needs: [storesThePost], lesson: '07-mongoose#schema-and-models' }, async (t) => {
  const create = async (): Promise<Document> => {
    await posts(t).delete();
    await t.call('createPost', { title: t.random.words(2), content: t.random.words(4), author: anAuthor(t) });
    return onlyPost(t, 'createPost');
  };
  const first = await create();
  t.equal({ tags: first.tags, is_published: first.is_published }, { tags: [], is_published: 'draft' }, { message: 'createPost was given no tags and no is_published, and did not fill in the rest.', cause: 'no default', hint: 'A default belongs to the field in the schema: { type: String, default: … }.', evidence: writes(t) });
  const date = first.published_date;
  t.ok(date instanceof Date && Math.abs(date.getTime() - Date.now()) < 60_000, { message: 'createPost was given no published_date, and did not store the date of now.', cause: 'published_date is not now', expected: new Date(), actual: date, hint: 'default: Date.now (the function, not Date.now())', evidence: writes(t) });
  await t.sleep(30);
  const second = await create();
  t.ok((second.published_date as Date) > (date as Date), {
    message: 'Two posts, made one after the other, have the same published_date: that of the program\'s start.', cause: 'now is read only once', expected: 'a later date', actual: second.published_date,
    hint: 'default: Date.now() calls it once, when the schema is made. default: Date.now gives Mongoose the function, which it calls for every post.', evidence: writes(t),
  });
});

export const acceptsWhatFits = check('createPost accepts all that the rules allow', { ...options, needs: [storesThePost], lesson: '07-mongoose#validation' }, async (t) => {
  const base = (): Document => ({ title: t.random.words(2), content: t.random.words(4) });
  const longest = t.random.words(60).slice(0, 199).trimEnd().padEnd(200, 'x');
  const cases: [string, Document, Document][] = [
    ['no author', base(), {}],
    ['an author without an email', { ...base(), author: { name: t.random.word() } }, {}],
    ['a title of exactly 200 characters', { ...base(), title: longest }, {}],
    ...['yes', 'no', 'draft'].map((state): [string, Document, Document] => [`is_published "${state}"`, { ...base(), is_published: state }, {}]),
    ['the number 42 as its title, which Mongoose makes a text of', { ...base(), title: 42 }, { title: '42' }],
  ];
  const program = await t.program();
  for (const [what, input, cast] of cases) {
    await posts(t).delete();
    const attempt = await program.attempt('createPost', input);
    if (!attempt.ok) t.fail({ message: `createPost was given a post with ${what}, and refused it: ${told(attempt)}.`, cause: `refuses a post with ${what}`, expected: 'it is stored', actual: told(attempt), hint: what === 'no author' ? 'Where author is a plain object in the schema, a required name in it makes every post need one. Give the author a schema of its own: then the author as a whole may be absent.' : 'A rule in the schema is stricter than the task.', evidence: errorEvidence(attempt) });
    const stored = await onlyPost(t, 'createPost');
    for (const [field, value] of Object.entries({ ...input, ...cast })) t.equal(fieldsOf(stored)[field], value, { message: `createPost was given a post with ${what}, and stored another ${field}.`, cause: `stores another ${field}`, evidence: writes(t) });
    if (what === 'no author') t.ok(stored.author === undefined || stored.author === null, { message: 'createPost was given no author, and stored one.', cause: 'stores an author where none is given', expected: 'no author', actual: stored.author, evidence: writes(t) });
  }
});
