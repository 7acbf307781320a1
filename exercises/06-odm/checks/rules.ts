import { check, type CheckContext, type Document } from 'mongo-course/checker';
import { anAuthor, expectRejected, fullInput, posts, writes } from '../posts.ts';
import { storesThePost } from './create.ts';

const options = { needs: [storesThePost], lesson: '07-mongoose#validation' };

interface Bad {
  fields: readonly string[];
  why: string;
  input: Document;
  cause: string;
  hint: string;
}

/** Gives createPost each bad input: it rejects, names the fields, and nothing is stored. */
async function refuses(t: CheckContext, cases: readonly Bad[]): Promise<void> {
  const program = await t.program();
  for (const { fields, why, input, cause, hint } of cases) {
    const attempt = await program.attempt('createPost', input);
    expectRejected(t, 'createPost', attempt, fields, why, { cause, hint });
    t.equal(await posts(t).count(), 0, { message: `createPost was given ${why}, rejected, and stored the post all the same.`, cause: 'stores what it refuses', hint: 'Validate first, then write: create() and save() do that by themselves.', evidence: writes(t) });
  }
}

const without = (input: Document, field: string): Document => Object.fromEntries(Object.entries(input).filter(([name]) => name !== field));

export const requiresTitleAndContent = check('a post without a title or a content is refused', options, async (t) => {
  await refuses(t, ['title', 'content'].map((field) => ({ fields: [field], why: `a post without a ${field}`, input: without(fullInput(t), field), cause: `accepts a post without a ${field}`, hint: `${field}: { type: String, required: true }` })));
});

export const limitsTheTitle = check('a title of more than 200 characters is refused', options, async (t) => {
  await refuses(t, [{ fields: ['title'], why: 'a title of 201 characters', input: { ...fullInput(t), title: t.random.words(60).slice(0, 200).trimEnd().padEnd(201, 'x') }, cause: 'accepts a title that is too long', hint: 'maxlength: 200, in one word and in lower case: an option that Mongoose does not know is ignored without a word.' }]);
});

export const knowsItsStates = check('is_published is yes, no or draft, and nothing else', options, async (t) => {
  const hint = "is_published: { type: String, enum: ['yes', 'no', 'draft'] }";
  await refuses(t, ['maybe', 'published', 'Yes'].map((state) => ({ fields: ['is_published'], why: `is_published "${state}"`, input: { ...fullInput(t), is_published: state }, cause: 'accepts another is_published', hint })));
});

export const requiresTheAuthorsName = check('an author without a name is refused', options, async (t) => {
  const { email } = anAuthor(t);
  await refuses(t, [{ fields: ['author'], why: 'an author without a name', input: { ...fullInput(t), author: { email } }, cause: 'accepts an author without a name', hint: 'In the author\'s own schema: name: { type: String, required: true }.' }]);
});

export const refusesWrongTypes = check('a value that Mongoose cannot cast is refused', { ...options, lesson: '07-mongoose#validation' }, async (t) => {
  const input = (field: string, value: unknown): Document => ({ ...fullInput(t), [field]: value });
  const hint = 'With the field\'s type in the schema, Mongoose casts what it can and refuses the rest. Mixed, {} and Object take anything.';
  await refuses(t, [
    { fields: ['title'], why: 'an object, {}, as the title', input: input('title', {}), cause: 'accepts a title that is no text', hint },
    { fields: ['content'], why: 'an object, {}, as the content', input: input('content', {}), cause: 'accepts a content that is no text', hint },
    { fields: ['published_date'], why: 'the text "nope" as published_date', input: input('published_date', 'nope'), cause: 'accepts a published_date that is no date', hint },
    { fields: ['author'], why: 'the text "Bob" as the author', input: input('author', 'Bob'), cause: 'accepts an author that is a text', hint: 'Where author is a plain object in the schema, Mongoose drops a text without a word. With a schema of its own, author: authorSchema, it refuses it.' },
    { fields: ['tags'], why: 'an object, {}, as a tag', input: input('tags', [{}]), cause: 'accepts a tag that is no text', hint: 'tags: [String]' },
    { fields: ['author'], why: 'an object, {}, as the author\'s name', input: input('author', { name: {} }), cause: 'accepts a name that is no text', hint },
  ]);
});

export const namesEveryBadField = check('the error names every bad field', options, async (t) => {
  const input = { content: t.random.words(3), title: t.random.words(60).padEnd(201, 'x'), is_published: 'maybe', published_date: 'nope' };
  await refuses(t, [
    { fields: ['title', 'is_published', 'published_date'], why: 'a title that is too long, is_published "maybe" and published_date "nope", all at once', input, cause: 'names only some of the bad fields', hint: 'Mongoose\'s ValidationError has them all. Let it go on to the caller as it is.' },
    { fields: ['title', 'content'], why: 'neither a title nor a content', input: {}, cause: 'names only some of the bad fields', hint: 'Mongoose\'s ValidationError has them all. Let it go on to the caller as it is.' },
  ]);
});
