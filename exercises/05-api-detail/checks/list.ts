import { check } from 'mongo-course/checker';
import { ask, expectShown, expectStatus, ids, listOf, logs, seed, storedLog, without } from '../api.ts';

const list = { lesson: '05-api-endpoints#listing-with-a-limit' };

export const listsLogs = check('GET answers 200 and the logs', list, async (t) => {
  const stored = [storedLog(t), without(storedLog(t), 'data')];
  await logs(t).insert(...stored);
  const answer = await ask(t, 'GET');
  const found = listOf(t, answer, 'There are two logs');
  t.equal(found.length, 2, { message: 'There are two logs in the collection logs, and GET gave another number of them.', cause: 'not all logs are given', evidence: [...answer.evidence, ...t.tap.evidence(t.tap.queries())] });
  for (const document of stored) {
    const shown = found.find(({ _id }) => _id === String(document._id));
    t.ok(shown, { message: 'A log in the answer has no _id that is known. An _id is given as its 24 hex digits.', cause: '_id is not given as hex digits', expected: String(document._id), actual: found.map(({ _id }) => _id), evidence: answer.evidence });
    expectShown(t, shown, document, 'A log in the answer', answer);
  }
});

const needs = [listsLogs];

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

export const pages = check('limit and offset choose a page: 50 if absent, 100 at most', { ...list, needs: [...needs, newestFirst] }, async (t) => {
  const stored = await seed(t, 120);
  for (const [query, from, to] of [['', 0, 50], ['?limit=7', 0, 7], ['?limit=500', 0, 100], ['?limit=4&offset=3', 3, 7], ['?offset=110', 110, 120], ['?limit=101', 0, 100]] as const) {
    const answer = await ask(t, 'GET', query);
    const found = listOf(t, answer, `GET ${query} was sent`);
    t.equal(ids(found), ids(stored.slice(from, to)), { message: `There are 120 logs. GET ${query || 'without limit and offset'} has to give those from number ${from + 1} to number ${to}; it gave ${found.length}.`, cause: query.includes('offset') ? 'the offset is not kept' : 'the limit is not kept', evidence: t.tap.evidence(t.tap.queries().slice(-1)) });
  }
});

export const refusesOddPages = check('an odd limit or offset is answered with 400', { ...list, needs }, async (t) => {
  for (const query of ['limit=0', 'limit=-1', 'limit=abc', 'limit=1.5', 'offset=-1', 'offset=abc']) {
    expectStatus(t, await ask(t, 'GET', `?${query}`), 400, `GET ?${query} was sent`, { cause: `an odd ${query.split('=')[0]}` });
  }
});

export const filters = check('user_id and action filter by equality', { ...list, needs, lesson: '06-one-resource#filters' }, async (t) => {
  const [userId, action] = [t.random.int(100, 999), t.random.word()];
  const old = { timestamp: new Date(t.random.date().getTime() - 5 * 365 * 24 * 3600_000) };
  const wanted = [storedLog(t, { ...old, user_id: userId, action }), storedLog(t, { ...old, user_id: userId, action })];
  const sameUser = storedLog(t, { ...old, user_id: userId });
  const sameAction = storedLog(t, { ...old, action });
  // Actions that look alike: a pattern made of the text would find them, too.
  const alike = [`${action}s`, `re${action}`, action.toUpperCase()].map((one) => storedLog(t, { ...old, action: one }));
  await logs(t).insert(...wanted, sameUser, sameAction, ...alike);
  // All of these are newer: whoever cuts first and filters then finds nothing.
  await seed(t, 60);
  const sorted = (documents: readonly { _id?: unknown }[]): string[] => documents.map(({ _id }) => String(_id)).sort();
  for (const [query, expected] of [[`?user_id=${userId}`, [...wanted, sameUser]], [`?action=${action}`, [...wanted, sameAction]], [`?user_id=${userId}&action=${action}`, wanted], [`?user_id=${userId + 1000}`, []]] as const) {
    const answer = await ask(t, 'GET', query);
    const found = listOf(t, answer, `GET ${query} was sent`);
    const { filter, pipeline } = t.tap.queries().at(-1)?.command ?? {};
    const sent = JSON.stringify(filter ?? pipeline ?? '');
    const hints: [string, boolean][] = [
      ['What stands in a query is a text, and user_id is stored as a number: 5 is not "5".', found.length < expected.length && sent.includes(`"${userId}"`)],
      ['The filter belongs into the query, before the limit: who cuts first and filters then misses what comes later.', found.length < expected.length && !sent.includes(String(userId)) && !sent.includes(action)],
      ['A log must match user_id AND action: both go into one filter, { user_id, action }.', found.length > expected.length && query.includes('&')],
      ['Only what is equal is wanted: put the value in the query into the filter, under the name of the field. A pattern made of it finds whatever looks like it.', found.length > expected.length && !query.includes('&')],
    ];
    const hint = hints.find(([, fits]) => fits)?.[0];
    t.equal(sorted(found), sorted(expected), {
      message: `GET ${query} has to give the logs with exactly that, ${expected.length} of 67.`, cause: `the filter ${query.includes('&') ? 'by both' : query.slice(1).split('=')[0]} does not work`,
      ...(hint === undefined ? {} : { hint }), evidence: t.tap.evidence(t.tap.queries().slice(-1)),
    });
  }
});

export const refusesOddUserIds = check('a user_id that is no integer is answered with 400', { ...list, needs, lesson: '06-one-resource#filters' }, async (t) => {
  for (const userId of ['abc', '1.5', `${t.random.int(2, 9)}abc`]) {
    expectStatus(t, await ask(t, 'GET', `?user_id=${userId}`), 400, `GET ?user_id=${userId} was sent`, { cause: 'an odd user_id', hint: 'Number("abc") is NaN, and nothing is equal to it: look at the text before it becomes a number.' });
  }
});

export const databaseSortsAndCuts = check('the database filters, sorts and cuts', { ...list, needs }, async (t) => {
  const userId = t.random.int(100, 999);
  await seed(t, 30);
  await seed(t, 12, { user_id: userId });
  for (const query of ['?limit=4', '?limit=4&offset=12', `?user_id=${userId}&limit=4`]) {
    const mark = t.tap.mark();
    listOf(t, await ask(t, 'GET', query), `GET ${query} was sent`);
    const queries = t.tap.commands({ names: ['find', 'aggregate', 'getMore'], since: mark });
    const returned = queries.reduce((sum, { reply }) => sum + (reply?.returned ?? 0), 0);
    t.ok(returned <= 6, {
      message: `For the 4 logs of GET ${query}, the database had to send ${returned}: the rest was thrown away in JavaScript. With a million logs, that is a million documents at each request.`,
      cause: query.includes('user') ? 'filters in JavaScript' : query.includes('offset') ? 'skips in JavaScript' : 'sorts or cuts in JavaScript', expected: 'the database sends 4 documents', actual: `the database sent ${returned} documents`,
      hint: 'find(filter).sort(…).skip(offset).limit(limit).toArray(): all of it is one command.', evidence: t.tap.evidence(queries),
    });
  }
});

export const queryOperatorsDoNotAct = check('operators in the query do not act', { ...list, needs, lesson: '06-one-resource#operators-from-outside' }, async (t) => {
  const actions = [t.random.word(), t.random.word(), t.random.word()] as const;
  await logs(t).insert(...actions.map((action, index) => storedLog(t, { action, user_id: 10 * (index + 1) })));
  for (const query of [`action[$ne]=${actions[0]}`, `action[$gt]=`, `user_id[$gt]=15`, `user_id[$ne]=10`, `action=${encodeURIComponent(JSON.stringify({ $ne: actions[0] }))}`, `user_id=${encodeURIComponent('{"$gt":15}')}`]) {
    const answer = await ask(t, 'GET', `?${query}`);
    const found = Array.isArray(answer.json) ? answer.json.length : undefined;
    const harmless = answer.status === 400 || (answer.status === 200 && (found === 0 || (found === 3 && query !== 'action[$gt]=') || (query === 'action[$gt]=' && !sentOperator(t.tap.queries().at(-1)?.command))));
    t.ok(harmless, {
      message: `GET ?${decodeURIComponent(query)} was sent: ${answer.status >= 500 ? `the answer was ${answer.status}.` : 'the operator went to the database and acted there.'} Whoever can send operators reads what was never meant for them.`,
      cause: answer.status >= 500 ? `${answer.status} for an operator in the query` : 'an operator in the query acts', expected: '400, or the filter taken literally (nothing is found), or ignored (everything is)', actual: `${answer.status}, ${found ?? 'no'} logs`,
      hint: 'Let nothing but a text into the filter: typeof req.query.action === "string". Or { action: { $eq: value } }.', evidence: [...answer.evidence, ...t.tap.evidence(t.tap.queries().slice(-1))],
    });
  }
});

function sentOperator(command: unknown): boolean {
  return JSON.stringify(command ?? {}).includes('"action":{"$gt"');
}
