import { check, type CheckContext, type Document } from 'mongo-course/checker';
import { expectShown, expectStatus, good, logs, post, textTimestamp } from '../api.ts';
import { listsLogs } from './list.ts';

const options = { lesson: '05-api-endpoints#creating' };

async function onlyOne(t: CheckContext, situation: string): Promise<Document> {
  const stored = await logs(t).find();
  t.ok(stored.length === 1, { message: `${situation}, and there are ${stored.length} logs in the collection logs now instead of one.`, cause: stored.length === 0 ? 'nothing is stored in logs' : 'more than one is stored', evidence: t.tap.evidence(t.tap.writes()) });
  return stored[0] as Document;
}

export const creates = check('POST stores the log and answers 201', options, async (t) => {
  const timestamp = t.random.date();
  const body = good(t, { timestamp: timestamp.toISOString(), data: { page: t.random.word(), deep: [{ n: t.random.int(1, 9) }, null] } });
  const answer = await post(t, body);
  expectStatus(t, answer, 201, 'A good log was sent');
  const { user_id, action, timestamp: storedTime, data } = await onlyOne(t, 'A good log was sent');
  t.equal({ user_id, action, timestamp: storedTime, data }, { ...body, timestamp }, { message: 'What is stored is not what was sent: numbers as numbers, the timestamp as a date, data as it came.', cause: 'another log is stored', ...textTimestamp({ timestamp: storedTime }), evidence: t.tap.evidence(t.tap.writes()) });
});

const needs = [creates];

export const answersTheStoredLog = check('POST answers with the stored log', { ...options, needs }, async (t) => {
  const answer = await post(t, good(t, { timestamp: t.random.date().toISOString(), data: { page: t.random.word() } }));
  expectShown(t, answer.json, await onlyOne(t, 'A good log was sent'), 'The answer', answer);
});

export const addsTheTimestamp = check('without a timestamp, POST takes that of now', { ...options, needs }, async (t) => {
  const answer = await post(t, good(t));
  expectStatus(t, answer, 201, 'A log without a timestamp was sent');
  const { timestamp } = await onlyOne(t, 'A log without a timestamp was sent');
  const evidence = t.tap.evidence(t.tap.writes());
  t.ok(timestamp instanceof Date && Math.abs(timestamp.getTime() - Date.now()) < 60_000, { message: 'A log without a timestamp was sent, and what is stored has no date of now.', cause: 'the timestamp is not that of now', expected: new Date(), actual: timestamp, hint: 'timestamp: input.timestamp ?? new Date()', evidence });
  const shown = (answer.json as Document | undefined)?.timestamp;
  t.ok(typeof shown === 'string' && new Date(shown).getTime() === (timestamp as Date).getTime(), { message: 'The date that was added is stored, but is not in the answer.', cause: 'the added date is not answered', expected: timestamp, actual: shown ?? `timestamp is ${shown === null ? 'null' : 'missing'} in the answer`, hint: 'Answer with what was stored, not with what came in.', evidence: answer.evidence });
  await logs(t).delete();
  await t.sleep(30);
  expectStatus(t, await post(t, good(t)), 201, 'A second log without a timestamp was sent');
  const { timestamp: second } = await onlyOne(t, 'A second log without a timestamp was sent');
  t.ok((second as Date).getTime() !== (timestamp as Date).getTime(), {
    message: 'Two logs, sent one after the other, were given the same timestamp: that of the start of your server.', cause: 'the date of the start is added', expected: 'two dates', actual: second,
    hint: 'new Date() inside the function, which runs at each request; what stands at the top of the file runs once.', evidence: t.tap.evidence(t.tap.writes()),
  });
});

export const readsTimestamps = check('timestamps with any zone are read', { ...options, needs, lesson: '04-serializers#dates-need-a-zone' }, async (t) => {
  for (const [written, expected] of [['2026-01-31T09:30:00Z', '2026-01-31T09:30:00Z'], ['2026-01-31T09:30:00.250Z', '2026-01-31T09:30:00.250Z'], ['2025-03-01T00:30:00+02:00', '2025-02-28T22:30:00Z'], ['2024-02-29T12:00:00-05:30', '2024-02-29T17:30:00Z']] as const) {
    await logs(t).delete();
    expectStatus(t, await post(t, good(t, { timestamp: written })), 201, `The timestamp ${written} was sent`, { cause: 'a good timestamp' });
    t.equal((await onlyOne(t, `The timestamp ${written} was sent`)).timestamp, new Date(expected), { message: `The timestamp ${written} was sent, and another moment is stored, or no date.`, cause: 'a timestamp is stored as something else', evidence: t.tap.evidence(t.tap.writes().slice(-1)) });
  }
});

const rules = { lesson: '05-api-endpoints#status-codes-that-tell-the-truth', needs: [listsLogs, creates] };

/** Bad bodies, and what is wrong with each. */
async function refuses(t: CheckContext, bodies: readonly (readonly [what: string, body: unknown])[], hint?: string): Promise<void> {
  for (const [what, body] of bodies) {
    expectStatus(t, await post(t, body), 400, `${what} was sent`, { cause: what, ...(hint === undefined ? {} : { hint }) });
  }
}

export const requiresUserIdAndAction = check('user_id and action are required', rules, async (t) => {
  const { user_id, action } = good(t);
  await refuses(t, [['A log without a user_id', { action }], ['A log without an action', { user_id }], ['An empty object', {}], ['A JSON array in place of a log', [{ user_id, action }]]]);
});

export const limitsUserIds = check('user_id is a JSON integer', rules, async (t) => {
  expectStatus(t, await post(t, good(t, { user_id: 0 })), 201, 'A user_id of 0 was sent', { cause: 'a user_id of 0', hint: '0 is an integer like any other, and it is not missing: if (!body.user_id) takes it for that. Ask Number.isInteger(body.user_id).' });
  await refuses(t, [['A user_id of 1.5', good(t, { user_id: 1.5 })], ['A user_id of true', good(t, { user_id: true })], ['A user_id of null', good(t, { user_id: null })], ['A user_id that is a text of digits', good(t, { user_id: String(t.random.int(1, 99)) })]], 'Number.isInteger(body.user_id): in a JSON body a number is a number, and a text is none.');
});

export const limitsActions = check('action is a string of 1 to 100 characters', rules, async (t) => {
  const longest = 'a'.repeat(100);
  expectStatus(t, await post(t, good(t, { action: longest })), 201, 'An action of 100 characters was sent', { cause: 'an action of 100 characters' });
  await refuses(t, [['An empty action', good(t, { action: '' })], ['An action of 101 characters', good(t, { action: `${longest}a` })], ['An action that is a number', good(t, { action: 42 })], ['An action of null', good(t, { action: null })]]);
});

export const refusesOddTimestamps = check('an odd timestamp is answered with 400', { ...rules, lesson: '04-serializers#dates-need-a-zone' }, async (t) => {
  const odd = [['A date without a time', '2025-01-31'], ['A timestamp without a zone', '2025-01-31T09:30:00'], ['The 30th of February', '2025-02-30T09:30:00Z'], ['A word as a timestamp', t.random.word()], ['A number as a timestamp', 1_735_689_600_000]] as const;
  await refuses(t, odd.map(([what, timestamp]) => [what, good(t, { timestamp })] as const), 'As in exercise 03: the date, T, the time, and Z or an offset. z.iso.datetime({ offset: true }) wants just that.');
});

export const refusesOddData = check('data that is no JSON object is answered with 400', { ...rules, lesson: '06-one-resource#free-form-data' }, async (t) => {
  await refuses(t, [['data that is an array', good(t, { data: [1, 2] })], ['data that is a text', good(t, { data: t.random.word() })], ['data that is a number', good(t, { data: 5 })]], 'typeof [] is "object", too: Array.isArray tells.');
});

export const refusesDollarKeys = check('a key in data that begins with $ is answered with 400', { ...rules, lesson: '06-one-resource#free-form-data' }, async (t) => {
  expectStatus(t, await post(t, good(t, { data: { us$: '$5', 'a$b': [{ c$: 1 }] } })), 201, 'A log was sent with a $ inside of keys and at the beginning of a text', { cause: 'a $ that is no operator', hint: 'Only a key that begins with $ is an operator: key.startsWith("$"), and texts may hold whatever they like.' });
  await refuses(t, [
    ['data with a key $set', good(t, { data: { $set: { role: 'admin' } } })], ['data with a key $gt, deep inside', good(t, { data: { a: { b: { $gt: 1 } } } })], ['data with a key $ne in a list', good(t, { data: { list: [1, { $ne: 1 }] } })], ['data with a key that is $ and a word', good(t, { data: { [`$${t.random.word()}`]: 1 } })],
  ], 'Look at the keys of data, at those of all objects in it, and of all objects in its lists: a function that calls itself.');
});

export const bodyOperatorsDoNotAct = check('operators in place of values are answered with 400', { ...rules, lesson: '06-one-resource#operators-from-outside' }, async (t) => {
  await refuses(t, [['{ "user_id": { "$gt": 0 } }', good(t, { user_id: { $gt: 0 } })], ['{ "action": { "$ne": "" } }', good(t, { action: { $ne: '' } })]], 'A user_id is a number and an action a text, and nothing else: an object fails both rules.');
});
