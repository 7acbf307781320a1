import { check, type CheckContext } from 'mongo-course/checker';
import { aPost, ask, aUser, create, createdLogs, feed, sent, writeNames } from '../api.ts';
import { logsTheCreation } from './creating.ts';
import { showsNewestPosts } from './feed.ts';
import { survivesTheSecondWrite } from './failures.ts';

const options = { needs: [logsTheCreation, showsNewestPosts], lesson: '09-two-stores#idempotency' };

/** One post of this title is in the feed, with this id, and one log "created" belongs to it. */
async function expectOne(t: CheckContext, title: string, id: number, situation: string): Promise<void> {
  const { posts, evidence } = await feed(t);
  const found = posts.filter((post) => post.title === title);
  t.equal(found.map((post) => post.id), [id], { message: `${situation}. The feed shows the post ${found.length === 1 ? 'under another id' : `${found.length} times`}.`, cause: found.length === 0 ? 'the repeated post is never seen' : 'a repeat makes another post', evidence });
  const logs = await createdLogs(t, id);
  t.equal(logs.length, 1, { message: `${situation}. The post has ${logs.length} logs "created".`, cause: logs.length === 0 ? 'no log "created"' : 'a repeat makes another log', hint: 'A log that must be there once wants something that can be there once: an _id made of the post\'s id, or an upsert on a unique index.', evidence: sent(t) });
}

export const repeatsWithKey = check('the same request again with its Idempotency-Key is answered with the same post', options, async (t) => {
  const [as, key, post] = [aUser(t), t.random.hex(16), aPost(t)];
  const first = await create(t, as, post, key);
  for (let count = 0; count < 2; count++) {
    const again = await create(t, as, post, key);
    t.equal(again.id, first.id, { message: 'The same request was made again, with the same Idempotency-Key, and answered with another post.', cause: 'a repeat makes another post', hint: 'Look for a post of this caller with this key first.', evidence: sent(t) });
    t.equal({ title: again.title, body: again.body, author_id: again.author_id }, { ...post, author_id: as }, { message: 'The repeated request was answered with something else than the post.', cause: 'a repeat is answered with something else' });
  }
  await expectOne(t, post.title, first.id, 'The same request was made three times, with the same Idempotency-Key');
});

export const sharesNoKeys = check('another key, or another caller\'s same key, is another post', { ...options, needs: [repeatsWithKey] }, async (t) => {
  const [as, key] = [aUser(t), t.random.hex(16)];
  const [mine, theirs] = [aPost(t), aPost(t)];
  const first = await create(t, as, mine, key);
  const second = await create(t, as + 1, theirs, key);
  t.ok(first.id !== second.id && second.title === theirs.title && second.author_id === as + 1, { message: 'Another caller used the same Idempotency-Key, and was answered with somebody else\'s post.', cause: 'a key is shared between callers', expected: theirs.title, actual: second.title, hint: 'A key belongs to its caller: look for author_id and idempotency_key together.' });
  const third = await create(t, as, mine, t.random.hex(16));
  t.ok(third.id !== first.id, { message: 'The same caller sent the same post with another Idempotency-Key, and was answered with the old one. The key says whether a request is made again, not the text.', cause: 'another key is no other post', expected: 'a new post', actual: 'the old post again', hint: 'Look for author_id and idempotency_key, and for nothing of the post.' });
});

export const repeatsAtOnce = check('twice at the same moment with one key is one post', { ...options, needs: [repeatsWithKey], timeoutMs: 25_000 }, async (t) => {
  await twiceAtOnce(t);
  // With a pause between the two writes.
  t.tap.delayCommands({ names: writeNames }, 600);
  await twiceAtOnce(t);
  await t.tap.up();
  // In a crowd: whoever looks first, and stores when it is their turn, is overtaken here.
  await t.together(...Array.from({ length: 4 }, () => () => twiceAtOnce(t)));
});

/** The same request, twice at once. */
async function twiceAtOnce(t: CheckContext): Promise<void> {
  const [as, key, post] = [aUser(t), t.random.hex(16), aPost(t)];
  const answers = await Promise.all([0, 1].map(() => ask(t, 'POST', '/posts', { as, body: post, key })));
  for (const answer of answers) {
    t.ok(answer.status === 200 || answer.status === 201, { message: `The same request was made twice at the same moment, with one Idempotency-Key, and one was answered with ${answer.status}.`, cause: `${answer.status} for one of two at once`, expected: '200 or 201', actual: answer.status, hint: 'Of two that insert at once, the unique index refuses one: then the post is there, and can be found. Or let one request wait for the other.', evidence: answer.evidence });
  }
  const ids = answers.map(({ json }) => (json as { id?: unknown } | undefined)?.id);
  t.ok(ids[0] === ids[1] && typeof ids[0] === 'number', { message: 'The same request was made twice at the same moment, with one Idempotency-Key, and answered with two different posts.', cause: 'two at once make two posts', expected: ids[0], actual: ids[1], hint: 'Both looked for the key before either had stored it. Store the key with the post: of two that insert at once, the unique index on author_id and idempotency_key refuses one, and then the post can be found.', evidence: answers.flatMap(({ evidence }) => evidence) });
  await expectOne(t, post.title, ids[0] as number, 'The same request was made twice at the same moment, with one Idempotency-Key');
}

export const repeatsAfterFailure = check('after a failed request, the same one with its key completes the post', { ...options, needs: [repeatsWithKey, survivesTheSecondWrite], scene: 'retry', timeoutMs: 30_000, deadline: true }, async (t) => {
  const [as, key, post] = [aUser(t), t.random.hex(16), aPost(t)];
  await create(t, as);
  t.tap.failCommands({ names: writeNames }, 'cut');
  const failed = await ask(t, 'POST', '/posts', { as, body: post, key });
  t.equal(failed.status, 503, { message: `MongoDB failed while the log of a new post was being written, and POST /posts with an Idempotency-Key was answered with ${failed.status}.`, cause: `${failed.status} in the place of 503`, hint: 'The post alone is half of it: 201 and 200 say that the log is stored, too. Answer 503, and let the same request, made again, find the post by its key and store the missing log.', evidence: failed.evidence });
  await t.tap.up();
  let last = failed;
  const done = await t.eventually(4500, async () => (last = await ask(t, 'POST', '/posts', { as, body: post, key })).status < 300);
  t.ok(done, { message: `The request failed, MongoDB is back, and the same request with its key is answered with ${last.status}.`, cause: 'a failed request cannot be repeated', expected: '200 or 201', actual: last.status, evidence: last.evidence });
  const id = Number((last.json as { id?: unknown } | undefined)?.id);
  await expectOne(t, post.title, id, 'A request with an Idempotency-Key failed at the second write, and was made again when MongoDB was back');
});
