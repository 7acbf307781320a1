import { check, ObjectId, type CheckContext, type Document } from 'mongo-course/checker';
import { call, expectNow, logs } from '../logs.ts';

const options = { lesson: '03-crud-in-a-view#create' };

/** Inserts, and gives the one document that is then in the collection. */
async function insert(t: CheckContext, input: Document): Promise<{ id: unknown; input: unknown; stored: Document }> {
  const answer = (await call(t, 'insertLog', input)) as { id: unknown; input: unknown };
  const stored = await logs(t).find();
  const writes = t.tap.writes();
  t.ok(stored.length > 0 || writes.length === 0 || writes.some(({ collection }) => collection === 'test_data'), {
    message: `The document went into the collection "${writes[0]?.collection}", not into "test_data".`, cause: 'another collection', evidence: t.tap.evidence(writes),
  });
  const [only] = stored;
  if (!only || stored.length > 1) {
    return t.fail({
      message: only ? `One call of insertLog left ${stored.length} documents.` : 'insertLog finished, and there is no document in test_data.',
      cause: only ? 'inserts more than one document' : 'nothing is stored when insertLog is done', expected: '1 document', actual: `${stored.length} documents`,
      hint: only ? 'Insert once.' : 'Is there an await in front of insertOne?', evidence: t.tap.evidence(t.tap.writes()),
    });
  }
  return { ...answer, stored: only };
}

export const storesGivenFields = check('insertLog stores the fields it is given', options, async (t) => {
  const input = { message: t.random.words(3), source: t.random.word(), value: t.random.int(1, 999), timestamp: t.random.date() };
  // The write takes a moment, so whoever does not wait for it is found out.
  t.tap.delayCommands({ names: ['insert', 'update', 'findAndModify', 'bulkWrite'] }, 300);
  const { stored } = await insert(t, input);
  for (const [field, value] of Object.entries(input)) {
    const text = field === 'timestamp' && typeof stored[field] === 'string';
    t.equal(stored[field], value, {
      message: text ? 'timestamp was given as a date and stored as a text.' : `The stored ${field} is not the one that insertLog was given.`,
      cause: text ? 'timestamp is stored as a text' : `${field} is not stored as given`, evidence: t.tap.evidence(t.tap.writes()),
      hint: 'Spread the input into the document: { ...input }. Then nothing is forgotten.',
    });
  }
  await logs(t).delete();
  const { stored: second } = await insert(t, { message: input.message, source: input.source, timestamp: input.timestamp });
  t.ok(!('value' in second), {
    message: 'insertLog was given no value, and stored one. Whoever looks for the logs that have a value finds this one too.', cause: 'a value is stored where none is given', expected: 'no field "value"', actual: second.value,
    hint: 'Spread the input: { ...input }. A field that is named in your code is always there, and the driver stores undefined as null.', evidence: t.tap.evidence(t.tap.writes().slice(-1)),
  });
  await logs(t).delete();
  const { stored: third } = await insert(t, { message: input.message, source: input.source, value: 0 });
  t.equal(third.value, 0, {
    message: 'insertLog was given the value 0, and did not store it.', cause: 'the value 0 is not stored',
    hint: '0 is a value, too: if (input.value) takes it for none. Ask input.value !== undefined, or spread the input.', evidence: t.tap.evidence(t.tap.writes().slice(-1)),
  });
});

export const returnsTheId = check('insertLog gives the new _id, an ObjectId', { ...options, needs: [storesGivenFields] }, async (t) => {
  const { id, stored } = await insert(t, { message: t.random.words(2), source: t.random.word() });
  t.ok(id instanceof ObjectId, {
    message: `insertLog gave ${id === undefined ? 'nothing' : typeof id === 'string' ? 'a text' : 'something else'} in the place of an ObjectId.`, cause: 'insertLog gives no ObjectId', expected: stored._id, actual: id,
    hint: 'insertOne resolves to an object; its insertedId is the ObjectId. Return that, as it is.',
  });
  t.equal(id, stored._id, { message: 'insertLog gave an ObjectId, but not that of the document it stored.', cause: 'insertLog gives another id' });
});

export const addsTheTimestamp = check('insertLog adds the time of now where none is given', { ...options, needs: [storesGivenFields] }, async (t) => {
  const first = await insert(t, { message: t.random.words(2), source: t.random.word() });
  expectNow(t, 'timestamp', first.stored.timestamp);
  await logs(t).delete();
  await t.sleep(30);
  const second = await insert(t, { message: t.random.words(2), source: t.random.word() });
  t.ok((second.stored.timestamp as Date) > (first.stored.timestamp as Date), {
    message: 'Two logs, inserted one after the other, have the same timestamp: that of the program\'s start.', cause: 'now is read only once',
    expected: 'a later time', actual: second.stored.timestamp, hint: 'Call new Date() inside the function, at each insert.',
  });
});

export const keepsItsInput = check('insertLog leaves its input as it was', { ...options, needs: [storesGivenFields] }, async (t) => {
  const whole = { message: t.random.words(2), source: t.random.word(), value: t.random.int(1, 99) };
  // With a timestamp there is nothing to add, and it is tempting to hand the very object on.
  for (const input of [whole, { ...whole, timestamp: t.random.date() }]) {
    await logs(t).delete();
    const after = (await insert(t, input)).input;
    t.equal(after, input, {
      message: 'The object that insertLog was given has changed. It belongs to the caller, who may use it again: inserted twice, it would have the same _id, and the second insert would fail.',
      cause: 'changes its input', hint: 'insertOne adds an _id to the very object it gets. Give it a copy: { ...input, timestamp }.',
    });
  }
});
