import { check, type Document } from 'mongo-course/checker';
import { aPost, ask, aUser, create, createdLogs, feed, isIsoNow, logs, sent } from '../api.ts';

const options = { lesson: '09-two-stores#seven-things-to-consider' };

export const createsPosts = check('POST /posts creates a post, and answers with it', options, async (t) => {
  const as = aUser(t);
  // As sent: nothing is cut off.
  const post = { title: `  ${t.random.words(3)} `, body: `${t.random.words(8)}\n` };
  const shown = await create(t, as, post);
  const second = await create(t, as);
  t.ok(second.id !== shown.id, { message: 'Two posts were created, and both have the same id.', cause: 'two posts with one id', expected: 'another id', actual: second.id });
  t.equal({ title: shown.title, body: shown.body, author_id: shown.author_id }, { ...post, author_id: as }, { message: 'POST /posts answered with another post than it was sent, by this caller.', cause: 'answers with another post', hint: 'title and body as they were sent, author_id as in X-User-Id.' });
  t.ok(isIsoNow(shown.created_at), { message: 'created_at in the answer is not the date of now, as an ISO text.', cause: 'created_at is no ISO date of now', expected: new Date().toISOString(), actual: shown.created_at, hint: 'A Date becomes an ISO text in JSON by itself.' });
});

export const logsTheCreation = check('POST /posts stores the log "created"', { ...options, needs: [createsPosts] }, async (t) => {
  const as = aUser(t);
  const post = await create(t, as);
  const stored = await logs(t).find({ post_id: post.id });
  t.equal(stored.length, 1, { message: `After POST /posts was answered, activity_logs holds ${stored.length} logs with the new post's id as post_id.`, cause: stored.length === 0 ? 'no log "created"' : 'more than one log', hint: 'Await the insert before you answer; post_id is the id, a number.', evidence: sent(t) });
  const [log] = stored as [Document];
  t.equal({ user_id: log.user_id, action: log.action }, { user_id: as, action: 'created' }, { message: 'The log of the new post is not { post_id, user_id, action: "created", timestamp }.', cause: 'another log than "created"', evidence: sent(t) });
  t.ok(log.timestamp instanceof Date && Math.abs(log.timestamp.getTime() - Date.now()) < 60_000, { message: 'timestamp of the log is not the date of now, stored as a date.', cause: 'timestamp is not now', expected: new Date(), actual: log.timestamp, evidence: sent(t) });
});

export const keepsPostsInSql = check('posts are in the SQL file', { ...options, needs: [createsPosts], scene: 'file', timeoutMs: 25_000 }, async (t) => {
  const as = aUser(t);
  const post = await create(t, as);
  const server = await t.serve('server.ts');
  // A moment for what is written behind the answer; then the process ends without a word.
  await t.sleep(300);
  server.kill('SIGKILL');
  await server.exited(3000);
  const rows = await t.sql('select * from posts');
  t.ok(rows.some((row) => Object.values(row).includes(String(post.title))), { message: 'A post was created, and after the process ended it is not in the table posts of SQL_FILE.', cause: 'posts are not in the SQL file', expected: post.title, actual: rows.map((row) => row.title) });
});

export const refusesBadPosts = check('POST /posts answers 400 to a bad title or body', { ...options, needs: [logsTheCreation] }, async (t) => {
  const as = aUser(t);
  const good = aPost(t);
  const bad: [Document, string][] = [
    [{ body: good.body }, 'no title'], [{ ...good, title: '' }, 'an empty title'], [{ ...good, title: 'x'.repeat(201) }, 'a title of 201 characters'], [{ ...good, title: 42 }, 'the number 42 as the title'], [{ ...good, title: null }, 'null as the title'],
    [{ title: good.title }, 'no body'], [{ ...good, body: '' }, 'an empty body'], [{ ...good, body: 'x'.repeat(10_001) }, 'a body of 10,001 characters'], [{ ...good, body: ['x'] }, 'an array as the body'],
  ];
  const newest = (await feed(t, '?limit=1')).posts[0]?.id;
  for (const [body, what] of bad) {
    const answer = await ask(t, 'POST', '/posts', { as, body });
    t.equal(answer.status, 400, { message: `POST /posts with ${what} was answered with ${answer.status}.`, cause: `no 400 for ${what}`, hint: 'title: a text of 1 to 200 characters; body: a text of 1 to 10,000.', evidence: answer.evidence });
  }
  t.equal(await logs(t).count(), 0, { message: 'A bad post was answered with 400, and a log was stored all the same.', cause: 'stores what it refuses', evidence: sent(t) });
  t.equal((await feed(t, '?limit=1')).posts[0]?.id, newest, { message: 'A bad post was answered with 400, and is in the feed all the same.', cause: 'stores what it refuses' });
});

export const acceptsLongPosts = check('POST /posts accepts 200 and 10,000 characters', { ...options, needs: [logsTheCreation] }, async (t) => {
  const post = { title: 't'.repeat(200), body: 'b'.repeat(10_000) };
  const shown = await create(t, aUser(t), post);
  t.equal({ title: shown.title, body: shown.body }, post, { message: 'A post with a title of 200 and a body of 10,000 characters came back changed.', cause: 'changes long posts' });
  t.equal((await createdLogs(t, shown.id)).length, 1, { message: 'A post with a title of 200 and a body of 10,000 characters has no log "created".', cause: 'no log "created"', evidence: sent(t) });
});

export const repeatsWithoutKey = check('the same post sent twice without a key is two posts', { ...options, needs: [logsTheCreation], lesson: '09-two-stores#idempotency' }, async (t) => {
  const [as, post] = [aUser(t), aPost(t)];
  const [first, second] = [await create(t, as, post), await create(t, as, post)];
  t.ok(first.id !== second.id, { message: 'The same post was sent twice, without an Idempotency-Key, and became one post.', cause: 'takes a repeat for the same without a key', expected: 'two posts', actual: 'one post' });
  for (const { id } of [first, second]) t.equal((await createdLogs(t, id)).length, 1, { message: 'The same post was sent twice, without an Idempotency-Key, and not both posts have their log "created".', cause: 'no log "created"', evidence: sent(t) });
});
