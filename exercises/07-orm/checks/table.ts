import { check, type Document } from 'mongo-course/checker';
import { expectList, oddPostIds, pick, postFields, tryIds } from '../stores.ts';
import { createOne, idHint, storesPosts, updatesPosts } from './posts.ts';
import { keepsPostsInTheFile } from './stores.ts';

const options = { lesson: '08-typeorm#posts-in-sql' };

export const listsPosts = check('listPosts gives all posts, highest id first', { ...options, needs: [storesPosts, keepsPostsInTheFile] }, async (t) => {
  const made: Document[] = [];
  for (let count = 0; count < 4; count++) made.unshift(await createOne(t));
  const found = expectList(t, 'listPosts', await t.call('listPosts'));
  const ids = found.map(({ id }) => Number(id));
  t.equal(ids, [...ids].sort((a, b) => b - a), { message: 'The posts do not come highest id first.', cause: 'not sorted by id, descending', hint: "find({ order: { id: 'DESC' } })" });
  t.equal(found.slice(0, 4).map((post) => pick(post, ...postFields)), made.map((post) => pick(post, ...postFields)), { message: 'Four posts were made, and listPosts does not begin with these, as they were stored.', cause: 'not all posts, or not as stored' });
  const earlier = (await t.sql('select * from posts')).length;
  t.equal(found.length, earlier, { message: 'listPosts did not give all posts of the table.', cause: 'not all posts' });
});

export const updatesNoPostForOddIds = check('updatePost gives null for an id of nothing, and makes nothing', { ...options, needs: [updatesPosts, keepsPostsInTheFile] }, async (t) => {
  await createOne(t);
  const before = await t.sql('select * from posts');
  await tryIds(t, 'updatePost', oddPostIds(876_543), null, idHint, { title: t.random.words(2) });
  t.equal(await t.sql('select * from posts'), before, { message: 'updatePost was called with ids of nothing, and the table is not as it was.', cause: 'changes something for an id of nothing', hint: 'save() of something that was not found makes a new row.' });
});
