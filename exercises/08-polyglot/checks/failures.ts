import { check, SubmissionError, type CheckContext, type HttpAnswer } from 'mongo-course/checker';
import { aPost, ask, aUser, create, createdLogs, feed, logs, sent, storeLogs, writeNames, type Ask } from '../api.ts';
import { deletesPosts } from './deleting.ts';
import { logsTheCreation } from './creating.ts';
import { showsNewestPosts } from './feed.ts';

const downHint = 'A MongoNetworkError, a MongoServerSelectionError: 503. In Express, an error handler after all routes is the one place for it.';

/** Fails unless the answer is 503, and came soon. */
function expect503(t: CheckContext, answer: HttpAnswer, what: string): void {
  t.equal(answer.status, 503, { message: `${what} was answered with ${answer.status}.${answer.status === 500 ? ' 500 says: this program has a bug. But the program is fine; the database is away.' : ''}`, cause: `${answer.status} in the place of 503`, hint: downHint, evidence: answer.evidence });
  t.ok(answer.ms <= 8000, { message: `${what} was answered after ${Math.round(answer.ms / 1000)} seconds only.`, cause: 'waits too long for a server', expected: 'within 5 s', actual: `${answer.ms} ms`, evidence: answer.evidence });
}

/** Makes a request again until it succeeds, for up to three seconds (and a margin). */
async function again(t: CheckContext, method: string, path: string, init: Ask, statuses: readonly number[]): Promise<HttpAnswer> {
  let last = await ask(t, method, path, init);
  await t.eventually(4500, async () => statuses.includes(last.status) || ((last = await ask(t, method, path, init)), statuses.includes(last.status)));
  return last;
}

export const answers503WhenDown = check('database down: 503 on every route, and it works again once it is back', { needs: [logsTheCreation, showsNewestPosts], scene: 'outage', timeoutMs: 60_000, deadline: true, lesson: '09-two-stores#when-one-store-is-down' }, async (t) => {
  const as = aUser(t);
  const post = await create(t, as);
  await t.tap.down();
  await t.sleep(300);
  const down = (method: string, path: string, init: Ask) => async (): Promise<void> => {
    const what = `The database was down, and ${method} ${path.replace(/\d+/, ':id')}`;
    const answer = await ask(t, method, path, init).catch((error: unknown) => {
      if (!(error instanceof SubmissionError)) throw error;
      return t.fail({ ...error.failure, message: `${what} was not answered with 503 within 5 seconds. ${error.failure.message}`, hint: error.failure.hint ?? 'serverSelectionTimeoutMS says how long the driver looks for a server: 30 seconds if you say nothing. openStores() of the given stores.ts says 2.' });
    });
    expect503(t, answer, what);
  };
  // Side by side, since each may take seconds; but not two that change posts, which may have to wait for one another.
  await t.together(down('GET', '/feed', { as }), down('POST', '/posts', { as, body: aPost(t) }), down('POST', `/posts/${post.id}/logs`, { as, body: { action: t.random.word() } }));
  await down('DELETE', `/posts/${post.id}`, { as })();
  await t.tap.up();
  const back = await again(t, 'POST', '/posts', { as, body: aPost(t) }, [201]);
  t.equal(back.status, 201, { message: `The database is back, and POST /posts still answers ${back.status}.`, cause: 'does not recover', hint: 'Keep the client: it connects again by itself. Keep nothing of a failure.', evidence: back.evidence });
  const shown = await again(t, 'GET', '/feed', { as }, [200]);
  t.equal(shown.status, 200, { message: `The database is back, and GET /feed still answers ${shown.status}.`, cause: 'does not recover', evidence: shown.evidence });
});

const second = { needs: [logsTheCreation, showsNewestPosts], timeoutMs: 30_000, deadline: true };

export const survivesTheSecondWrite = check('MongoDB fails at the second write of POST /posts: 503, and nothing half done is seen', { ...second, scene: 'second-write', lesson: '09-two-stores#two-stores-one-failure' }, async (t) => {
  const as = aUser(t);
  const before = await create(t, as);
  t.tap.failCommands({ names: writeNames }, 'cut');
  const post = aPost(t);
  expect503(t, await ask(t, 'POST', '/posts', { as, body: post }), 'MongoDB failed while the log of a new post was being written, and POST /posts');
  await t.tap.up();
  await again(t, 'GET', '/feed', { as }, [200]);
  const { posts, evidence } = await feed(t);
  const seen = posts.find(({ title }) => title === post.title);
  if (seen) t.ok((await createdLogs(t, seen.id)).length > 0, { message: 'POST /posts failed at the second write. The feed shows the post, and it has no log "created".', cause: 'shows a post that has no log "created"', hint: 'Undo the first write, or leave out of the feed what has no log "created".', evidence });
  for (const log of await logs(t).find()) t.ok(posts.some(({ id }) => id === log.post_id), { message: 'POST /posts failed, and a log is left whose post is not there.', cause: 'a log is left without its post', hint: 'First the post, then its log.', evidence: sent(t) });
  // Whatever row is left has the next id. Somebody may try that id: whether there is such a post is the server's to say,
  // but another log does not make up for the missing one.
  await ask(t, 'POST', `/posts/${before.id + 1}/logs`, { as, body: { action: t.random.word() } });
  const later = await feed(t);
  const half = later.posts.find(({ title }) => title === post.title);
  if (half) t.ok((await createdLogs(t, half.id)).length > 0, { message: 'POST /posts failed at the second write, and then somebody logged something else for that id. Now the feed shows the post, and it has no log "created".', cause: 'takes any log for the log "created"', hint: 'It is the log with action "created" that makes a post complete, not just any log.', evidence: later.evidence });
});

export const undoesNobodyElsesWork = check('a failed POST /posts undoes nothing of other requests', { ...second, needs: [...second.needs, deletesPosts], scene: 'rollback', lesson: '09-two-stores#transactions-end-at-the-store' }, async (t) => {
  const as = aUser(t);
  const post = await create(t, as);
  // The log of a new post is held back; meanwhile another request deletes another post. Then MongoDB goes away.
  t.tap.delayCommands({ names: writeNames }, 2500);
  const since = t.tap.mark();
  let deleted: HttpAnswer | undefined;
  await t.together(
    () => ask(t, 'POST', '/posts', { as, body: aPost(t) }),
    async () => {
      await t.eventually(5000, () => t.tap.writes({ since }).length > 0);
      const deleting = ask(t, 'DELETE', `/posts/${post.id}`, { as });
      await Promise.race([deleting, t.sleep(1500)]);
      await t.tap.down();
      deleted = await deleting;
    },
  );
  await t.tap.up();
  // Whoever lets requests wait for each other has not deleted it: then there is nothing to judge.
  if (deleted?.status !== 204) return;
  const after = await again(t, 'DELETE', `/posts/${post.id}`, { as }, [204, 404]);
  t.equal(after.status, 404, {
    message: 'While POST /posts waited for MongoDB, another request deleted a post and was answered with 204. Then POST /posts failed, and the deleted post was back.', cause: 'rolls back what other requests have written',
    hint: 'TypeORM has one connection to sql.js: a transaction that is open while you wait takes in the writes of all requests, and its rollback undoes them. Keep it short, or undo by a delete.', evidence: after.evidence,
  });
});

export const finishesDeletes = check('MongoDB fails during DELETE: 503, and the same request again finishes the job', { ...second, needs: [...second.needs, deletesPosts], scene: 'failed-delete', lesson: '09-two-stores#cleaning-up' }, async (t) => {
  const as = aUser(t);
  const post = await create(t, as);
  await storeLogs(t, post.id, 5);
  t.tap.failCommands({ names: ['delete', ...writeNames] }, 'cut');
  expect503(t, await ask(t, 'DELETE', `/posts/${post.id}`, { as }), 'MongoDB failed while the logs of a post were being deleted, and DELETE /posts/:id');
  await t.tap.up();
  await again(t, 'GET', '/feed', { as }, [200]);
  const seen = (await feed(t)).posts.some(({ id }) => id === post.id);
  if (seen) t.ok((await createdLogs(t, post.id)).length > 0, { message: 'DELETE failed. The feed shows the post, and it has no log "created".', cause: 'shows a post that has no log "created"' });
  const after = await again(t, 'DELETE', `/posts/${post.id}`, { as }, [204, 404]);
  t.ok([204, 404].includes(after.status), { message: `DELETE failed, MongoDB is back, and the same request made again is answered with ${after.status}.`, cause: 'a failed DELETE cannot be finished', expected: '204 or 404', actual: after.status, evidence: after.evidence });
  t.equal(await logs(t).count({ post_id: post.id }), 0, { message: 'DELETE failed, and was made again when MongoDB was back. Logs of the post are still there, and nobody can reach them any more.', cause: 'logs are left without their post', hint: 'First the logs, then the post: while the logs are there, the post is, too, and the request can be made again.', evidence: sent(t) });
  t.ok(!(await feed(t)).posts.some(({ id }) => id === post.id), { message: 'DELETE failed, and was made again when MongoDB was back. The post is still in the feed.', cause: 'the post is still there' });
});
