import { check, type CheckContext, type CommandRecord, type Document } from 'mongo-course/checker';
import { call, elsewhere, logs, storedLog, tryOddIds } from '../logs.ts';

const many = { lesson: '03-crud-in-a-view#read' };
const one = { lesson: '03-crud-in-a-view#one-document-and-its-id' };

/** Stores `count` logs of one source among others, in a random order; some share a timestamp. Gives them newest first. */
async function seed(t: CheckContext, source: string, count: number): Promise<Document[]> {
  const times = Array.from({ length: Math.ceil(count / 3) }, () => t.random.date());
  const own = Array.from({ length: count }, (_, index) => storedLog(t, { source, timestamp: times[index % times.length] }));
  own.sort((a, b) => Number(b.timestamp) - Number(a.timestamp) || (a._id.toHexString() < b._id.toHexString() ? 1 : -1));
  const others = Array.from({ length: 20 }, () => storedLog(t));
  const all = t.random.shuffle([...own, ...others]);
  // Of three with one timestamp, the highest _id is stored between the others: neither the order in which they are
  // stored nor its reverse is by _id, so no luck hides a missing second key.
  const equal = times.map((time) => own.filter(({ timestamp }) => timestamp === time)).find(({ length }) => length === 3);
  if (equal) {
    const places = all.flatMap((log, index) => (equal.includes(log) ? [index] : []));
    [equal[1], equal[0], equal[2]].forEach((log, index) => { all[places[index] as number] = log as (typeof all)[number]; });
  }
  await logs(t).insert(...all);
  return own;
}

async function findLogs(t: CheckContext, ...args: unknown[]): Promise<Document[]> {
  const found = await call(t, 'findLogs', ...args);
  if (Array.isArray(found)) return found as Document[];
  return t.fail({
    message: 'findLogs did not give an array.', cause: 'findLogs gives no array', expected: 'an array of documents', actual: found,
    hint: 'find() gives a cursor, which has asked nothing yet. await cursor.toArray() gives the documents.',
  });
}

const ids = (documents: readonly Document[]): string[] => documents.map(({ _id }) => String(_id));
const sent = (t: CheckContext): ReturnType<CheckContext['tap']['evidence']> => t.tap.evidence(t.tap.queries());

export const findsBySource = check('findLogs gives the logs of that source, and no others', many, async (t) => {
  const [first, last] = [t.random.word(), t.random.word()];
  const source = `${first}.${last}`;
  const own = await seed(t, source, 6);
  // Other sources that look alike: a pattern made of the text would find them, too.
  await logs(t).insert(...[source.toUpperCase(), `${source}.2`, `a.${source}`, `${first}-${last}`].map((alike) => storedLog(t, { source: alike })));
  const found = await findLogs(t, source);
  const foreign = found.filter((log) => log.source !== source);
  t.ok(foreign.length === 0, {
    message: `findLogs was asked for the source "${source}" and gave ${foreign.length} logs of other sources too, of "${String(foreign[0]?.source)}" for one.`, cause: 'gives logs of other sources', expected: `${own.length} logs`, actual: `${found.length} logs`,
    hint: 'The filter goes into find: find({ source }). That is equality; a RegExp made of the text finds whatever looks like it.', evidence: sent(t),
  });
  const byId = (a: Document, b: Document): number => (String(a._id) < String(b._id) ? -1 : 1);
  t.equal([...found].sort(byId), [...own].sort(byId), { message: `findLogs did not give the ${own.length} logs of the source "${source}" as they are stored.${elsewhere(t)}`, cause: 'logs are missing or changed', evidence: sent(t) });
});

export const newestFirst = check('findLogs gives the newest first, equal times by _id descending', { ...many, needs: [findsBySource], lesson: '03-crud-in-a-view#sort-and-limit-belong-to-the-database' }, async (t) => {
  const source = t.random.word();
  const own = await seed(t, source, 8);
  const found = await findLogs(t, source);
  const times = found.map((log) => Number(log.timestamp));
  const inTime = times.every((time, index) => index === 0 || time <= (times[index - 1] as number));
  t.equal(ids(found), ids(own), {
    message: inTime
      ? 'The logs come newest first, but some have the same timestamp, and among those the highest _id has to come first. Without that second key their order may change from one query to the next.'
      : 'The logs do not come newest first.',
    cause: inTime ? 'equal timestamps in no fixed order' : 'not sorted by timestamp, descending', hint: 'sort({ timestamp: -1, _id: -1 })', evidence: sent(t),
  });
  // With more logs than the limit, sorting afterwards is too late: the wrong ones were fetched.
  const few = await findLogs(t, source, { limit: 3 });
  t.equal(ids(few.slice(0, 3)), ids(own.slice(0, 3)), {
    message: 'Asked for 3 of 8 logs, findLogs did not give the 3 newest. Whoever cuts first and sorts then sorts the wrong ones.', cause: 'cuts before it sorts', hint: 'sort belongs to the query, beside limit; their order in your code does not matter there.', evidence: sent(t),
  });
});

export const limits = check('findLogs gives 50 at most, or as many as it is told', { ...many, needs: [findsBySource], lesson: '03-crud-in-a-view#sort-and-limit-belong-to-the-database' }, async (t) => {
  const source = t.random.word();
  await seed(t, source, 60);
  for (const [limit, args] of [[50, []], [50, [{}]], [7, [{ limit: 7 }]], [55, [{ limit: 55 }]]] as const) {
    const found = await findLogs(t, source, ...args);
    const how = args[0] ? `{ ${'limit' in args[0] ? `limit: ${limit}` : ''} }` : 'no options';
    t.equal(found.length, limit, { message: `Of 60 logs, findLogs with ${how} gave another number than ${limit}.`, cause: args[0] && 'limit' in args[0] ? 'the limit is not kept' : 'the default is not 50', evidence: sent(t) });
  }
});

export const databaseDoesTheWork = check('the database filters, sorts and limits', { ...many, needs: [findsBySource], lesson: '03-crud-in-a-view#sort-and-limit-belong-to-the-database' }, async (t) => {
  const source = t.random.word();
  await seed(t, source, 40);
  const found = await findLogs(t, source, { limit: 4 });
  const queries = t.tap.queries({ collection: 'test_data' });
  const returned = [...queries, ...t.tap.commands({ names: ['getMore'] })].reduce((sum, query) => sum + (query.reply?.returned ?? 0), 0);
  const cause = queries.some((query) => mentionsText(query, source)) ? 'sorts or limits in JavaScript' : 'filters in JavaScript';
  t.ok(returned <= Math.max(4, found.length), {
    message: `For ${found.length} logs, the database had to send ${returned}: the rest was thrown away in JavaScript. With a million logs, that is a million documents through the network and into memory, at each request.`,
    cause, expected: 'the database sends 4 documents', actual: `the database sent ${returned} documents`,
    hint: 'filter, sort and limit are parts of the query: find({ source }).sort({ ... }).limit(limit)', evidence: t.tap.evidence(queries),
  });
});

const mentionsText = (query: CommandRecord, text: string): boolean => JSON.stringify(query.command.filter ?? query.command.pipeline ?? '').includes(text);

export const findsOne = check('findLog gives a log by its _id, ObjectId or text', one, async (t) => {
  const wanted = storedLog(t);
  await logs(t).insert(storedLog(t), wanted, storedLog(t));
  t.equal(await call(t, 'findLog', wanted._id), wanted, { message: `findLog was called with the ObjectId of a stored log, and did not give that log.${elsewhere(t)}`, cause: 'not found by its ObjectId', evidence: sent(t) });
  t.equal(await call(t, 'findLog', wanted._id.toHexString()), wanted, {
    message: 'findLog was called with the id of a stored log as a text, 24 hex digits, as it stands in a URL, and did not give that log.', cause: 'not found by its id as a text',
    hint: 'A text is never equal to an ObjectId. Make one of it: new ObjectId(text).', evidence: sent(t),
  });
});

export const findsNothingForOddIds = check('findLog gives null for an id of nothing', { ...one, needs: [findsOne] }, async (t) => {
  await tryOddIds(t, 'findLog', null, (value) => value);
});
