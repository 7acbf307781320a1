import { check } from 'mongo-course/checker';
import { aPost, ask, aUser, create, logs } from '../api.ts';
import { logsTheCreation } from './creating.ts';

export const asksWhoCalls = check('without a caller, every route answers 401', { needs: [logsTheCreation], lesson: '09-two-stores#who-may-do-what' }, async (t) => {
  const user = aUser(t);
  const post = await create(t, user);
  const before = await logs(t).count();
  const routes = [['GET', '/feed', undefined], ['POST', '/posts', aPost(t)], ['POST', `/posts/${post.id}/logs`, { action: t.random.word() }], ['DELETE', `/posts/${post.id}`, undefined]] as const;
  for (const [method, path, body] of routes) {
    for (const as of [undefined, '0', '-1', '1.5', 'abc', '12abc', '1e3']) {
      const answer = await ask(t, method, path, { ...(as === undefined ? {} : { as }), ...(body === undefined ? {} : { body }) });
      t.equal(answer.status, 401, {
        message: `${method} ${path.replace(/\d+/, ':id')} ${as === undefined ? 'without a header X-User-Id' : `with X-User-Id: ${as}`} was answered with ${answer.status}.`, cause: `no 401 on ${method} ${path.replace(/\d+/, ':id')}`,
        hint: 'Look at the header before anything else: /^\\d+$/ and more than 0. parseInt("12abc") is 12.', evidence: answer.evidence,
      });
    }
  }
  t.equal(await logs(t).count(), before, { message: 'A request without a caller was answered with 401, and changed the logs all the same.', cause: 'does what it refuses' });
});
