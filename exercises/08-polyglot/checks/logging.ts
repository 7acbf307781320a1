import { check } from 'mongo-course/checker';
import { ask, aUser, create, fieldsOf, isIsoNow, logs, sent, shown } from '../api.ts';
import { logsTheCreation } from './creating.ts';

const options = { needs: [logsTheCreation], lesson: '09-two-stores#seven-things-to-consider' };

export const logsActivity = check('POST /posts/:id/logs stores a log, and answers with it', options, async (t) => {
  const post = await create(t, aUser(t));
  const as = aUser(t);
  for (const action of [t.random.word(), 'x'.repeat(100)]) {
    const answer = await ask(t, 'POST', `/posts/${post.id}/logs`, { as, body: { action } });
    t.equal(answer.status, 201, { message: `POST /posts/:id/logs with a good action was answered with ${answer.status}.`, cause: 'no 201 for a log', evidence: answer.evidence });
    const stored = await logs(t).findOne({ post_id: post.id, action });
    if (!stored) return t.fail({ message: 'POST /posts/:id/logs was answered with 201, and no such log is in activity_logs.', cause: 'the log is not stored', evidence: sent(t) });
    t.equal(stored.user_id, as, { message: 'The stored log has another user_id than the caller.', cause: 'another user_id', evidence: sent(t) });
    t.ok(stored.timestamp instanceof Date && isIsoNow(stored.timestamp.toISOString()), { message: 'timestamp of the log is not the date of now, stored as a date.', cause: 'timestamp is not now', expected: new Date(), actual: stored.timestamp, evidence: sent(t) });
    t.equal(fieldsOf(answer.json), shown(stored), { message: 'The answer is not the stored log, as { _id, post_id, user_id, action, timestamp }.', cause: 'answers with another log', evidence: answer.evidence });
  }
});

export const refusesBadLogs = check('POST /posts/:id/logs: 400 for a bad action, 404 for an unknown post', { ...options, needs: [logsActivity] }, async (t) => {
  const post = await create(t, aUser(t));
  const before = await logs(t).count();
  for (const [body, what] of [[{}, 'no action'], [{ action: '' }, 'an empty action'], [{ action: 'x'.repeat(101) }, 'an action of 101 characters'], [{ action: 7 }, 'the number 7 as the action'], [{ action: { $ne: 1 } }, 'an object as the action']] as const) {
    const answer = await ask(t, 'POST', `/posts/${post.id}/logs`, { as: aUser(t), body });
    t.equal(answer.status, 400, { message: `POST /posts/:id/logs with ${what} was answered with ${answer.status}.`, cause: `no 400 for ${what}`, hint: 'action: a text of 1 to 100 characters.', evidence: answer.evidence });
  }
  for (const [id, what] of [[String(post.id + 1000), 'an unknown id'], ['0', '0'], ['-1', '-1'], ['1.5', '1.5'], ['abc', 'abc'], [`${post.id}abc`, 'an id with letters behind it']] as const) {
    const answer = await ask(t, 'POST', `/posts/${id}/logs`, { as: aUser(t), body: { action: t.random.word() } });
    t.equal(answer.status, 404, { message: `POST /posts/:id/logs with ${what} as the id was answered with ${answer.status}.`, cause: 'no 404 for an unknown post', hint: 'Look in SQL first whether the post is there. MongoDB does not know.', evidence: answer.evidence });
  }
  t.equal(await logs(t).count(), before, { message: 'A request was answered with 400 or 404, and a log was stored all the same.', cause: 'stores what it refuses', hint: 'Find the post first, then insert the log.', evidence: sent(t) });
});
