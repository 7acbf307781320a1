import { isDeepStrictEqual } from 'node:util';
import { check, ObjectId, SubmissionError, type CheckContext, type CommandRecord, type Document } from 'mongo-course/checker';

/** Calls `sayHello` with this run's server and database. What it throws is judged after what it did to the database. */
async function hello(t: CheckContext, uri = t.env.MONGO_URI): Promise<{ name: string; returned: unknown; thrown: SubmissionError | undefined }> {
  const name = t.random.word();
  try {
    return { name, returned: await t.call('sayHello', uri, t.env.MONGO_DB_NAME, name), thrown: undefined };
  } catch (error) {
    if (!(error instanceof SubmissionError)) throw error;
    return { name, returned: undefined, thrown: error };
  }
}

/** The insert into `greetings` that the submission sent, or a failure that says what it sent instead. */
function insertOf(t: CheckContext, thrown: SubmissionError | undefined): CommandRecord {
  const writes = t.tap.writes();
  const [insert] = writes.filter((write) => write.collection === 'greetings');
  if (insert) return insert;
  if (thrown) throw thrown;
  if (writes.length === 0) {
    t.fail({
      message: 'Nothing was written to the database. sayHello has to insert a document into the collection "greetings".',
      cause: 'nothing is inserted', hint: 'Is there an insertOne? And an await in front of it?',
      evidence: t.tap.evidence(t.tap.commands()),
    });
  }
  t.fail({
    message: `The document went into the collection "${writes[0]?.collection ?? '?'}", not into "greetings".`,
    cause: 'another collection', evidence: t.tap.evidence(writes),
  });
}

export const storesTheGreeting = check('stores "Hello, NAME!" in greetings', { lesson: '01-why-and-when#your-first-ten-lines' }, async (t) => {
  const { name, thrown } = await hello(t);
  const write = insertOf(t, thrown);
  const stored = await t.db.collection('greetings').find();
  if (stored.length === 0) {
    t.ok(write.database === t.env.MONGO_DB_NAME, {
      message: 'The document is in another database than the one named by dbName.', cause: 'another database',
      expected: t.env.MONGO_DB_NAME, actual: write.database, hint: 'client.db(dbName): without a name, db() takes the one in the URI, or "test".',
      evidence: t.tap.evidence([write]),
    });
    t.fail({ message: 'The insert was sent, but the document is not in greetings.', cause: 'the insert has failed', evidence: t.tap.evidence([write]) });
  }
  t.equal(stored.length, 1, { message: 'sayHello has to insert one document; it left another number of them.', cause: 'more than one document', evidence: t.tap.evidence(t.tap.writes()) });
  t.equal(stored[0]?.message, `Hello, ${name}!`, {
    message: `For the name "${name}", the stored message is not the greeting the task asks for.`, cause: 'another message',
    hint: 'Mind the comma, the blank and the exclamation mark: `Hello, ${name}!`', evidence: t.tap.evidence([write]),
  });
});

export const connectsWhereTold = check('connects to the server it was told', { needs: [storesTheGreeting] }, async (t) => {
  const mark = t.random.word();
  const separator = t.env.MONGO_URI.includes('?') ? '&' : '?';
  await hello(t, `${t.env.MONGO_URI}${separator}appName=${mark}`);
  const names = t.tap.clients().map((client) => (client.metadata.application as Document | undefined)?.name);
  // A name of their own in the client's options overrides the one in the uri; then nothing can be told from it.
  t.ok(names.some((name) => name !== undefined), {
    message: 'sayHello did not connect with the uri it was given.', cause: 'ignores the uri it is given',
    expected: `a client made from the uri with appName=${mark}`, actual: 'a client made from some other uri',
    hint: 'A function that is told where to connect must not decide that itself: new MongoClient(uri).',
  });
});

export const storesTheDate = check('stores the time of now as a date', { needs: [storesTheGreeting] }, async (t) => {
  await hello(t);
  const [stored] = await t.db.collection('greetings').find();
  const at = stored?.created_at;
  t.ok(at !== undefined, { message: 'The stored document has no field created_at.', cause: 'created_at is missing', evidence: t.tap.evidence(t.tap.writes()) });
  if (!(at instanceof Date)) {
    const kind = typeof at === 'string' ? 'a text' : typeof at === 'number' || typeof at === 'bigint' ? 'a number' : at === null ? 'null' : Array.isArray(at) ? 'an array' : typeof at === 'boolean' ? 'true or false' : 'an object';
    return t.fail({
      message: `created_at is stored as ${kind}, not as a date. ${typeof at === 'string' ? "A text sorts and compares as a text, and MongoDB can't calculate with it." : `MongoDB sorts ${kind} apart from all dates, and its date operators refuse it.`}`,
      cause: typeof at === 'string' ? 'a date stored as a text' : 'a date stored as something else', expected: 'a date', actual: at,
      hint: 'Give the driver a Date object: created_at: new Date(). It becomes a BSON date by itself.', evidence: t.tap.evidence(t.tap.writes()),
    });
  }
  t.ok(Math.abs(at.getTime() - Date.now()) < 120_000, {
    message: 'created_at is a date, but not that of now.', cause: 'another time', expected: new Date(), actual: at, hint: 'new Date() without an argument is now.',
  });
});

export const readsItBack = check('reads the greeting back by its _id', { needs: [storesTheGreeting] }, async (t) => {
  // While the query is held back, the stored message changes: whoever returns what was read returns the new one.
  const changed = `Hello, ${t.random.words(2)}!`;
  const greetings = t.db.collection('greetings');
  t.tap.delayCommands({ names: ['find', 'aggregate'], collection: 'greetings' }, 400);
  let returned: unknown;
  let thrown: SubmissionError | undefined;
  await t.together(
    async () => { ({ returned, thrown } = await hello(t)); },
    async () => { await t.eventually(8000, async () => (await greetings.count()) === 1); await greetings.update({}, { $set: { message: changed } }); },
  );
  const [stored] = await greetings.find();
  const id = stored?._id;
  const queries = t.tap.queries({ collection: 'greetings' });
  if (queries.length === 0 && thrown) throw thrown;
  t.ok(queries.length > 0, {
    message: 'The document was never read back: sayHello sent no query. What it returns is what it had in its own hands all along.',
    cause: 'never reads back', hint: 'findOne({ _id: insertedId })', evidence: t.tap.evidence(t.tap.writes()),
  });
  t.ok(!(id instanceof ObjectId) || !queries.some((query) => mentions(query.command, String(id))), {
    message: 'The query looks for the _id as a text. The stored _id is an ObjectId, and to MongoDB a text and an ObjectId are never equal: nothing is found.',
    cause: 'an _id as a text', expected: `_id: ObjectId("${id}")`, actual: `_id: "${id}"`,
    hint: 'Search with insertedId as it is; no String(), no toString().', evidence: t.tap.evidence(queries),
  });
  t.ok(queries.some((query) => mentions(query.command, id)), {
    message: `The query does not look for the new document's _id, so it may find somebody else's greeting.`, cause: 'does not query by _id',
    hint: 'insertOne resolves to an object with insertedId; search with { _id: insertedId }, as it is.', evidence: t.tap.evidence(queries),
  });
  if (thrown) throw thrown;
  t.equal(returned, changed, {
    message: typeof returned === 'string' ? 'sayHello read the document, but returned another text than the message in it.' : 'sayHello has to return the message, a text; it returned something else.',
    cause: typeof returned === 'string' ? 'returns what it wrote, not what it read' : 'returns no text',
    hint: 'The message changed in the database between your insert and your query, on purpose. Return the message of the document that findOne gave you.', evidence: t.tap.evidence(queries),
  });
});

export const closesItsClient = check('closes its client', { needs: [storesTheGreeting], lesson: '01-why-and-when#your-first-ten-lines' }, async (t) => {
  const { thrown } = await hello(t);
  const closed = await t.eventually(3000, () => t.tap.openConnections() === 0);
  if (closed && thrown) throw thrown;
  t.ok(closed, {
    message: `${thrown ? 'sayHello threw an error, and with that its client was never closed' : 'After sayHello was done'}: ${t.tap.openConnections()} connections are still open. Each costs the server memory, and they keep your program from ending.`,
    cause: thrown ? 'the client stays open after an error' : 'the client is never closed', expected: 'no open connection', actual: `${t.tap.openConnections()} open connections`,
    hint: 'await client.close(), best in a finally block, so that it also happens when something fails.',
  });
});

/** Whether an id is anywhere in a command; an `_id` may be of any type. */
function mentions(value: unknown, id: unknown): boolean {
  if (isDeepStrictEqual(value, id) || (value instanceof ObjectId && id instanceof ObjectId && value.equals(id))) return true;
  if (typeof value !== 'object' || value === null || '_bsontype' in value) return false;
  return Object.values(value).some((inner) => mentions(inner, id));
}
