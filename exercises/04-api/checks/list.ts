import { check } from 'mongo-course/checker';
import { ask, expectShown, expectStatus, ids, listOf, logs, seed, storedLog } from '../api.ts';

const list = { lesson: '05-api-endpoints#listing-with-a-limit' };

export const listsLogs = check('GET answers 200 and the logs', list, async (t) => {
  const stored = [storedLog(t), storedLog(t, { status: 'processed', updated_at: t.random.date(), value: null })];
  const empty = await ask(t, 'GET');
  t.equal(listOf(t, empty, 'There are no logs'), [], { message: 'There are no logs, and the answer is no empty array.', cause: 'no empty array where there is nothing', evidence: empty.evidence });
  await logs(t).insert(...stored);
  const answer = await ask(t, 'GET');
  const found = listOf(t, answer, 'There are two logs');
  t.equal(found.length, 2, { message: 'There are two logs in test_data, and GET gave another number of them.', cause: 'not all logs are given', evidence: [...answer.evidence, ...t.tap.evidence(t.tap.queries())] });
  for (const document of stored) {
    const shown = found.find(({ _id }) => _id === document._id.toHexString());
    t.ok(shown, { message: 'A log in the answer has no _id that is known. An _id is given as its 24 hex digits.', cause: '_id is not given as hex digits', expected: document._id.toHexString(), actual: found.map(({ _id }) => _id), hint: 'serializeMany(docs), of the given serializer.ts', evidence: answer.evidence });
    expectShown(t, shown, document, 'A log in the answer', answer);
  }
});

const needs = [listsLogs];

export const showsWhatSerializeGives = check('the list shows what serialize gives, and nothing else of a document', { ...list, needs, lesson: '04-serializers#documents-to-json' }, async (t) => {
  const secret = t.random.word();
  await logs(t).insert(storedLog(t, { password_hash: secret }), storedLog(t));
  const answer = await ask(t, 'GET');
  listOf(t, answer, 'There are two logs');
  t.ok(!answer.text.includes('password_hash') && !answer.text.includes(secret), {
    message: 'A document in test_data has one field more, password_hash, and GET shows it to everybody.', cause: 'shows all that is stored', expected: 'the fields that serialize gives', actual: answer.text.slice(0, 300),
    hint: 'serializeMany(docs), of the given serializer.ts, takes the fields of a log and leaves the rest.', evidence: answer.evidence,
  });
});

export const newestFirst = check('GET gives the newest first, equal times by _id descending', { ...list, needs }, async (t) => {
  const stored = await seed(t, 10);
  const answer = await ask(t, 'GET');
  const found = listOf(t, answer, 'There are ten logs');
  const times = found.map(({ timestamp }) => new Date(String(timestamp)).getTime());
  const inTime = times.every((time, index) => index === 0 || time <= (times[index - 1] as number));
  t.equal(ids(found), ids(stored), {
    message: inTime ? 'The logs come newest first, but some have the same timestamp, and of those the one with the highest _id has to come first. Without that, pages overlap.' : 'The logs do not come newest first.',
    cause: inTime ? 'equal timestamps in no fixed order' : 'not newest first', hint: 'sort({ timestamp: -1, _id: -1 })', evidence: t.tap.evidence(t.tap.queries()),
  });
});

export const limits = check('limit says how many: 50 if absent, 100 at most', { ...list, needs, lesson: '05-api-endpoints#listing-with-a-limit' }, async (t) => {
  await seed(t, 120);
  for (const [query, count, cause] of [['', 50, 'the default is not 50'], ['?limit=7', 7, 'the limit is not kept'], ['?limit=1', 1, 'the limit is not kept'], ['?limit=100', 100, 'the limit is not kept'], ['?limit=500', 100, 'more than 100 are given'], ['?limit=101', 100, 'more than 100 are given']] as const) {
    const answer = await ask(t, 'GET', query);
    const found = listOf(t, answer, `GET ${query || 'without a limit'} was sent`);
    t.equal(found.length, count, { message: `There are 120 logs. GET ${query || 'without a limit'} has to give ${count}, and gave ${found.length}.`, cause, evidence: t.tap.evidence(t.tap.queries().slice(-1)) });
  }
});

export const skips = check('offset says how many to leave out, and limit counts from there', { ...list, needs: [...needs, newestFirst], lesson: '05-api-endpoints#listing-with-a-limit' }, async (t) => {
  const stored = await seed(t, 12);
  for (const [query, from, to] of [['?offset=0', 0, 12], ['?offset=9', 9, 12], ['?limit=4&offset=3', 3, 7], ['?offset=40', 12, 12]] as const) {
    const answer = await ask(t, 'GET', query);
    const found = listOf(t, answer, `GET ${query} was sent`);
    t.equal(ids(found), ids(stored.slice(from, to)), { message: `There are 12 logs. GET ${query} has to give ${to === from ? 'none' : `those from number ${from + 1} to number ${to}`}, in the order of the list.`, cause: 'the offset is not kept', evidence: t.tap.evidence(t.tap.queries().slice(-1)) });
  }
});

export const databaseSortsAndCuts = check('the database sorts and cuts', { ...list, needs }, async (t) => {
  await seed(t, 40);
  for (const [query, limit] of [['?limit=4', 4], ['?limit=4&offset=12', 4]] as const) {
    const mark = t.tap.mark();
    listOf(t, await ask(t, 'GET', query), `GET ${query} was sent`);
    const queries = t.tap.commands({ names: ['find', 'aggregate', 'getMore'], since: mark });
    const returned = queries.reduce((sum, { reply }) => sum + (reply?.returned ?? 0), 0);
    t.ok(returned <= limit + 2, {
      message: `For the ${limit} logs of GET ${query}, the database had to send ${returned}: the rest was thrown away in JavaScript. With a million logs, that is a million documents at each request.`,
      cause: query.includes('offset') ? 'skips in JavaScript' : 'sorts or cuts in JavaScript', expected: `the database sends ${limit} documents`, actual: `the database sent ${returned} documents`,
      hint: 'find().sort(…).skip(offset).limit(limit).toArray(): all of it is one command.', evidence: t.tap.evidence(queries),
    });
  }
});

const hint = 'Look at the text before you make a number of it: /^\\d+$/. parseInt("5abc") is 5, and Number("") is 0.';

export const refusesOddLimits = check('a limit that is no number from 1 on is answered with 400', { ...list, needs, lesson: '05-api-endpoints#listing-with-a-limit' }, async (t) => {
  for (const limit of ['0', '-1', 'abc', '1.5', `${t.random.int(2, 9)}abc`]) {
    expectStatus(t, await ask(t, 'GET', `?limit=${limit}`), 400, `GET ?limit=${limit} was sent`, { hint, cause: 'an odd limit' });
  }
});

export const refusesOddOffsets = check('an offset that is no number from 0 on is answered with 400', { ...list, needs, lesson: '05-api-endpoints#listing-with-a-limit' }, async (t) => {
  for (const offset of ['-1', 'abc', '1.5', `${t.random.int(2, 9)}abc`]) {
    expectStatus(t, await ask(t, 'GET', `?offset=${offset}`), 400, `GET ?offset=${offset} was sent`, { hint, cause: 'an odd offset' });
  }
});
