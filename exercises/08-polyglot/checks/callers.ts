import { check, type Document } from 'mongo-course/checker';
import { aPost, ask, aUser, create, logs } from '../api.ts';
import { logsTheCreation } from './creating.ts';

export const asksWhoCalls = check('X-User-Id alone says who calls; else: 401', { needs: [logsTheCreation], lesson: '09-two-stores#who-may-do-what' }, async (t) => {
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
  // What else a body holds may be refused, or left alone; it makes nobody else the author.
  const somebody = user + 1;
  const said = { author_id: somebody, user_id: somebody };
  for (const [path, body, field] of [['/posts', aPost(t), 'author_id'], [`/posts/${post.id}/logs`, { action: t.random.word() }, 'user_id']] as const) {
    const answer = await ask(t, 'POST', path, { as: user, body: { ...body, ...said } });
    if (answer.status !== 201) continue;
    t.equal((answer.json as Document | undefined)?.[field], user, {
      message: `POST ${path.replace(/\d+/, ':id')} was sent by one caller, with another's number in the body, and ${field} is that other one.`, cause: 'the body says who calls',
      hint: 'Whoever sends a request can write anything into its body. The caller is the one of X-User-Id.', evidence: answer.evidence,
    });
  }
});
