import { check, type CheckContext, type Document } from 'mongo-course/checker';
import { errorEvidence, expectEntity, oddPostIds, ownedHint, pick, postFields, postInput, told, tryIds } from '../stores.ts';
import { connects } from './connecting.ts';

const options = { needs: [connects], lesson: '08-typeorm#posts-in-sql' };
export const idHint = 'The id of a post is a whole number. Look at it first: Number.isSafeInteger(id). SQLite has no NaN, and TypeORM would write it into the query.';

export async function createOne(t: CheckContext): Promise<Document> {
  return create(t, postInput(t));
}

async function create(t: CheckContext, input: Document): Promise<Document> {
  const attempt = await (await t.program()).attempt('createPost', input);
  if (!attempt.ok) {
    const noTable = /no such table/i.test(attempt.error?.message ?? '');
    const hint = noTable ? 'synchronize: true in the options of the SQL DataSource makes the table where there is none.' : ownedHint(attempt);
    t.fail({ message: `createPost was given a good post, and ${attempt.hung ? 'never finished' : `threw ${told(attempt)}`}.`, cause: noTable ? 'no table' : 'createPost fails', evidence: errorEvidence(attempt), ...(hint === undefined ? {} : { hint }) });
  }
  return expectEntity(t, 'createPost', attempt.value, 'save() resolves to the entity, with its new id.');
}

export const storesPosts = check('createPost stores a post, and gives it', options, async (t) => {
  const input = postInput(t);
  const post = await create(t, input);
  t.ok(Number.isSafeInteger(post.id) && Number(post.id) > 0, { message: 'The post that createPost gave has no id, a whole number that the database made.', cause: 'the new post has no id', expected: 'a number', actual: post.id, hint: '@PrimaryGeneratedColumn() id: number, and give what save() resolves to. insert() resolves to something else.' });
  t.equal(pick(post, 'title', 'body', 'author_id'), input, { message: 'createPost gave another post than it was given.', cause: 'gives another post', hint: 'Every property that is to be stored needs a @Column().' });
  const second = await createOne(t);
  t.ok(second.id !== post.id, { message: 'Two posts have the same id.', cause: 'two posts with one id', actual: second.id });
});

export const getsPosts = check('getPost gives a post by its id', { ...options, needs: [storesPosts] }, async (t) => {
  const [first, second] = [await createOne(t), await createOne(t)];
  for (const post of [first, second]) {
    const found = expectEntity(t, 'getPost', await t.call('getPost', post.id), 'findOneBy({ id })');
    t.equal(pick(found, ...postFields), pick(post, ...postFields), { message: 'getPost did not give the post as it was stored.', cause: 'gives another post' });
  }
});

export const getsNoPostForOddIds = check('getPost gives null for an id of nothing', { ...options, needs: [getsPosts] }, async (t) => {
  await tryIds(t, 'getPost', oddPostIds(765_432), null, idHint);
});

export const updatesPosts = check('updatePost writes the fields given, and gives the post', { ...options, needs: [getsPosts], lesson: '08-typeorm#updating-only-what-changed' }, async (t) => {
  const [other, post] = [await createOne(t), await createOne(t)];
  let expected = post;
  for (const changes of [{ title: t.random.words(4) }, { body: t.random.words(5) }, { author_id: t.random.int(10_000, 20_000) }, postInput(t)] as Document[]) {
    expected = { ...expected, ...changes };
    const answer = expectEntity(t, 'updatePost', await t.call('updatePost', post.id, changes), 'update() resolves to counts. Find the post afterwards, and give that.');
    const stored = await t.call('getPost', post.id);
    t.equal(pick(stored, ...postFields), pick(expected, ...postFields), { message: `updatePost was given a new ${Object.keys(changes).join(' and ')}, and the post is not the old one with just that changed.`, cause: 'the stored post is not the old one with the changes', hint: 'update({ id }, changes) writes the fields of changes.' });
    t.equal(pick(answer, ...postFields), pick(stored, ...postFields), { message: 'updatePost gave something else than the post as it is stored now.', cause: 'gives another post' });
  }
  expectEntity(t, 'updatePost with nothing new', await t.call('updatePost', post.id, { title: expected.title }), 'Whether something changed is another question than whether the post is there.');
  t.equal(pick(await t.call('getPost', other.id), ...postFields), pick(other, ...postFields), { message: 'updatePost changed another post too.', cause: 'changes other posts' });
});

export const deletesPosts = check('deletePost deletes that post, and says so', { ...options, needs: [getsPosts] }, async (t) => {
  const [other, post] = [await createOne(t), await createOne(t)];
  t.equal(await t.call('deletePost', post.id), true, { message: 'deletePost was called with the id of a post, and did not resolve to true.', cause: 'deletePost does not give true', hint: 'delete() resolves to an object: its affected says how many.' });
  t.equal(await t.call('getPost', post.id), null, { message: 'deletePost was called with the id of a post, and the post is still there.', cause: 'the post is still there' });
  t.equal(await t.call('deletePost', post.id), false, { message: 'deletePost was called again with the id of a post that is gone, and did not resolve to false.', cause: 'deletePost does not give false', hint: 'affected === 1' });
  await tryIds(t, 'deletePost', oddPostIds(987_654), false, idHint);
  t.equal(pick(await t.call('getPost', other.id), ...postFields), pick(other, ...postFields), { message: 'deletePost deleted another post too.', cause: 'deletes other posts' });
});
