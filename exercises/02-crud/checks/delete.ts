import { check } from 'mongo-course/checker';
import { call, elsewhere, logs, storedLog, tryOddIds } from '../logs.ts';

const options = { lesson: '03-crud-in-a-view#delete' };

export const deletesThatOne = check('deleteLog deletes that log, and says whether it was there', options, async (t) => {
  for (const form of ['as an ObjectId', 'as a text'] as const) {
    await logs(t).delete();
    const log = storedLog(t);
    const others = [storedLog(t, { source: log.source, message: log.message }), storedLog(t)];
    await logs(t).insert(others[0] as typeof log, log, others[1] as typeof log);
    const id = form === 'as a text' ? log._id.toHexString() : log._id;
    const answer = await call(t, 'deleteLog', id);
    const evidence = t.tap.evidence(t.tap.writes());
    const same = await logs(t).count({ _id: log._id });
    t.ok(same === 0, { expected: 'the log is gone', actual: 'it is still there', message: `deleteLog was given the id of a stored log ${form}, and the log is still there.${elsewhere(t)}`, cause: form === 'as a text' ? 'does not delete by an id as a text' : 'does not delete', evidence });
    const left = await logs(t).count();
    t.ok(left === 2, { message: 'deleteLog deleted other logs too.', cause: 'deletes other logs', expected: 'the 2 other logs stay', actual: `${left} left`, hint: 'deleteOne with a filter on _id, and on nothing else.', evidence });
    t.equal(answer, true, { message: 'deleteLog deleted the log and did not give true.', cause: 'does not give true', hint: 'deleteOne resolves to an object; deletedCount tells.' });
    t.equal(await call(t, 'deleteLog', id), false, { message: 'The log was already deleted, and the second deleteLog did not give false.', cause: 'does not give false where nothing was deleted', hint: 'Return deletedCount === 1; an object is always true.' });
  }
});

export const deletesNothingForOddIds = check('deleteLog gives false for an id of nothing', { ...options, needs: [deletesThatOne], lesson: '03-crud-in-a-view#one-document-and-its-id' }, async (t) => {
  await tryOddIds(t, 'deleteLog', false, (value) => value);
});
