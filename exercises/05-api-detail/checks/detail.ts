import { check, type CheckContext, type Document, type HttpAnswer } from 'mongo-course/checker';
import { ask, expectShown, expectStatus, good, logs, of, path, send, storedLog, textTimestamp, whole, without } from '../api.ts';
import { creates } from './create.ts';

const detail = { lesson: '06-one-resource#a-url-of-its-own' };

type Stored = ReturnType<typeof storedLog>;

/** Stores one log among others. */
async function one(t: CheckContext, fields: Document = {}): Promise<Stored> {
  const log = storedLog(t, fields);
  await logs(t).insert(storedLog(t), log, storedLog(t));
  return log;
}

const stored = (t: CheckContext, { _id }: Document): Promise<Document | null> => logs(t).findOne({ _id });
const written = (t: CheckContext): ReturnType<CheckContext['tap']['evidence']> => t.tap.evidence(t.tap.writes());

export const getsOne = check('GET of one log answers 200 and the log', detail, async (t) => {
  const log = await one(t, { data: { page: t.random.word(), deep: { list: [1, null, 'x'] } } });
  const answer = await ask(t, 'GET', of(log));
  expectStatus(t, answer, 200, 'GET of a stored log was sent', { cause: 'GET of one log', hint: 'new ObjectId(req.params.id): a text is never equal to an ObjectId.' });
  expectShown(t, answer.json, log, 'The answer', answer);
});

const needs = [getsOne];
const writing = { lesson: '06-one-resource#put-replaces-patch-changes', needs };

export const replaces = check('PUT replaces the log and answers with it', writing, async (t) => {
  const log = await one(t);
  const body = whole(t, { data: { [t.random.word()]: t.random.int(1, 9) } });
  const answer = await send(t, 'PUT', of(log), body);
  expectStatus(t, answer, 200, 'PUT was sent with a good log', { cause: 'PUT' });
  const expected = { _id: log._id, ...body, timestamp: new Date(String(body.timestamp)) };
  const after = await stored(t, log);
  t.equal(after, expected, { message: 'After PUT, what is stored is not the log that was sent, under the same _id.', cause: 'PUT stores another log', hint: 'findOneAndReplace, or replaceOne', ...textTimestamp(after), evidence: written(t) });
  expectShown(t, answer.json, expected, 'The answer to PUT', answer);
});

export const replacesAllOfIt = check('PUT without data: the old data is gone', { ...writing, needs: [...needs, replaces] }, async (t) => {
  const log = await one(t, { data: { old: t.random.word() } });
  const answer = await send(t, 'PUT', of(log), whole(t));
  expectStatus(t, answer, 200, 'PUT was sent with a log without data', { cause: 'PUT without data' });
  const after = await stored(t, log);
  t.ok(after && (after.data === undefined || after.data === null), { message: 'PUT was sent with a log without data, and the old data is still there. PUT replaces the whole log.', cause: 'PUT keeps the old data', expected: 'no data', actual: after?.data, hint: 'Replace the document: $set changes what it names, and leaves the rest.', evidence: written(t) });
});

export const putRequiresAll = check('PUT without user_id, action or timestamp is answered with 400', { ...writing, needs: [...needs, replaces] }, async (t) => {
  const log = await one(t);
  for (const field of ['user_id', 'action', 'timestamp']) {
    expectStatus(t, await send(t, 'PUT', of(log), without(whole(t), field)), 400, `PUT was sent without ${field}`, { cause: `PUT without ${field}`, hint: 'PUT sends the whole log. What changes a part of it is PATCH.' });
  }
  t.equal(await stored(t, log), log, { message: 'PUT was sent without a required field, and the log was changed.', cause: 'PUT writes what it refuses', evidence: written(t) });
});

export const patches = check('PATCH changes the fields it is given, and no others', writing, async (t) => {
  const other = t.random.word();
  const changes: [string, Document, Document][] = [];
  const [userId, action, moment, data] = [t.random.int(100, 999), t.random.word(), t.random.date(), { [t.random.word()]: t.random.int(1, 9) }];
  changes.push(['user_id', { user_id: userId }, { user_id: userId }], ['action', { action }, { action }], ['timestamp', { timestamp: moment.toISOString() }, { timestamp: moment }], ['data', { data }, { data }]);
  for (const [field, body, expected] of changes) {
    await logs(t).delete();
    const log = await one(t, { data: { kept: other } });
    const answer = await send(t, 'PATCH', of(log), body);
    expectStatus(t, answer, 200, `PATCH was sent with ${field}`, { cause: `PATCH with ${field}` });
    const after = await stored(t, log);
    const merged = field === 'data' && (after?.data as Document | undefined)?.kept !== undefined;
    t.equal(after, { ...log, ...expected }, {
      message: field === 'data' ? 'PATCH was sent with data: it takes the place of the old data as a whole, and all else stays.' : `PATCH was sent with ${field} alone: it changes, and all else stays.`, cause: `PATCH of ${field} stores something else`, hint: merged ? '$set: { data }, and not its parts with dots ("data.page") or spread into the old data.' : '$set, with the fields of the body.', ...textTimestamp(after), evidence: written(t),
    });
    expectShown(t, answer.json, { ...log, ...expected }, 'The answer to PATCH', answer);
  }
});

export const keepsDataAsItCame = check('data stays as it came, nulls in it too', { lesson: '06-one-resource#free-form-data', needs: [creates, getsOne, replaces, patches] }, async (t) => {
  const data = { [t.random.word()]: t.random.int(1, 9), nothing: null, deep: { list: [{ none: null }, false, 0, ''], empty: {} } };
  const hint = 'data is free-form: null, false, 0 and what is empty are values like any other. Store it and answer with it as it is.';
  for (const [method, status, body] of [['POST', 201, good(t, { data })], ['PUT', 200, whole(t, { data })], ['PATCH', 200, { data }]] as const) {
    const log = await one(t);
    const answer = await send(t, method, method === 'POST' ? '' : of(log), body);
    expectStatus(t, answer, status, `${method} was sent with data that has nulls and empty values in it`, { cause: `${method} with nulls in data` });
    const kept = method === 'POST' ? await logs(t).findOne({ action: body.action }) : await stored(t, log);
    t.equal(kept?.data, data, { message: `${method} was sent with data that has nulls and empty values in it, and what is stored is not the same.`, cause: 'data is stored as something else', hint, evidence: written(t) });
    t.equal((answer.json as Document | undefined)?.data, data, { message: `${method} was sent with data that has nulls and empty values in it. They are stored, but the answer is without them.`, cause: 'data is answered as something else', hint, evidence: answer.evidence });
    const shown = await ask(t, 'GET', of(kept as Document));
    t.equal((shown.json as Document | undefined)?.data, data, { message: 'A log is stored with nulls and empty values in its data, and GET does not show them.', cause: 'data is answered as something else', hint, evidence: shown.evidence });
  }
});

export const patchesNothing = check('PATCH with {} answers 200, and nothing changes', { ...writing, needs: [...needs, patches] }, async (t) => {
  const log = await one(t);
  const answer = await send(t, 'PATCH', of(log), {});
  expectStatus(t, answer, 200, 'PATCH was sent with {}', { cause: 'PATCH with {}', hint: answer.status === 404 ? 'modifiedCount is 0 where nothing changes; what tells whether the log is there is matchedCount.' : 'Nothing is required in a PATCH, so {} is right. MongoDB may refuse an empty $set: with nothing to change, only read the log.' });
  t.equal(await stored(t, log), log, { message: 'PATCH was sent with {}, and the log has changed.', cause: 'PATCH with {} changes something', evidence: written(t) });
  expectShown(t, answer.json, log, 'The answer to PATCH with {}', answer);
  // What is there already is no change either, and no reason for a 404.
  expectStatus(t, await send(t, 'PATCH', of(log), { action: log.action }), 200, 'PATCH was sent with the action that the log has already', { cause: 'PATCH that changes nothing', hint: 'modifiedCount is 0 where nothing changes; look at matchedCount.' });
});

export const refusesBadChanges = check('PATCH and PUT with a wrong field are answered with 400', { ...writing, needs: [...needs, patches, replaces] }, async (t) => {
  const log = await one(t);
  const bad: Document[] = [{ user_id: '5' }, { user_id: { $gt: 0 } }, { action: '' }, { action: 'a'.repeat(101) }, { timestamp: '2025-02-30T09:30:00Z' }, { timestamp: '2025-01-31' }, { data: [1] }, { data: { deep: { $set: 1 } } }];
  for (const method of ['PATCH', 'PUT']) {
    for (const fields of bad) {
      const body = method === 'PUT' ? whole(t, fields) : fields;
      expectStatus(t, await send(t, method, of(log), body), 400, `${method} was sent with ${JSON.stringify(fields).slice(0, 60)}`, { cause: `${method} with a wrong ${Object.keys(fields).join()}`, hint: 'The rules of POST hold for PUT and PATCH, too.' });
    }
  }
  t.equal(await stored(t, log), log, { message: 'A change was refused with 400, and the log has changed nevertheless.', cause: 'writes what it refuses', evidence: written(t) });
});

export const updateOperatorsDoNotAct = check('operators in the body of PATCH do not act', { lesson: '06-one-resource#operators-from-outside', needs: [...needs, patches] }, async (t) => {
  const log = await one(t);
  for (const body of [{ $set: { action: 'taken over' } }, { $unset: { data: '' } }, { $inc: { user_id: 1000 } }]) {
    const answer = await send(t, 'PATCH', of(log), body);
    const now = await stored(t, log);
    const { _id, user_id, action, timestamp, data } = now ?? {};
    t.equal({ _id, user_id, action, timestamp, data }, log, {
      message: `PATCH was sent with ${JSON.stringify(body)}, and the operator acted: the log has changed.`, cause: 'an operator in the body acts', hint: 'Never pass req.body as the update: { $set: checked }, with the fields you know.', evidence: written(t),
    });
    t.ok(answer.status < 500, { message: `PATCH was sent with ${JSON.stringify(body)}, and the answer was ${answer.status}: the database refused what should never have got there.`, cause: `${answer.status} for an operator in the body`, hint: 'Drop unknown fields, or answer 400.', evidence: answer.evidence });
  }
});

export const losesNoOtherChange = check('two PATCHes at once on different fields both last', { lesson: '06-one-resource#two-writers-at-once', needs: [...needs, patches], timeoutMs: 20_000 }, async (t) => {
  // Held back for a moment, so that each has read, if it reads, before the other writes.
  t.tap.delayCommands({ names: ['find', 'aggregate', 'update', 'findAndModify', 'findandmodify', 'bulkWrite'] }, 200);
  for (let round = 0; round < 2; round++) {
    const log = await one(t);
    const [action, data] = [t.random.word(), { [t.random.word()]: t.random.int(1, 9) }];
    const answers: HttpAnswer[] = [];
    await t.together(async () => answers.push(await send(t, 'PATCH', of(log), { action })), async () => answers.push(await send(t, 'PATCH', of(log), { data })));
    for (const answer of answers) expectStatus(t, answer, 200, 'Two PATCHes were sent at once', { cause: 'two PATCHes at once' });
    t.equal(await stored(t, log), { ...log, action, data }, {
      message: 'One PATCH changed the action, another one the data, at the same moment. Both were answered with 200, and one of the changes is lost.', cause: 'a change of another request is lost',
      hint: 'Who reads a document, changes it and writes all of it back, writes old values over new ones. Send only what changes: { $set: checked }.', evidence: written(t),
    });
  }
});

export const deletes = check('DELETE answers 204 without a body, and a second one 404', { lesson: '06-one-resource#delete-twice', needs }, async (t) => {
  const log = await one(t);
  const answer = await ask(t, 'DELETE', of(log));
  expectStatus(t, answer, 204, 'DELETE of a stored log was sent', { cause: 'DELETE' });
  t.equal(answer.text, '', { message: 'The answer to DELETE has a body; 204 says that there is none.', cause: 'a 204 with a body', evidence: answer.evidence });
  t.equal(await stored(t, log), null, { message: 'DELETE was answered with 204, and the log is still there.', cause: 'DELETE deletes nothing', evidence: written(t) });
  const others = await logs(t).count();
  t.ok(others === 2, { message: 'DELETE of one log deleted others, too.', cause: 'DELETE deletes others', expected: 'the 2 other logs stay', actual: `${others} left`, evidence: written(t) });
  const again = await ask(t, 'DELETE', of(log));
  expectStatus(t, again, 404, 'DELETE of a log that is gone was sent', { cause: 'DELETE again', hint: 'deleteOne resolves to deletedCount: 1 or 0.' });
});

/** Ids of nothing, as they may stand in a path. */
const odd = (t: CheckContext): [string, string][] => [['an unknown id', t.random.hex(24)], ['the id "abc"', 'abc'], ['an id of twelve characters', 'abcdefghijkl'], ['an id of 24 characters that are no hex digits', 'z'.repeat(24)]];

/** What may have happened, where it was not answered with 404. */
function hintForOddId(method: string, status: number): string {
  if (status === 400) return 'A log with such an id does not exist, and that is all a visitor needs to know: 404. Look at the id before the body.';
  if (method === 'DELETE' && status < 300) return 'deleteOne resolves also where there was nothing to delete: look at deletedCount, 1 or 0.';
  if (status < 300) return method === 'GET' ? 'findOne gives null where there is nothing: look at it before you answer.' : 'Leave out upsert: it makes a new log where none is found. And look whether anything was found: matchedCount, or null from findOneAnd….';
  return 'new ObjectId("abc") throws. Look at the text first: /^[0-9a-f]{24}$/i. And look whether anything was found.';
}

export const oddIdsAreNotFound = check('an unknown or malformed id is answered with 404', { lesson: '06-one-resource#ids-in-the-path', needs }, async (t) => {
  const log = await one(t);
  const bodies: Record<string, Document | undefined> = { GET: undefined, PUT: whole(t), PATCH: { action: t.random.word() }, DELETE: undefined };
  for (const [what, id] of odd(t)) {
    for (const [method, body] of Object.entries(bodies)) {
      const answer = await ask(t, method, `${path}${id}/`, body ? { body } : {});
      expectStatus(t, answer, 404, `${method} of ${what} was sent`, { cause: `${method} of ${what}`, hint: hintForOddId(method, answer.status) });
    }
  }
  t.equal(await stored(t, log), log, { message: 'Requests with ids of nothing were sent, and a log of another id has changed.', cause: 'an id of nothing changes another log', evidence: written(t) });
});

export const insertsNothing = check('PUT and PATCH of an unknown id insert nothing', { ...writing, needs: [...needs, replaces] }, async (t) => {
  await one(t);
  for (const method of ['PUT', 'PATCH']) {
    await send(t, method, `${path}${t.random.hex(24)}/`, whole(t));
    const count = await logs(t).count();
    t.ok(count === 3, { message: `${method} of an unknown id was sent, and there is a new log.`, cause: `${method} inserts`, expected: '3 logs, as before', actual: `${count} logs`, hint: 'Without upsert.', evidence: written(t) });
  }
});

export const keepsTheId = check('an _id in the body changes nothing, or gets 400', { ...writing, needs: [...needs, replaces, patches] }, async (t) => {
  const log = await one(t);
  for (const method of ['PUT', 'PATCH']) {
    for (const _id of [t.random.hex(24), 42]) {
      const body = method === 'PUT' ? whole(t, { _id }) : good(t, { _id });
      const answer = await send(t, method, of(log), body);
      t.ok(answer.status === 200 || answer.status === 400, { message: `${method} was sent with an _id in its body, and the answer was ${answer.status}. The _id of a document never changes: MongoDB refuses it, and your server has to know.`, cause: `${answer.status} for an _id in the body`, expected: '200, the _id ignored, or 400', actual: answer.status, hint: 'Take the fields you know out of the body.', evidence: answer.evidence });
      t.ok(await stored(t, log), { message: `${method} was sent with an _id in its body, and there is no log with the old _id any more.`, cause: 'an _id in the body changes the _id', evidence: written(t) });
      const count = await logs(t).count();
      t.ok(count === 3, { message: `${method} was sent with an _id in its body, and there is another number of logs now.`, cause: 'an _id in the body makes a new log', expected: '3 logs, as before', actual: `${count} logs`, evidence: written(t) });
      if (answer.status === 200) t.equal((answer.json as Document | undefined)?._id, log._id.toHexString(), { message: `${method} was sent with an _id in its body, and the answer shows another _id than the log has.`, cause: 'the answer shows the _id of the body', evidence: answer.evidence });
    }
  }
  const posted = await send(t, 'POST', '', good(t, { _id: log._id.toHexString() }));
  t.ok(posted.status < 300 || posted.status === 400, { message: `POST was sent with the _id of another log in its body, and the answer was ${posted.status}.`, cause: `${posted.status} for an _id in the body of POST`, expected: '201, the _id ignored, or 400', actual: posted.status, hint: 'Take the fields you know out of the body.', evidence: posted.evidence });
  const chosen = t.random.hex(24);
  await send(t, 'POST', '', good(t, { _id: chosen }));
  const taken = (await logs(t).find()).some(({ _id }) => String(_id) === chosen);
  t.ok(!taken, { message: 'POST was sent with an _id in its body, and the log was stored under it: a visitor chooses ids.', cause: 'POST takes the _id of the body', expected: 'an _id of its own, or 400', actual: chosen, hint: 'Take the fields you know out of the body.', evidence: written(t) });
});
