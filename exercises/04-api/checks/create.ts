import { check, type CheckContext, type Document } from 'mongo-course/checker';
import { bodyOf, expectShown, expectStatus, logs, post } from '../api.ts';

const options = { lesson: '05-api-endpoints#creating' };

async function onlyOne(t: CheckContext, situation: string): Promise<Document> {
  const stored = await logs(t).find();
  const evidence = t.tap.evidence(t.tap.writes());
  t.ok(stored.length === 1, { message: `${situation}, and there are ${stored.length} logs in test_data now instead of one.`, cause: stored.length === 0 ? 'nothing is stored in test_data' : 'more than one is stored', evidence });
  return stored[0] as Document;
}

export const creates = check('POST stores the log and answers 201', options, async (t) => {
  const timestamp = t.random.date();
  const sent = { message: ` ${t.random.words(2)} `, source: t.random.word(), value: String(t.random.int(1, 99)), status: null, timestamp: timestamp.toISOString() };
  const unknown = t.random.word();
  const answer = await post(t, { ...sent, [unknown]: t.random.word() });
  expectStatus(t, answer, 201, 'A good log was sent');
  const stored = await onlyOne(t, 'A good log was sent');
  t.equal({ message: stored.message, source: stored.source, value: stored.value, status: stored.status, timestamp: stored.timestamp }, { ...sent, message: sent.message.trim(), value: Number(sent.value), timestamp }, {
    message: 'What is stored is not what deserialize made of the body: texts trimmed, numbers as numbers, dates as dates.', cause: 'another log is stored', hint: 'Store the value of deserialize(req.body), and not req.body.', evidence: t.tap.evidence(t.tap.writes()),
  });
  t.ok(!(unknown in stored), {
    message: `The body had a field ${unknown} that no log has, and it is stored, too. Whoever sends a log could write any field there is.`, cause: 'unknown fields are stored', expected: 'only what deserialize gives', actual: Object.keys(stored),
    hint: 'deserialize drops the fields it does not know: store its value alone, without anything of req.body beside it.', evidence: t.tap.evidence(t.tap.writes()),
  });
  expectStatus(t, await post(t, sent), 201, 'The same log was sent once more', { cause: 'the same log once more' });
  const count = await logs(t).count();
  t.equal(count, 2, { message: `The same log was sent twice, and there ${count === 1 ? 'is 1' : `are ${count}`} in test_data now: each POST makes a new one.`, cause: 'the same log once more makes no new one', hint: 'insertOne, without a filter and without upsert.', evidence: t.tap.evidence(t.tap.writes()) });
});

const needs = [creates];

export const answersTheStoredLog = check('POST answers with the stored log', { ...options, needs }, async (t) => {
  // Texts with spaces around them, and digits: the stored log is not the body.
  const answer = await post(t, { message: ` ${t.random.words(2)} `, source: t.random.word(), value: String(t.random.int(1, 99)), timestamp: t.random.date().toISOString() });
  expectShown(t, answer.json, await onlyOne(t, 'A good log was sent'), 'The answer', answer);
});

export const addsTheTimestamp = check('a timestamp that is absent or null becomes that of now', { ...options, needs }, async (t) => {
  const added: number[] = [];
  for (const [what, body] of [['absent', { message: t.random.words(2) }], ['null', { message: t.random.words(2), timestamp: null }]] as const) {
    if (added.length > 0) await t.sleep(30);
    await logs(t).delete();
    const answer = await post(t, body);
    const situation = `A log was sent whose timestamp is ${what}`;
    expectStatus(t, answer, 201, situation);
    const { timestamp } = await onlyOne(t, situation);
    const evidence = t.tap.evidence(t.tap.writes().slice(-1));
    t.ok(timestamp instanceof Date, { message: `${situation}, and the one that is stored is no date.`, cause: `no date is added where the timestamp is ${what}`, expected: 'the date of now', actual: timestamp, hint: 'input.value.timestamp ?? new Date()', evidence });
    t.ok(Math.abs((timestamp as Date).getTime() - Date.now()) < 60_000, { message: `${situation}, and the date that is stored is not that of now.`, cause: 'another date than now is added', expected: new Date(), actual: timestamp, hint: 'new Date() inside the function; at the top of the file it is the time of the start.', evidence });
    const shown = (answer.json as Document | undefined)?.timestamp;
    t.ok(typeof shown === 'string' && new Date(shown).getTime() === (timestamp as Date).getTime(), { message: `${situation}. The date that was added is stored, but is not in the answer.`, cause: 'the added date is not answered', expected: timestamp, actual: shown ?? `timestamp is ${shown === null ? 'null' : 'missing'} in the answer`, hint: 'Serialize what was stored, not what came in.', evidence: answer.evidence });
    added.push((timestamp as Date).getTime());
  }
  t.ok(added[0] !== added[1], {
    message: 'Two logs, sent one after the other, were given the same timestamp: that of the start of your server.', cause: 'the date of the start is added', expected: 'two dates', actual: new Date(added[0] as number),
    hint: 'new Date() inside the function, which runs at each request; what stands at the top of the file runs once.', evidence: t.tap.evidence(t.tap.writes()),
  });
});

export const takesLargerBodies = check('a body of 64 KiB is taken', { ...options, needs, lesson: '05-api-endpoints#content-types-and-sizes' }, async (t) => {
  expectStatus(t, await post(t, bodyOf(t, 64 * 1024)), 201, 'A good log in a body of 64 KiB was sent', { hint: 'express.json({ limit: "1mb" })', cause: 'a body of 64 KiB' });
});

export const takesCharsets = check('Content-Type: application/json; charset=utf-8 is JSON, too', { ...options, needs }, async (t) => {
  expectStatus(t, await post(t, JSON.stringify({ message: t.random.words(2) }), { 'content-type': 'application/json; charset=utf-8' }), 201, 'A good log with Content-Type: application/json; charset=utf-8 was sent', {
    hint: 'A content type may have parameters: look at the part before the semicolon. req.is("application/json") does.', cause: 'a content type with a charset',
  });
});
