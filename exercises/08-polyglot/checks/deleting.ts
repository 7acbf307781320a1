import { check } from 'mongo-course/checker';
import { ask, aUser, create, feed, logs, sent, storeLogs } from '../api.ts';
import { logsTheCreation } from './creating.ts';
import { showsNewestPosts } from './feed.ts';

const options = { needs: [logsTheCreation, showsNewestPosts], lesson: '09-two-stores#cleaning-up' };

export const deletesPosts = check('DELETE /posts/:id removes the post and all its logs', options, async (t) => {
  const as = aUser(t);
  const [other, post] = [await create(t, as), await create(t, as)];
  await storeLogs(t, post.id, 7);
  await storeLogs(t, other.id, 4);
  const answer = await ask(t, 'DELETE', `/posts/${post.id}`, { as });
  t.equal(answer.status, 204, { message: `DELETE /posts/:id by its author was answered with ${answer.status}.`, cause: 'no 204 for a delete', evidence: answer.evidence });
  t.equal(await logs(t).count({ post_id: post.id }), 0, { message: 'The post was deleted, and some of its logs are still there. Nobody will ever delete them.', cause: 'logs are left without their post', hint: 'deleteMany({ post_id: id })', evidence: sent(t) });
  t.equal(await logs(t).count({ post_id: other.id }), 5, { message: 'A post was deleted, and logs of another one are gone too.', cause: 'deletes logs of other posts', evidence: sent(t) });
  const { posts, evidence } = await feed(t);
  t.ok(!posts.some(({ id }) => id === post.id), { message: 'The post was deleted, and is still in the feed.', cause: 'the post is still there', evidence });
  t.ok(posts.some(({ id }) => id === other.id), { message: 'A post was deleted, and another one is gone from the feed.', cause: 'deletes other posts', evidence });
  const again = await ask(t, 'DELETE', `/posts/${post.id}`, { as });
  t.equal(again.status, 404, { message: `The post is gone, and a second DELETE was answered with ${again.status}.`, cause: 'no 404 for a post that is gone', evidence: again.evidence });
});

export const refusesOtherDeletes = check('DELETE by another caller answers 403, of an unknown post 404', { ...options, lesson: '09-two-stores#who-may-do-what' }, async (t) => {
  const as = aUser(t);
  const post = await create(t, as);
  const foreign = await ask(t, 'DELETE', `/posts/${post.id}`, { as: as + 1 });
  t.equal(foreign.status, 403, { message: `DELETE of another caller's post was answered with ${foreign.status}.`, cause: 'no 403 for another caller\'s post', hint: 'Compare author_id with the caller, both as numbers.', evidence: foreign.evidence });
  t.equal(await logs(t).count({ post_id: post.id }), 1, { message: 'DELETE of another caller\'s post was refused, and the logs are gone all the same.', cause: 'deletes what it refuses', hint: 'Look whose post it is before you delete anything.', evidence: sent(t) });
  t.ok((await feed(t, '?limit=1')).posts[0]?.id === post.id, { message: 'DELETE of another caller\'s post was refused, and the post is gone all the same.', cause: 'deletes what it refuses' });
  for (const [id, what] of [[String(post.id + 1000), 'an unknown id'], ['0', '0'], ['-1', '-1'], ['1.5', '1.5'], ['abc', 'abc'], [`${post.id}abc`, 'an id with letters behind it']] as const) {
    const answer = await ask(t, 'DELETE', `/posts/${id}`, { as });
    t.equal(answer.status, 404, { message: `DELETE /posts/:id with ${what} as the id was answered with ${answer.status}.`, cause: 'no 404 for an unknown post', hint: 'parseInt("12abc") is 12, and Number("") is 0: look at the text first.', evidence: answer.evidence });
  }
});
