import { check, SubmissionError, type CheckContext, type CommandRecord, type Document, type HttpAnswer } from 'mongo-course/checker';
import { call, logs, mentions, server, storedLog } from '../logs.ts';

const path = '/mongo-test/';
const source = 'node_view_test';
const options = { lesson: '03-crud-in-a-view#a-requests-way-to-the-database-and-back' };

async function get(t: CheckContext): Promise<HttpAnswer> {
  const program = await server(t);
  try {
    return await program.fetch(path, { timeoutMs: 12_000 });
  } catch (error) {
    if (!(error instanceof SubmissionError) || error.failure.hint !== undefined) throw error;
    return t.fail({ ...error.failure, hint: 'Every way through the view has to end with an answer: res.send(...), res.json(...) or res.end().' });
  }
}

/** What Express says of an error that nothing caught: the first line of its page. */
function uncaught({ status, text }: HttpAnswer): string {
  const line = status === 500 ? /<pre>(.*?)(?:<br>|<\/pre>)/s.exec(text)?.[1] : undefined;
  return line === undefined ? '' : ` In the view, nothing caught this: ${line.replaceAll('&#39;', "'").replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')}`;
}

export const viewAnswers = check('GET /mongo-test/ answers 200 and a line of text', options, async (t) => {
  const answer = await get(t);
  t.equal(answer.status, 200, { message: `GET ${path} was answered with ${answer.status}.${uncaught(answer)}`, cause: `answers ${answer.status}`, evidence: answer.evidence });
  t.ok(answer.text.trim() !== '', { message: `GET ${path} was answered with 200 and nothing in it.`, cause: 'an empty answer', hint: "res.type('text').send('...')", evidence: answer.evidence });
});

/** Makes a request with every write but the insert held back for a moment, and looks at the new log meanwhile. */
async function watched(t: CheckContext): Promise<{ answer: HttpAnswer | undefined; inserted: Document; processed: Document | undefined }> {
  t.tap.delayCommands({ names: ['update', 'delete', 'findAndModify', 'findandmodify', 'bulkWrite'] }, 250);
  let answer: HttpAnswer | undefined;
  let inserted: Document | undefined;
  let processed: Document | undefined;
  await t.together(
    async () => { answer = await get(t); },
    () => t.eventually(5000, async () => {
      // One look more after the answer: a view that waits for nothing is done before the first.
      const over = answer !== undefined;
      const [log] = await logs(t).find();
      inserted ??= log;
      if (log?.status === 'processed') processed ??= log;
      return over;
    }),
  );
  if (!inserted) {
    const [write] = t.tap.writes();
    const elsewhere = write && write.collection !== 'test_data' ? ` It wrote to "${write.collection}".` : '';
    return t.fail({ message: `The view inserted no log into test_data.${elsewhere}`, cause: elsewhere ? 'another collection' : 'the view inserts nothing', evidence: t.tap.evidence(t.tap.commands()) });
  }
  return { answer, inserted, processed };
}

export const viewDoesEveryStep = check('the view inserts, lists, finds, marks and deletes', { ...options, needs: [viewAnswers] }, async (t) => {
  const { inserted, processed } = await watched(t);
  const { message, value } = inserted;
  const evidence = t.tap.evidence(t.tap.commands({ collection: 'test_data' }));
  t.equal({ message, source: inserted.source, value }, { message: 'Hello from Node.js!', source, value: 100 }, { message: 'The view inserted another log than the task asks for.', cause: 'another log is inserted', evidence });
  const queries = t.tap.queries({ collection: 'test_data' });
  const lists = (query: CommandRecord): boolean => mentions(query.command, source) || (!mentions(query.command, String(inserted._id)) && (query.reply?.returned ?? 0) > 0);
  t.ok(queries.some(lists), { message: `The view did not list the logs of the source "${source}".`, cause: 'does not list', hint: 'findLogs(db, source)', evidence });
  t.ok(queries.some((query) => mentions(query.command, String(inserted._id))), { message: 'The view did not look up the new log by its _id.', cause: 'does not find the new log', hint: 'findLog(db, id)', evidence });
  const unawaited = t.tap.writes({ collection: 'test_data' }).some(({ command }) => mentions(command, String(inserted._id)) && mentions(command, 'processed'));
  t.ok(processed || !unawaited, { message: 'The view did not wait for its mark: it went on to delete the new log, or to answer, before the log was marked.', cause: 'does not wait for the mark', hint: 'await markProcessed(db, id, 150)', evidence });
  t.ok(processed, { message: 'Just before the new log was deleted, its status was not "processed": the view did not mark it.', cause: 'does not mark the new log', hint: 'markProcessed(db, id, 150)', evidence });
  t.equal(processed?.value, 150, { message: 'The view marked the new log with another value than 150.', cause: 'marks with another value', hint: 'markProcessed(db, id, 150)', evidence });
  const left = await logs(t).count({ _id: inserted._id });
  const late = left !== 0 && await t.eventually(1000, async () => (await logs(t).count({ _id: inserted._id })) === 0);
  t.ok(!late, { message: 'The view answered before the log it had made was deleted: it did not wait for that.', cause: 'does not wait for its deletion', expected: 'the new log is gone when the answer comes', actual: 'it was gone only later', hint: 'await deleteLog(db, id)', evidence });
  t.ok(left === 0, { message: 'The view did not delete the log it had made.', cause: 'does not delete the new log', expected: 'the new log is gone', actual: 'it is still there', hint: 'deleteLog(db, id)', evidence });
});

/** An ObjectId as console.dir shows it: its twelve bytes as four numbers. */
const inside = (id: string): string => `i0: ${[0, 6, 12, 18].map((at, index) => `${index === 0 ? '' : `i${index}: `}${Number.parseInt(id.slice(at, at + 6), 16)}`).join(', ')}`;

export const viewPrintsTheId = check('the view prints what it lists, the new id in it', { ...options, needs: [viewAnswers] }, async (t) => {
  const program = await server(t);
  const { inserted } = await watched(t);
  const id = String(inserted._id);
  const printed = await t.eventually(3000, () => program.output().includes(id) || program.output().includes(inside(id)));
  t.ok(printed, { message: `The view printed no list with the new log in it: its id, ${id}, is nowhere in the output.`, cause: 'does not print the list', hint: 'console.log(await findLogs(db, source)), with the await.', evidence: program.outputEvidence() });
});

export const viewLeavesNoTrace = check('after the view, the collection is as before', { ...options, needs: [viewAnswers] }, async (t) => {
  const before = [storedLog(t, { source }), storedLog(t, { source, message: 'Hello from Node.js!' }), storedLog(t)];
  await logs(t).insert(...before);
  await get(t);
  // What the view did not wait for comes now.
  await t.sleep(150);
  const after = await logs(t).find({}, { sort: { _id: 1 } });
  before.sort((a, b) => (a._id.toHexString() < b._id.toHexString() ? -1 : 1));
  const hint = 'Mark and delete by the id that insertLog gave you, and by nothing else.';
  const evidence = t.tap.evidence(t.tap.writes());
  t.ok(after.length === before.length, {
    message: after.length < before.length ? 'The view deleted logs that were there before it.' : 'The view left a log behind.',
    cause: after.length < before.length ? 'deletes logs of others' : 'leaves a log behind', expected: `${before.length} logs, as before`, actual: `${after.length} logs`, hint, evidence,
  });
  t.equal(after, before, { message: 'The view changed a log that was there before it.', cause: 'changes logs of others', hint, evidence });
});

const outage = { lesson: '03-crud-in-a-view#503-or-500', needs: [viewAnswers], timeoutMs: 40_000, deadline: true };

function judge503(t: CheckContext, answer: HttpAnswer, situation: string): void {
  t.equal(answer.status, 503, {
    message: `${situation}, and the view answered ${answer.status}.${answer.status === 500 ? ' 500 says: this program has a bug. But the program is fine; the database is away.' : ''}${answer.status === 200 ? ' 200 says: all is well.' : ''}`,
    cause: `answers ${answer.status} while the database is down`, evidence: answer.evidence,
    hint: 'try/catch around all of it, await getMongoDatabase() too. A MongoServerSelectionError or MongoNetworkError: res.status(503). Anything else: throw it on. (bulkWrite wraps the two into a MongoBulkWriteError that has no code.)',
  });
}

export const answers503WhenTheDatabaseGoesAway = check('503 while the database is down, and 200 once it is back', outage, async (t) => {
  // With this the process has a client, and open connections, when the database goes away.
  await get(t);
  await t.tap.down();
  await t.sleep(300);
  const answer = await get(t);
  judge503(t, answer, 'The database went away between two requests');
  await t.tap.up();
  let last = answer;
  const back = await t.eventually(4000, async () => (last = await get(t)).status === 200);
  t.ok(back, { message: `The database is back, and the view still answers ${last.status}.`, cause: 'does not recover', expected: 200, actual: last.status, hint: 'Ask getMongoDatabase() at each request; keep nothing of a failure.', evidence: last.evidence });
});

// In a scene of its own: a process that has not connected yet, and the other outage is waited for meanwhile.
export const answers503WithoutAClient = check('503 while there is no client and the database is down', { ...outage, scene: 'no-client' }, async (t) => {
  await server(t);
  if (t.tap.clients().length > 0) await call(t, 'disconnect');
  await t.tap.down();
  await t.sleep(300);
  judge503(t, await get(t), 'There was no client yet and the database was down');
});
