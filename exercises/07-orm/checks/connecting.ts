import { check, type CheckContext, type StartOptions } from 'mongo-course/checker';
import { errorEvidence, noteInput, onlyThroughTypeOrm, ownedHint, told } from '../stores.ts';

const section = '08-typeorm#data-sources';
const hinted = (hint: string | undefined): { hint?: string } => (hint === undefined ? {} : { hint });

export const connects = check('connect() opens both stores', { lesson: section }, async (t) => {
  const program = await t.program();
  const attempt = await program.attempt('connect');
  if (!attempt.ok) t.fail({ message: `Both stores can be opened, and connect() failed: ${told(attempt)}.`, cause: 'connect() fails', expected: 'it resolves', actual: told(attempt), evidence: errorEvidence(attempt), ...hinted(ownedHint(attempt)) });
  const clients = t.tap.clients();
  t.ok(clients.length > 0, { message: 'connect() was done, and nobody had connected to MONGO_URI.', cause: 'does not connect to MongoDB', hint: "new DataSource({ type: 'mongodb', url: process.env.MONGO_URI, … }), and await its initialize()." });
  onlyThroughTypeOrm(t);
});

export const disconnects = check('disconnect() leaves no connection', { needs: [connects], scene: 'leaving', deadline: true, timeoutMs: 25_000, lesson: section }, async (t) => {
  await t.call('connect');
  await t.call('disconnect');
  const gone = await t.eventually(3000, () => t.tap.openConnections() === 0);
  t.ok(gone, { message: `After disconnect() was done, ${t.tap.openConnections()} connections to MongoDB were still open.`, cause: 'connections stay open', expected: 'no open connection', actual: `${t.tap.openConnections()} open connections`, hint: 'await dataSource.destroy(), of each of them.' });
});

const ours = ['create', 'collMod', 'createIndexes', 'listCollections', 'listIndexes', 'insert', 'find', 'aggregate', 'update', 'findAndModify'];

/** The databases that a copy with this environment would use. They are not touched: its commands fail, and are looked at. */
async function where(t: CheckContext, start: StartOptions): Promise<string[]> {
  t.tap.failCommands({ names: ours }, { code: 8000, message: 'the checker only wanted to see where this goes' });
  const before = t.tap.mark();
  const program = await t.start(start);
  const attempt = await program.attempt('connect');
  if (attempt.ok) await program.attempt('createNote', noteInput(t));
  return [...new Set(t.tap.commands({ names: ours, since: before }).map(({ database }) => database))];
}

const settings = { needs: [connects], scene: 'settings', timeoutMs: 60_000, lesson: '02-connecting#settings-live-in-the-environment' };

export const hasDefaults = check('without settings: localhost:27017 and my_node_mongo_db', settings, async (t) => {
  for (const [value, what] of [[undefined, 'not set'], ['', 'set, but empty']] as const) {
    const databases = await where(t, { env: { MONGO_URI: value, MONGO_DB_NAME: value } });
    const hint = "process.env.MONGO_URI || 'mongodb://localhost:27017/', and process.env.MONGO_DB_NAME || 'my_node_mongo_db'. With ?? in the place of ||, an empty variable would count.";
    t.ok(databases.length > 0, { message: `MONGO_URI and MONGO_DB_NAME were ${what}, and nobody used a database on localhost:27017.`, cause: value === undefined ? 'no default URI' : 'an empty variable counts as set', hint });
    t.equal(databases, ['my_node_mongo_db'], { message: `MONGO_DB_NAME was ${what}, and the database was not my_node_mongo_db.`, cause: value === undefined ? 'another default database' : 'an empty variable counts as set', hint });
  }
});

export const readsEnvFile = check('reads .env; the real environment wins over it', settings, async (t) => {
  const hint = "import 'dotenv/config' as the first import, or config({ quiet: true }) from dotenv before process.env is read. Without a path it looks into process.cwd(), which need not be the folder of your file.";
  const unset = await where(t, { env: { MONGO_DB_NAME: undefined }, files: { '.env': `MONGO_DB_NAME=${t.env.MONGO_DB_NAME}\n` }, cwd: 'started-here' });
  t.equal(unset, [t.env.MONGO_DB_NAME], { message: 'MONGO_DB_NAME was set in the .env of the working directory and nowhere else, and it was not used.', cause: '.env is not read', hint });
  const set = await where(t, { files: { '.env': 'MONGO_DB_NAME=from_the_file\n' } });
  t.equal(set, [t.env.MONGO_DB_NAME], { message: 'MONGO_DB_NAME was set in the environment and, otherwise, in .env, and the environment\'s was not used.', cause: '.env beats the environment', hint: 'dotenv leaves alone what is set, unless you tell it to override.' });
});
