import { check, type CheckContext, type Document, type StartOptions } from 'mongo-course/checker';
import { errorEvidence, fullInput, told } from '../posts.ts';

const settings = '07-mongoose#connecting-and-waiting';

export const connects = check('connect() connects', { lesson: settings }, async (t) => {
  // The server takes its time to answer the first greetings.
  t.tap.delayCommands({ names: ['hello', 'isMaster', 'ismaster'] }, 250);
  await t.call('connect');
  const answered = (): boolean => t.tap.commands().some(({ reply }) => reply !== undefined);
  if (answered()) return rightDatabase(t);
  const later = await t.eventually(3000, answered);
  t.fail({
    message: later ? 'connect() was done before the server had answered. Whoever relies on it is too early, and an error would be heard by nobody.' : 'connect() was done, and nobody had connected to MONGO_URI.',
    cause: later ? 'does not wait for the server' : 'does not connect', hint: 'await mongoose.connect(process.env.MONGO_URI, { dbName }), with the await.',
  });
});

/** Indexes that are made in another database show that everything would go there. */
function rightDatabase(t: CheckContext): void {
  const name = t.env.MONGO_DB_NAME;
  const astray = t.tap.commands({ names: ['create', 'createIndexes'], collection: 'blog_posts' }).filter(({ database }) => database !== name);
  t.ok(astray.length === 0, {
    message: `connect() went to the database "${astray[0]?.database}"; MONGO_DB_NAME is "${name}". Whatever is stored would end up there.`, cause: 'another database', expected: name, actual: astray[0]?.database,
    hint: 'mongoose.connect(uri, { dbName: process.env.MONGO_DB_NAME || … }): without dbName, and without a path in the URI, Mongoose takes the database "test".', evidence: t.tap.evidence(astray),
  });
}

export const hasTheModels = check('models.ts exports the three models', { needs: [connects], lesson: '07-mongoose#schema-and-models' }, async (t) => {
  for (const [name, collection] of [['BlogPost', 'blog_posts'], ['Author', 'authors'], ['BlogPostWithRef', 'blog_posts_with_ref']] as const) {
    const model = (await t.call('describeModel', name)) as { isModel: boolean; collection: unknown };
    t.ok(model.isModel, { message: `models.ts exports no model called ${name}.`, cause: `no model ${name}`, hint: `export const ${name} = model('${name}', schema)` });
    t.equal(model.collection, collection, {
      message: `The collection of ${name} is "${String(model.collection)}".`, cause: `${name} has another collection`,
      hint: `Mongoose makes a name of its own from the model's. Say it: new Schema({ … }, { collection: '${collection}' }).`,
    });
  }
});

const wanted: readonly (readonly [string, number][])[] = [[['title', 1]], [['published_date', -1]], [['is_published', 1], ['tags', 1]]];
const keyText = (key: readonly (readonly [string, unknown])[]): string => `{ ${key.map(([field, direction]) => `${field}: ${String(direction)}`).join(', ')} }`;

/** Indexes of blog_posts that the task asks for and that are not there. */
async function lacking(t: CheckContext): Promise<{ missing: string[]; there: string[]; unique: string[] }> {
  const indexes = (await t.db.collection('blog_posts').indexes()).map((index) => ({ key: keyText(Object.entries(index.key as Document)), unique: index.unique === true }));
  const there = indexes.map(({ key }) => key);
  return { missing: wanted.map(keyText).filter((key) => !there.includes(key)), there, unique: indexes.filter((index) => index.unique).map(({ key }) => key) };
}

export const makesTheIndexes = check('connect() makes the indexes, and waits for them', { needs: [connects], scene: 'indexes', timeoutMs: 25_000, lesson: '07-mongoose#indexes' }, async (t) => {
  t.tap.delayCommands({ names: ['createIndexes'] }, 400);
  const program = await t.start();
  await program.call('connect');
  const { missing, unique } = await lacking(t);
  t.ok(unique.length === 0, {
    message: `The index ${unique[0]} is unique: a second post with the same value would be refused, and such a post is right.`, cause: 'a unique index', expected: 'an index that is not unique', actual: `${unique[0]}, unique`,
    hint: 'Without unique: true. It is no rule of the schema, but makes a unique index.', evidence: t.tap.evidence(t.tap.commands({ names: ['createIndexes'] })),
  });
  if (missing.length === 0) return;
  const later = await t.eventually(4000, async () => (await lacking(t)).missing.length === 0);
  const { missing: still, there } = await lacking(t);
  t.fail({
    message: later
      ? `When connect() was done, ${missing.length === 1 ? 'an index was' : 'indexes were'} not there yet; a moment later ${missing.length === 1 ? 'it was' : 'they were'}. Whoever queries right after connect() may scan the whole collection.`
      : `After connect(), blog_posts has no index ${still.join(' and no index ')}.`,
    cause: later ? 'does not wait for the indexes' : `no index ${still[0]}`, expected: wanted.map(keyText).join(' '), actual: later ? 'too late' : there.join(' ') || 'no index at all',
    hint: later ? 'mongoose.connect() resolves before the indexes exist. Model.init(), or Model.createIndexes(), gives a promise to wait for.' : 'schema.index({ … }), before the model is made. A compound index is one index on two fields, in that order.',
    evidence: t.tap.evidence(t.tap.commands({ names: ['createIndexes'] })),
  });
});

export const rejectsWhenDown = check('connect() rejects soon when the server is down', { needs: [connects], scene: 'refused', timeoutMs: 30_000, deadline: true, lesson: settings }, async (t) => {
  await t.tap.down();
  const program = await t.start();
  const attempt = await program.attempt('connect');
  const expected = 'connect() rejects within 5 s';
  if (attempt.ok) t.fail({ message: 'The server refused every connection, and connect() resolved all the same.', cause: 'swallows the error', expected, actual: `resolved after ${(attempt.ms / 1000).toFixed(1)} s`, hint: 'await mongoose.connect(…), and no catch that swallows the error.' });
  if (attempt.error?.name === 'ProcessEnded') t.fail({ message: `The server refused every connection, and that ended the whole process: ${attempt.error.message}`, cause: 'an error that nothing catches ends the process', expected, actual: told(attempt), hint: 'Is there a promise that nobody awaits, a mongoose.connect() without await?' });
  t.ok(!attempt.hung && attempt.ms <= 8000, {
    message: `The server refused every connection, and connect() ${attempt.hung ? 'had still not settled' : 'rejected only'} after ${Math.round(attempt.ms / 1000)} seconds.`, cause: 'waits too long for a server', expected,
    actual: told(attempt), hint: 'The driver looks for a server for 30 s unless you say otherwise: mongoose.connect(uri, { dbName, serverSelectionTimeoutMS: 3000 }).', evidence: attempt.hung ? [] : errorEvidence(attempt),
  });
});

export const disconnects = check('disconnect() leaves no connection', { needs: [connects], scene: 'leaving', deadline: true, timeoutMs: 25_000, lesson: settings }, async (t) => {
  const program = await t.program();
  await program.call('connect');
  await program.call('disconnect');
  const gone = await t.eventually(3000, () => t.tap.openConnections() === 0);
  t.ok(gone, { message: `After disconnect() was done, ${t.tap.openConnections()} connections were still open.`, cause: 'connections stay open', expected: 'no open connection', actual: `${t.tap.openConnections()} open connections`, hint: 'await mongoose.disconnect()' });
});

export const connectsAgain = check('after disconnect(), connect() works again', { needs: [disconnects], scene: 'leaving', timeoutMs: 40_000, lesson: settings }, async (t) => {
  const program = await t.program();
  await program.call('connect');
  await program.call('disconnect');
  const again = await program.attempt('connect');
  const stored = again.ok ? await program.attempt('createPost', fullInput(t)) : again;
  t.ok(stored.ok, {
    message: again.ok ? `After connect(), disconnect(), connect(), a post could not be stored: ${told(stored)}.` : `After connect() and disconnect(), the second connect() failed: ${told(again)}.`,
    cause: 'does not connect a second time', expected: 'it works as the first time did', actual: told(stored), hint: 'Keep nothing of the first connection: what says "I am connected already" has to be forgotten by disconnect().', evidence: errorEvidence(stored),
  });
});

const commandsOfOurs = ['create', 'createIndexes', 'listIndexes', 'insert', 'find', 'update', 'findAndModify'];

/** Starts a copy with this environment and lets it connect. The database it would use is not touched: its commands fail, and are looked at. */
async function where(t: CheckContext, start: StartOptions): Promise<{ databases: string[]; applications: string[] }> {
  t.tap.failCommands({ names: commandsOfOurs }, { code: 8000, message: 'the checker only wanted to see where this goes' });
  const before = t.tap.mark();
  const clients = t.tap.clients().length;
  const program = await t.start(start);
  await program.attempt('connect');
  if (t.tap.commands({ names: commandsOfOurs, since: before }).length === 0) await program.attempt('createPost', fullInput(t));
  const names = t.tap.clients().slice(clients).map(({ metadata }) => String((metadata.application as { name?: unknown } | undefined)?.name ?? ''));
  return { databases: [...new Set(t.tap.commands({ names: commandsOfOurs, since: before }).map(({ database }) => database))], applications: names };
}

const named = (t: CheckContext, name: string): string => `${t.env.MONGO_URI}?appName=${name}`;
const inSettings = { needs: [connects], scene: 'settings', timeoutMs: 40_000, lesson: '02-connecting#settings-live-in-the-environment' };

export const hasDefaults = check('without settings: localhost:27017 and my_node_mongo_db', inSettings, async (t) => {
  for (const [value, what] of [[undefined, 'not set'], ['', 'set, but empty']] as const) {
    const { databases } = await where(t, { env: { MONGO_URI: value, MONGO_DB_NAME: value } });
    const help = { hint: "process.env.MONGO_URI || 'mongodb://localhost:27017/', and process.env.MONGO_DB_NAME || 'my_node_mongo_db'. With ?? in the place of ||, an empty variable would count." };
    t.ok(databases.length > 0, { message: `MONGO_URI and MONGO_DB_NAME were ${what}, and nobody connected to localhost:27017.`, cause: value === undefined ? 'no default URI' : 'an empty variable counts as set', ...help });
    t.equal(databases, ['my_node_mongo_db'], { message: `MONGO_DB_NAME was ${what}, and the database was not my_node_mongo_db.`, cause: value === undefined ? 'another default database' : 'an empty variable counts as set', ...help });
  }
});

export const readsEnvFile = check('reads .env; the real environment wins over it', inSettings, async (t) => {
  const unset = await where(t, { env: { MONGO_URI: undefined, MONGO_DB_NAME: undefined }, files: { '.env': `MONGO_URI=${named(t, 'fromfile')}\nMONGO_DB_NAME=${t.env.MONGO_DB_NAME}\n` }, cwd: 'started-here' });
  const hint = "import 'dotenv/config', or config({ quiet: true }) from dotenv, before process.env is read; without a path it looks into process.cwd(). Modules that are imported run before the lines of the file that imports them.";
  t.ok(unset.applications.includes('fromfile'), { message: 'MONGO_URI was set in the .env of the working directory and nowhere else, and it was not used.', cause: '.env is not read', hint });
  t.equal(unset.databases, [t.env.MONGO_DB_NAME], { message: 'MONGO_DB_NAME was set in the .env of the working directory and nowhere else, and it was not used.', cause: '.env is not read', hint });
  const set = await where(t, { files: { '.env': `MONGO_URI=${named(t, 'beaten')}\nMONGO_DB_NAME=from_the_file\n` } });
  const beaten = 'MONGO_URI and MONGO_DB_NAME were set in the environment, and .env was believed instead.';
  t.ok(!set.applications.includes('beaten') && !set.databases.includes('from_the_file'), { message: beaten, cause: '.env beats the environment', hint: 'dotenv leaves alone what is set, unless you tell it to override.' });
});
