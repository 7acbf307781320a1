import { check, ObjectId, type CheckContext, type Document } from 'mongo-course/checker';
import { anAuthor, errorEvidence, expectRejected, told, writes } from '../posts.ts';
import { connects, hasTheModels } from './connecting.ts';

const options = { needs: [connects, hasTheModels], lesson: '07-mongoose#references-and-populate' };

export const knowsAuthors = check('Author has a name, which is required, and an email', options, async (t) => {
  const program = await t.program();
  const author = anAuthor(t);
  const attempt = await program.attempt('createWith', 'Author', author);
  if (!attempt.ok) t.fail({ message: `Author.create was given a name and an email, and failed: ${told(attempt)}.`, cause: 'Author refuses an author', evidence: errorEvidence(attempt) });
  const stored = await t.db.collection('authors').findOne();
  t.equal({ name: stored?.name, email: stored?.email }, author, { message: 'Author.create did not store the author as given.', cause: 'Author does not store name and email', hint: 'What a schema does not name is not stored.', evidence: writes(t) });
  const nameless = await program.attempt('createWith', 'Author', { email: author.email });
  expectRejected(t, 'Author.create', nameless, ['name'], 'an author without a name', { cause: 'Author accepts an author without a name', hint: 'name: { type: String, required: true }' });
  const alone = await program.attempt('createWith', 'Author', { name: author.name });
  t.ok(alone.ok, { message: `Author.create was given a name and no email, and refused it: ${told(alone)}.`, cause: 'Author needs an email', evidence: errorEvidence(alone) });
});

export const refersToAuthors = check('BlogPostWithRef has a title, with its rules, and refers to an author', { ...options, needs: [...options.needs, knowsAuthors] }, async (t) => {
  const program = await t.program();
  const author = { _id: t.random.objectId(), ...anAuthor(t) };
  await t.db.collection('authors').insert(author);
  const title = t.random.words(3);
  const attempt = await program.attempt('createWith', 'BlogPostWithRef', { title, author: author._id });
  if (!attempt.ok) t.fail({ message: `BlogPostWithRef.create was given a title and an author's _id, and failed: ${told(attempt)}.`, cause: 'BlogPostWithRef refuses a post', evidence: errorEvidence(attempt) });
  const stored = await t.db.collection('blog_posts_with_ref').findOne();
  t.equal({ title: stored?.title, author: stored?.author }, { title, author: author._id }, { message: 'BlogPostWithRef.create did not store the title and the author\'s _id, as an ObjectId.', cause: 'the reference is not stored', hint: "author: { type: Schema.Types.ObjectId, ref: 'Author' }", evidence: writes(t) });
  const populated = await program.attempt('populated', stored?._id);
  const found = populated.ok ? (populated.value as Document | null)?.author as Document | null | undefined : undefined;
  t.equal(found?.name, author.name, {
    message: `Asked by populate('author'), Mongoose does not give the author's document${populated.ok ? '' : `: ${told(populated)}`}.`, cause: 'author is no reference to Author', hint: "ref: 'Author' names the model by the name it was made with: model('Author', …).", evidence: errorEvidence(populated),
  });
  const hint = 'title: { type: String, required: true, maxlength: 200 }, as in BlogPost.';
  expectRejected(t, 'BlogPostWithRef.create', await program.attempt('createWith', 'BlogPostWithRef', { author: author._id }), ['title'], 'a post without a title', { cause: 'BlogPostWithRef accepts a post without a title', hint });
  expectRejected(t, 'BlogPostWithRef.create', await program.attempt('createWith', 'BlogPostWithRef', { title: 'x'.repeat(201), author: author._id }), ['title'], 'a title of 201 characters', { cause: 'BlogPostWithRef accepts a title that is too long', hint });
});

interface Referring {
  _id: ObjectId;
  title: string;
  author: ObjectId;
  __v: number;
}

/** Stores authors, and posts that refer to them; gives the posts. */
async function seed(t: CheckContext, count: number, authors: readonly Document[]): Promise<Referring[]> {
  await t.db.collection('authors').insert(...authors);
  const posts = Array.from({ length: count }, (_, index) => ({ _id: t.random.objectId(), title: t.random.words(3), author: authors[index % authors.length]?._id as ObjectId, __v: 0 }));
  await t.db.collection('blog_posts_with_ref').insert(...posts);
  return posts;
}

const someAuthors = (t: CheckContext, count: number): Document[] => Array.from({ length: count }, () => ({ _id: t.random.objectId(), ...anAuthor(t), __v: 0 }));

async function list(t: CheckContext): Promise<Document[]> {
  const found = await t.call('listPostsWithAuthors');
  if (Array.isArray(found)) return found as Document[];
  return t.fail({ message: 'listPostsWithAuthors did not give an array.', cause: 'listPostsWithAuthors gives no array', expected: 'an array of posts', actual: found });
}

const queries = (t: CheckContext): ReturnType<CheckContext['tap']['evidence']> => t.tap.evidence(t.tap.queries());

export const listsPostsWithAuthors = check('listPostsWithAuthors gives all posts, each with its author', { ...options, lesson: '07-mongoose#references-and-populate' }, async (t) => {
  const authors = someAuthors(t, 3);
  const posts = await seed(t, 101, authors);
  const found = await list(t);
  t.equal(found.map(({ title }) => title).sort(), posts.map(({ title }) => title).sort(), { message: `listPostsWithAuthors did not give all ${posts.length} posts, each once.`, cause: 'not all posts', evidence: queries(t) });
  for (const post of posts) {
    const { author } = found.find(({ title }) => title === post.title) as Document;
    const wanted = authors.find(({ _id }) => String(_id) === String(post.author)) as Document;
    t.ok(!(author instanceof ObjectId) && typeof author === 'object' && author !== null && !Array.isArray(author), {
      message: Array.isArray(author) ? 'In the place of the author there is an array.' : 'In the place of the author there is no document, though the author exists.', cause: Array.isArray(author) ? 'the author is an array' : 'the author is not filled in', expected: { name: wanted.name }, actual: author,
      hint: Array.isArray(author) ? '$lookup always gives an array: take its first item.' : ".populate('author') on the query; the field has to be a reference to the model Author.", evidence: queries(t),
    });
    const { name, email } = author as Document;
    t.equal({ _id: String((author as Document)._id), name, email }, { _id: String(wanted._id), name: wanted.name, email: wanted.email }, { message: 'A post came with another author than it refers to, or with a part of it only.', cause: 'another author', evidence: queries(t) });
  }
});

export const givesNullForGoneAuthors = check('a post whose author is gone comes with null', { ...options, needs: [listsPostsWithAuthors], lesson: '07-mongoose#references-and-populate' }, async (t) => {
  const authors = someAuthors(t, 2);
  const posts = await seed(t, 6, authors);
  const [gone] = authors as [Document];
  await t.db.collection('authors').delete({ _id: gone._id });
  const found = await list(t);
  t.equal(found.length, posts.length, { message: `An author is gone, and with it ${posts.length - found.length} of ${posts.length} posts disappeared from the list.`, cause: 'posts without an author are left out', hint: 'After $lookup, $unwind drops posts without an author, unless you say preserveNullAndEmptyArrays; a filter on the author does, too.', evidence: queries(t) });
  for (const post of posts) {
    const { author } = found.find(({ title }) => title === post.title) ?? {};
    if (String(post.author) === String(gone._id)) t.equal(author, null, { message: 'The author of a post is gone, and in its place there is something else than null.', cause: 'not null for an author that is gone', hint: 'populate does that by itself. After $lookup, { $ifNull: [{ $first: "$author" }, null] }.', evidence: queries(t) });
    else t.ok(typeof author === 'object' && author !== null, { message: 'The author of another post is gone, and this post, whose author exists, came without it.', cause: 'the author is not filled in', evidence: queries(t) });
  }
});

export const needsTwoQueries = check('listPostsWithAuthors needs two queries at most', { ...options, needs: [listsPostsWithAuthors], lesson: '07-mongoose#references-and-populate' }, async (t) => {
  await seed(t, 150, someAuthors(t, 120));
  await list(t);
  const asked = t.tap.queries();
  t.ok(asked.length <= 2, {
    message: `For 150 posts, the database was asked ${asked.length} times: once for the posts, then for each author. Every question is a way there and back; a page of 1,000 posts would take a second or more.`,
    cause: 'one query per post', expected: '2 queries at most', actual: `${asked.length} queries`, hint: "BlogPostWithRef.find().populate('author') asks for all authors at once. populate() on each document, in a loop, does not.", evidence: t.tap.evidence(asked),
  });
});
