import { check, type CheckContext, type Program, type StartOptions } from 'mongo-course/checker';
import { applicationNames, told, uriNamed } from '../answers.ts';
import { connects } from './connecting.ts';

const section = '02-connecting#settings-live-in-the-environment';
const options = { needs: [connects], scene: 'settings', lesson: section };

/** Starts a copy with this environment, sends one query through getMongoDatabase(), and tells where it went. */
async function where(t: CheckContext, start: StartOptions, situation: string, hint: string, before?: (program: Program) => Promise<unknown>): Promise<{ database: string; applications: string[] }> {
  const since = t.tap.mark();
  const program = await t.start(start);
  await before?.(program);
  const collection = `c_${t.random.word()}`;
  const attempt = await program.attempt('find', collection);
  if (!attempt.ok) {
    t.fail({ message: `${situation}, and no query could be made: ${attempt.error?.message ?? 'the call never finished'}`, cause: 'does not connect with these settings', actual: told(attempt), hint, evidence: attempt.error?.stack ? [{ kind: 'error', text: attempt.error.stack, untrusted: true }] : [] });
  }
  const [query] = t.tap.queries({ collection });
  if (!query) return t.fail({ message: `${situation}, and the query went to some other server.`, cause: 'connects to another server' });
  return { database: query.database, applications: applicationNames(t, since) };
}

/** Whether a client can have been made from the URI of this name. One with a name of its own in its options tells nothing. */
function uses(applications: readonly string[], name: string, other?: string): boolean {
  return applications.includes(name) || applications.some((one) => one !== '' && one !== other);
}

export const hasDefaults = check('without settings: localhost:27017 and my_node_mongo_db', options, async (t) => {
  const { database } = await where(t, { env: { MONGO_URI: undefined, MONGO_DB_NAME: undefined } }, 'Neither MONGO_URI nor MONGO_DB_NAME was set', "process.env.MONGO_URI || 'mongodb://localhost:27017/'");
  t.equal(database, 'my_node_mongo_db', { message: 'MONGO_DB_NAME was not set, and the query went to another database than my_node_mongo_db.', cause: 'another default database' });
});

export const emptyMeansUnset = check('an empty setting counts as none', options, async (t) => {
  const hint = 'process.env.MONGO_DB_NAME ?? "..." keeps an empty text; || does not.';
  const { database } = await where(t, { env: { MONGO_URI: '', MONGO_DB_NAME: '' } }, 'MONGO_URI and MONGO_DB_NAME were set, but empty', hint);
  t.equal(database, 'my_node_mongo_db', {
    message: 'MONGO_DB_NAME was set but empty, and the query did not go to my_node_mongo_db.', cause: 'an empty variable counts as set', hint,
  });
});

export const readsSettingsLate = check('reads its settings when it makes a client', options, async (t) => {
  const early = { MONGO_URI: uriNamed(t, 'early'), MONGO_DB_NAME: 'read_too_early' };
  const late = { MONGO_URI: uriNamed(t, 'late'), MONGO_DB_NAME: t.env.MONGO_DB_NAME };
  const hint = 'Read process.env inside the function that makes the client, not at the top of the file. A test, or code that loads a configuration first, can then still decide.';
  const { database, applications } = await where(t, { env: early }, 'The environment changed after the import and before the first call', hint, (program) => program.call('setEnvironment', late));
  t.equal(database, t.env.MONGO_DB_NAME, { message: 'MONGO_DB_NAME was changed after the import and before the first call, and the old value was used.', cause: 'reads the environment on import', hint });
  t.ok(uses(applications, 'late', 'early'), { message: 'MONGO_URI was changed after the import and before the first call, and the old value was used.', cause: 'reads the environment on import', hint });
});

export const readsEnvFile = check('reads .env in the working directory', options, async (t) => {
  const files = { '.env': `MONGO_URI=${uriNamed(t, 'fromfile')}\nMONGO_DB_NAME=${t.env.MONGO_DB_NAME}\n` };
  const hint = "import { config } from 'dotenv', and config({ quiet: true }) before you read process.env. Without a path it looks into process.cwd(), which need not be the folder of your file.";
  const { database, applications } = await where(t, { env: { MONGO_URI: undefined, MONGO_DB_NAME: undefined }, files, cwd: 'started-here' }, 'MONGO_URI and MONGO_DB_NAME were only in the .env of the working directory', hint);
  t.ok(uses(applications, 'fromfile'), { message: 'MONGO_URI was set in the .env of the working directory and nowhere else, and it was not used.', cause: '.env is not read', expected: 'a client of the URI in .env', actual: 'a client of the default URI', hint });
  t.equal(database, t.env.MONGO_DB_NAME, { message: 'MONGO_DB_NAME was set in the .env of the working directory and nowhere else, and it was not used.', cause: '.env is not read', hint });
});

export const environmentWins = check('the real environment wins over .env', options, async (t) => {
  const files = { '.env': `MONGO_URI=${uriNamed(t, 'fromfile')}\nMONGO_DB_NAME=from_the_file\n` };
  const hint = 'dotenv leaves alone what is set, unless you tell it to override. On a server, the hoster sets the environment; a forgotten .env must not beat it.';
  const { database, applications } = await where(t, { files }, 'MONGO_URI and MONGO_DB_NAME were set in the environment and, otherwise, in .env', hint);
  t.equal(database, t.env.MONGO_DB_NAME, { message: 'MONGO_DB_NAME was set in the environment, and .env was believed instead.', cause: '.env beats the environment', hint });
  t.ok(!applications.includes('fromfile'), { message: 'MONGO_URI was set in the environment, and .env was believed instead.', cause: '.env beats the environment', hint });
});

const withPassword = /mongodb(?:\+srv)?:\/\/[^\s:@/'"`]*:([^\s@/'"`]+)@/g;
/** `<password>`, `${password}`, `***`, `PASSWORD`, `your_password`: nobody gets in with these. */
const placeholder = /[<>{}$*]|^\.+$|^[xX]+$|^[A-Z_]+$|^your_/;

export const noCredentials = check('no password is in the source', { needs: [connects], lesson: '02-connecting#atlas-tls-and-secrets' }, async (t) => {
  for (const { path, text } of await t.sources()) {
    for (const match of text.matchAll(withPassword)) {
      if (placeholder.test(match[1] as string)) continue;
      const line = text.slice(0, match.index).split('\n').length;
      t.fail({
        message: `${path} holds a URI with a user and a password. Source code is copied, sent and published; whoever reads it can read your data.`, cause: 'a password in the source',
        expected: 'credentials come from the environment', hint: 'Put the URI into .env, which stays out of git, and change the password: it has been seen. In a comment, write <user>:<password>.',
        evidence: [{ kind: 'source', text: 'a URI with a user and a password', at: `${path}:${line}` }],
      });
    }
  }
});
