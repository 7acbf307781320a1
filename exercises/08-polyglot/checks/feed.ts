import { check, type CheckContext, type Document } from 'mongo-course/checker';
import { ask, aUser, create, feed, fieldsOf, isIsoNow, logs, sent, shown, storeTied, storeLogs, writeNames, type Shown } from '../api.ts';
import { logsTheCreation } from './creating.ts';

const options = { needs: [logsTheCreation], lesson: '09-two-stores#no-joins-across-stores' };

/** Creates posts; gives them highest id first. */
async function some(t: CheckContext, count: number): Promise<Shown[]> {
  const posts: Shown[] = [];
  for (let index = 0; index < count; index++) posts.unshift(await create(t, aUser(t)));
  return posts;
}

const ids = (posts: readonly Shown[]): number[] => posts.map(({ id }) => id);

export const showsNewestPosts = check('GET /feed gives the newest posts, highest id first', options, async (t) => {
  const posts = await some(t, 5);
  const { posts: found, evidence } = await feed(t, '?limit=5');
  t.equal(ids(found), ids(posts), { message: 'GET /feed?limit=5 did not give the five newest posts, highest id first.', cause: 'not the newest posts', hint: "find({ order: { id: 'DESC' }, take: limit })", evidence });
  for (const [index, post] of posts.entries()) {
    const { title, body, author_id, created_at } = found[index] as Shown;
    t.equal({ title, body, author_id }, { title: post.title, body: post.body, author_id: post.author_id }, { message: 'A post in the feed is not the one that was created.', cause: 'posts are changed in the feed', evidence });
    t.ok(isIsoNow(created_at), { message: 'created_at in the feed is not an ISO text of the moment of creation.', cause: 'created_at is no ISO date in the feed', expected: post.created_at, actual: created_at, evidence });
  }
});

export const limitsTheFeed = check('GET /feed gives 10 posts, or as many as limit says, 1 to 50', { ...options, needs: [showsNewestPosts] }, async (t) => {
  const posts = await some(t, 14);
  for (const [query, count] of [['', 10], ['?limit=1', 1], ['?limit=12', 12], ['?limit=3', 3]] as const) {
    const { posts: found, evidence } = await feed(t, query);
    t.equal(ids(found), ids(posts.slice(0, count)), { message: `GET /feed${query} did not give the ${count} newest posts.`, cause: query === '' ? 'the default is not 10' : 'the limit is not kept', evidence });
  }
  await feed(t, '?limit=50');
  for (const limit of ['0', '-1', '51', '1.5', 'abc']) {
    const answer = await ask(t, 'GET', `/feed?limit=${limit}`, { as: 1 });
    t.equal(answer.status, 400, { message: `GET /feed?limit=${limit} was answered with ${answer.status}.`, cause: `no 400 for limit=${limit}`, hint: 'A whole number from 1 to 50, and nothing else.', evidence: answer.evidence });
  }
});

/** The latest three logs of a post, by what is stored. */
async function latestThree(t: CheckContext, id: number): Promise<Document[]> {
  const all = await logs(t).find({ post_id: id });
  return all.sort((a, b) => Number(b.timestamp) - Number(a.timestamp) || (String(a._id) < String(b._id) ? 1 : -1)).slice(0, 3).map(shown);
}

export const showsLatestLogs = check('each post in the feed comes with its latest three logs', { ...options, needs: [showsNewestPosts] }, async (t) => {
  const [none, few, many] = [await create(t, aUser(t)), await create(t, aUser(t)), await create(t, aUser(t))];
  await storeLogs(t, few.id, 1, true);
  await storeLogs(t, many.id, 27);
  await storeTied(t, many.id);
  const { posts, evidence } = await feed(t, '?limit=3');
  for (const [post, what] of [[none, 'A post that has its log "created" only'], [few, 'A post with two logs'], [many, 'A post with 31 logs']] as const) {
    const found = posts.find(({ id }) => id === post.id);
    if (!found) return t.fail({ message: `${what} is not in the feed.`, cause: 'a post is not in the feed', evidence });
    t.ok(Array.isArray(found.logs), { message: `${what} came without an array logs.`, cause: 'no logs in the feed', expected: 'an array', actual: found.logs, evidence });
    t.equal((found.logs as unknown[]).map(fieldsOf), await latestThree(t, post.id), {
      message: `${what} did not come with its latest three, newest timestamp first, then _id descending, each { _id, post_id, user_id, action, timestamp }.`, cause: 'not the latest three logs',
      hint: 'One pipeline for all posts: $match, $sort, $group by post_id, $slice. Or one find for all of them, sorted, and cut in your code.', evidence: [...evidence, ...sent(t)],
    });
  }
});

export const showsBusyPosts = check('a post is shown also when its log "created" is not among the latest three', { ...options, needs: [showsLatestLogs] }, async (t) => {
  const post = await create(t, aUser(t));
  await storeLogs(t, post.id, 39, true);
  const { posts, evidence } = await feed(t, '?limit=2');
  t.equal(posts[0]?.id, post.id, { message: 'A post has its log "created", and 39 later ones. It is not in the feed.', cause: 'looks for "created" among the latest three only', hint: 'Find out whether there is a log "created" before you cut the logs to three.', evidence: [...evidence, ...sent(t)] });
  const busy = await some(t, 7);
  for (const { id } of busy) await storeLogs(t, id, 39, true);
  const page = await feed(t, '?limit=7');
  t.equal(ids(page.posts), ids(busy), { message: 'Seven posts have 40 logs each, and not all of the seven are in the feed.', cause: 'the logs of all posts together are cut', hint: 'A limit on the logs of all posts takes away from the ones what the others have too many of. Cut the logs of each post, and none before.', evidence: [...page.evidence, ...sent(t)] });
  for (const found of page.posts) {
    t.equal((Array.isArray(found.logs) ? found.logs : []).map(fieldsOf), await latestThree(t, found.id), { message: 'Seven posts have 40 logs each, and one of them did not come with its latest three.', cause: 'the logs of all posts together are cut', hint: 'Cut the logs of each post, and not those of all posts together.', evidence: [...page.evidence, ...sent(t)] });
  }
});

export const needsOneQuery = check('the feed asks MongoDB once, however many posts', { ...options, needs: [showsLatestLogs] }, async (t) => {
  const posts = await some(t, 12);
  for (const { id } of posts) await storeLogs(t, id, t.random.int(4, 20), true);
  const since = t.tap.mark();
  await feed(t, '?limit=12');
  const asked = t.tap.queries({ since });
  t.ok(asked.length <= 1, {
    message: `For a feed of 12 posts, MongoDB was asked ${asked.length} times. Every question is a way there and back.`, cause: 'one query per post', expected: '1 query at most', actual: `${asked.length} queries`,
    hint: 'Ask for the logs of all posts of the page at once: { post_id: { $in: ids } }.', evidence: t.tap.evidence(asked),
  });
});

export const hidesUnloggedPosts = check('no feed shows a post before its log "created" is there', { ...options, needs: [showsNewestPosts], scene: 'between', timeoutMs: 25_000, lesson: '09-two-stores#the-order-of-writes' }, async (t) => {
  await create(t, aUser(t));
  t.tap.delayCommands({ names: writeNames }, 1500);
  const post = { title: t.random.words(4), body: t.random.words(5) };
  const since = t.tap.mark();
  const creating = { done: false };
  await t.together(
    async () => {
      await create(t, aUser(t), post);
      creating.done = true;
    },
    async () => {
      // From the moment that MongoDB is asked to write until it has written.
      await t.eventually(5000, () => creating.done || t.tap.writes({ since }).length > 0);
      while (!creating.done && (await logs(t).count({ action: 'created' })) < 2) {
        const { posts, evidence } = await feed(t, '?limit=5');
        const early = posts.find(({ title }) => title === post.title);
        if (early && (await logs(t).count({ action: 'created' })) < 2) {
          t.fail({ message: 'A post was being created: it was in SQL, and its log was on the way to MongoDB. In that moment the feed showed it, without a log "created".', cause: 'shows a post that has no log "created"', expected: 'the feed shows the post when both are stored', actual: 'the feed shows it already', hint: 'Leave out of the feed what has no log "created"; a page may then be shorter than limit. Or mark the row as ready once both are stored.', evidence });
        }
        await t.sleep(40);
      }
    },
  );
});

