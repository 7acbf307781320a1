import { check, expect503, SubmissionError, type HttpAnswer } from 'mongo-course/checker';
import { ask, expectStatus, good, of, path, post, seed } from '../api.ts';
import { creates } from './create.ts';
import { getsOne } from './detail.ts';
import { listsLogs } from './list.ts';

// In a scene of its own, and one after the other: a pool that needs more connections opens some that it has no use for.
export const oneClient = check('all requests share one client', { scene: 'clients', timeoutMs: 40_000, lesson: '05-api-endpoints#a-collection-behind-a-url', needs: [listsLogs, creates, getsOne] }, async (t) => {
  const [log] = await seed(t, 5);
  for (let round = 0; round < 2; round++) {
    await ask(t, 'GET', '?limit=2');
    await post(t, good(t));
    await ask(t, 'GET', of(log ?? {}));
    await ask(t, 'PATCH', of(log ?? {}), { body: { action: t.random.word() } });
  }
  // A client shows for certain once it is a second old.
  await t.sleep(1200);
  const one = await t.eventually(4000, () => t.tap.clients().length <= 1);
  t.ok(one, {
    message: 'Your server has made more than one client. Each has connections of its own, and each takes its time to connect.', cause: 'more than one client', expected: '1 client', actual: 'more than one client',
    hint: 'getMongoDatabase() of the given mongo.ts gives the database of the one client. Do not close it after a request.',
  });
});

const outage = { lesson: '05-api-endpoints#when-the-database-is-down', needs: [listsLogs, creates, getsOne], timeoutMs: 40_000, deadline: true };

const hints = {
  status: 'getMongoDatabase() and each query may fail: a MongoServerSelectionError or a MongoNetworkError means that the database is away; insertMany and bulkWrite wrap it in a MongoBulkWriteError. One error handler for all routes answers 503 for these.',
  late: 'serverSelectionTimeoutMS says how long the driver looks for a server: 30 seconds if you say nothing; the given mongo.ts sets it.',
  json: 'res.status(503).json({ detail: "a sentence" })',
};

export const answers503 = check('503 while the database is down', { ...outage, scene: 'outage' }, async (t) => {
  expectStatus(t, await ask(t, 'GET'), 200, 'The database is up');
  const [log] = await seed(t, 1);
  const one = of(log ?? {});
  await t.tap.down();
  await t.sleep(300);
  const requests: [what: string, method: string, query: string, body?: object][] = [
    ['GET', 'GET', ''],
    ['POST', 'POST', '', good(t)],
    ['GET of one log', 'GET', one],
    ['PUT', 'PUT', one, good(t, { timestamp: '2026-01-31T09:30:00Z' })],
    ['PATCH', 'PATCH', one, { action: t.random.word() }],
    ['DELETE', 'DELETE', one],
  ];
  await t.together(...requests.map(([what, method, query, body]) => () => expect503(t, what, ask(t, method, query, { ...(body === undefined ? {} : { body }), timeoutMs: 9000 }), hints)));
});

export const worksAgain = check('it works again once the database is back', { ...outage, scene: 'return' }, async (t) => {
  const server = await t.serve('server.ts');
  expectStatus(t, await ask(t, 'GET'), 200, 'The database is up');
  await t.tap.down();
  await t.sleep(300);
  // What is answered now is another check's question; here it only has to be over.
  await ask(t, 'GET', '', { timeoutMs: 9000 }).catch((error: unknown) => {
    if (!(error instanceof SubmissionError)) throw error;
  });
  // A program that gives itself up does so after it has answered.
  await t.sleep(1000);
  await t.tap.up();
  let last: HttpAnswer | undefined;
  // The same process: one that ended meanwhile is not started anew.
  const back = await t.eventually(4000, async () => (last = await server.fetch(path)).status === 200);
  t.ok(back, { message: `The database is back, and GET is still answered with ${last?.status}.`, cause: 'does not work again', expected: 200, actual: last?.status, hint: 'Ask getMongoDatabase() at each request; keep nothing of a failure.', evidence: last?.evidence ?? [] });
  const created = await post(t, good(t));
  expectStatus(t, created, 201, 'The database is back and a good log was sent', { cause: 'does not work again (POST)' });
});
