import { check, type CheckContext, type Document } from 'mongo-course/checker';
import { call, elsewhere, expectNow, logs, server, storedLog, tryOddIds } from '../logs.ts';

const options = { lesson: '03-crud-in-a-view#update' };

/** Stores a log among others, marks it, and gives what is then stored. */
async function mark(t: CheckContext, id: (log: ReturnType<typeof storedLog>) => unknown = (log) => log._id): Promise<{ before: Document; after: Document | null; others: Document[]; value: number; answer: unknown }> {
  const before = storedLog(t);
  const others = [storedLog(t, { source: before.source }), storedLog(t)];
  await logs(t).insert(others[0] as Document, before, others[1] as Document);
  const value = t.random.int(100, 999);
  const answer = await call(t, 'markProcessed', id(before), value);
  return { before, after: await logs(t).findOne({ _id: before._id }), others, value, answer };
}

const writes = (t: CheckContext): ReturnType<CheckContext['tap']['evidence']> => t.tap.evidence(t.tap.writes());

export const marksProcessed = check('markProcessed sets status, value and updated_at', options, async (t) => {
  let earlier: unknown;
  for (const [form, id] of [['as an ObjectId', undefined], ['as a text', (log: { _id: { toHexString(): string } }) => log._id.toHexString()]] as const) {
    await logs(t).delete();
    const { after, value, others } = await mark(t, id);
    if (!after) return t.fail({ message: 'After markProcessed, the log is gone.', cause: 'the log is gone', evidence: writes(t) });
    t.equal(after.status, 'processed', { message: `markProcessed was given the id of a stored log ${form}, and status is not "processed" afterwards.${elsewhere(t)}`, cause: id ? 'does nothing for an id as a text' : 'status is not set', evidence: writes(t) });
    t.equal(after.value, value, { message: 'value is not the one that markProcessed was given.', cause: 'value is not set', evidence: writes(t) });
    expectNow(t, 'updated_at', after.updated_at);
    t.ok(earlier === undefined || (after.updated_at as Date) > (earlier as Date), {
      message: 'Two logs, marked one after the other, have the same updated_at: that of the program\'s start.', cause: 'now is read only once',
      expected: 'a later time', actual: after.updated_at, hint: 'Call new Date() inside the function, at each update.', evidence: writes(t),
    });
    earlier = after.updated_at;
    await t.sleep(30);
    for (const other of others) t.equal(await logs(t).findOne({ _id: other._id }), other, { message: 'markProcessed changed another log too.', cause: 'changes other logs', hint: 'updateOne with a filter on _id.', evidence: writes(t) });
  }
});

export const countsWhatItMarked = check('markProcessed tells how many it matched and modified', { ...options, needs: [marksProcessed], lesson: '03-crud-in-a-view#matched-is-not-modified' }, async (t) => {
  const { answer } = await mark(t);
  const { matched, modified } = (answer ?? {}) as { matched?: unknown; modified?: unknown };
  t.equal({ matched, modified }, { matched: 1, modified: 1 }, {
    message: 'One log was found and changed, and markProcessed did not say so.', cause: 'wrong counts', hint: 'updateOne resolves to an object with matchedCount and modifiedCount; you return { matched, modified }.',
  });
});

export const keepsOtherFields = check('markProcessed keeps all other fields', { ...options, needs: [marksProcessed], lesson: '03-crud-in-a-view#set-or-replace' }, async (t) => {
  const { before, after } = await mark(t);
  const others = Object.keys(before).filter((field) => field !== 'value');
  const these = (log: Document | null): Document => Object.fromEntries(others.map((field) => [field, log?.[field]]));
  t.equal(these(after), these(before), {
    message: 'A field that markProcessed has nothing to do with was lost or changed.', cause: 'loses other fields',
    hint: '{ $set: { ... } } changes the fields named and no other; a document without $set takes the whole document\'s place.', evidence: writes(t),
  });
});

export const losesNoOtherWrite = check('markProcessed keeps what another writes at the same moment', { ...options, needs: [keepsOtherFields], lesson: '03-crud-in-a-view#two-writers-at-once' }, async (t) => {
  const log = storedLog(t);
  await logs(t).insert(log);
  const program = await server(t);
  // The write is held back; meanwhile somebody else writes to the same log.
  t.tap.delayCommands({ names: ['update', 'findAndModify', 'findandmodify', 'bulkWrite', 'insert', 'delete'] }, 400);
  const [message, note] = [t.random.words(4), t.random.word()];
  await t.together(
    () => program.call('markProcessed', log._id, t.random.int(100, 999)),
    async () => {
      await t.eventually(5000, () => t.tap.writes().length > 0);
      await logs(t).update({ _id: log._id }, { $set: { message, note } });
    },
  );
  const after = await logs(t).findOne({ _id: log._id });
  t.equal({ message: after?.message, note: after?.note, status: after?.status }, { message, note, status: 'processed' }, {
    message: 'While markProcessed was at work, somebody else changed message and added note. Afterwards that was lost: markProcessed wrote back what it had read before.',
    cause: 'read, change, write back: loses what others write', hint: 'Do not read first. Tell the database what to set, and nothing else: updateOne({ _id }, { $set: { status, value, updated_at } }).',
    evidence: t.tap.evidence(t.tap.commands({ collection: 'test_data' })),
  });
});

export const insertsNothing = check('markProcessed never makes a new log', { ...options, needs: [marksProcessed] }, async (t) => {
  await logs(t).insert(storedLog(t));
  const program = await server(t);
  await program.attempt('markProcessed', t.random.objectId(), 5);
  await program.attempt('markProcessed', t.random.hex(24), 5);
  const count = await logs(t).count();
  t.ok(count === 1, {
    message: 'markProcessed was called with an id that no log has, and made a new log: one without a message and a source.', cause: 'upserts', expected: '1 log, as before', actual: `${count} logs`, hint: 'No upsert: without it, an update of nothing changes nothing.', evidence: writes(t),
  });
});

export const marksNothingForOddIds = check('markProcessed counts 0 and 0 for an id of nothing', { ...options, needs: [countsWhatItMarked, insertsNothing], lesson: '03-crud-in-a-view#one-document-and-its-id' }, async (t) => {
  const pick = (value: unknown): unknown => {
    const { matched, modified } = (value ?? {}) as { matched?: unknown; modified?: unknown };
    return { matched, modified };
  };
  await tryOddIds(t, 'markProcessed', { matched: 0, modified: 0 }, pick, 5);
});
