import { check } from 'mongo-course/checker';
import { getClient, noClient } from '../answers.ts';

export const connects = check('getMongoClient() gives a client that works', { lesson: '02-connecting#the-driver-and-its-client' }, async (t) => {
  const program = await t.program();
  const client = await getClient(t, program);
  const mark = t.tap.mark();
  await program.call('ping', client);
  t.ok(t.tap.commands({ names: ['ping'], since: mark }).length > 0, {
    message: 'A ping through the client that getMongoClient() gave did not arrive at the server named by MONGO_URI.',
    cause: 'connects to another server', expected: `a client of ${t.env.MONGO_URI}`, hint: 'Make the client with process.env.MONGO_URI.',
    evidence: t.tap.evidence(t.tap.commands()),
  });
});

export const namesItsDatabase = check('getMongoDatabase() gives the database MONGO_DB_NAME', { needs: [connects], lesson: '02-connecting#settings-live-in-the-environment' }, async (t) => {
  const program = await t.program();
  const { kind } = (await program.call('getMongoDatabase')) as { kind: string };
  t.ok(kind === 'database', {
    message: `getMongoDatabase() resolved to ${kind === 'client' ? 'a client' : kind}, not to a database.`, cause: 'getMongoDatabase gives no database',
    expected: 'a Db', actual: kind, hint: 'client.db(name) is the database; it takes no await and sends nothing.',
  });
  const collection = `c_${t.random.word()}`;
  await program.call('find', collection);
  const [query] = t.tap.queries({ collection });
  t.equal(query?.database, t.env.MONGO_DB_NAME, {
    message: 'What was asked through getMongoDatabase() went to another database than the one MONGO_DB_NAME names.',
    cause: 'another database than MONGO_DB_NAME', hint: 'client.db(process.env.MONGO_DB_NAME). A db() without a name is the one in the URI, or "test".',
    evidence: t.tap.evidence(t.tap.queries()),
  });
});

export const importingConnectsToNothing = check('importing the module connects to nothing', { needs: [connects], scene: 'cold', lesson: '02-connecting#one-client-for-the-whole-process' }, async (t) => {
  await t.program();
  await t.sleep(400);
  const sent = t.tap.commands({ since: 0 });
  t.ok(sent.length === 0 && t.tap.openConnections() === 0, {
    message: 'Only importing mongo.ts already connected to the server. Whoever imports it, a test or a script, would need a database, and a server that is down would stop the program from starting.',
    cause: 'connects on import', expected: 'no connection', actual: `${t.tap.openConnections()} open connections`,
    hint: 'Move new MongoClient(...) and connect() into the function, so that they run at the first call.', evidence: t.tap.evidence(sent.slice(0, 1)),
  });
});

export const oneClientForManyCalls = check('20 calls at once on a cold module share one client', { needs: [connects], scene: 'cold', lesson: '02-connecting#twenty-calls-at-once' }, async (t) => {
  const program = await t.program();
  const { different, kinds } = (await program.call('callsAtOnce', 20)) as { different: number; kinds: string[] };
  const [odd] = kinds.filter((kind) => kind !== 'client');
  if (odd) t.fail({ ...noClient(odd), message: `Of 20 calls at once, some gave ${odd} and no client.` });
  const hint = 'Between "is there a client?" and "now there is one" lies an await, and 20 calls pass the question before the first has an answer. Keep the promise of the client, which is there at once.';
  t.ok(different === 1, {
    message: `20 calls at once, before there was a client, gave ${different} different clients. Each has a pool of its own, and only one of them will ever be closed.`,
    cause: 'a race on the first call makes several clients', expected: '1 client', actual: `${different} clients`, hint,
  });
  // A second client that nobody was given shows by its monitor, which repeats its hello after half a second.
  await t.sleep(1000);
  const clients = t.tap.clients().length;
  t.ok(clients <= 1, {
    message: `All 20 calls gave the same client, but the server saw ${clients} of them: the others were made and forgotten, and stay connected.`,
    cause: 'a race on the first call makes several clients', expected: '1 client', actual: `${clients} clients`, hint,
  });
});

export const waitsForTheServer = check('resolves only after the server has answered', { needs: [connects], scene: 'waiting', lesson: '02-connecting#a-client-is-not-yet-a-connection' }, async (t) => {
  const program = await t.program();
  // Every handshake takes a moment. Nobody can know by then that the server is there.
  t.tap.delayCommands({ names: ['hello', 'isMaster', 'ismaster'] }, 300);
  const attempt = await program.attempt('firstOfTwo');
  const answered = t.tap.commands({ since: 0 }).some((command) => command.reply !== undefined);
  t.ok(answered || !attempt.ok, {
    message: 'getMongoClient() resolved before the server had said a word. Nobody knows yet whether there is a server, and the first query will have to find out.',
    cause: 'does not wait for the server', expected: 'a client of which the server has answered', actual: `resolved after ${attempt.ms} ms, with nothing answered`,
    hint: 'new MongoClient() only remembers where to go. await client.connect() goes there. And a second call that comes while the first is still connecting has to wait as well.',
    evidence: t.tap.evidence(t.tap.commands({ since: 0 }), 4),
  });
  t.ok(attempt.ok, { message: `With a server that takes 0.3 s for each handshake, getMongoClient() failed: ${attempt.error?.message ?? 'it never finished'}`, cause: 'gives up on a slow server' });
});

export const reusesItsClient = check('every call gives the same client', { needs: [connects], lesson: '02-connecting#one-client-for-the-whole-process' }, async (t) => {
  const program = await t.program();
  const { different } = (await program.call('callsInARow')) as { different: number };
  t.ok(different === 1, {
    message: `Three calls of getMongoClient() and three of getMongoDatabase(), one after the other, used ${different} different clients. A client is a pool of connections: make it once, share it everywhere.`,
    cause: 'a new client for each call', expected: '1 client', actual: `${different} clients`, hint: 'Keep what you made in a variable outside of the functions, and let getMongoDatabase() ask getMongoClient().',
  });
  await t.sleep(300);
  const clients = t.tap.clients().length;
  t.ok(clients <= 1, {
    message: `You return one client, but the server sees ${clients} of them.`, cause: 'a new client for each call', expected: '1 client', actual: `${clients} clients`,
    hint: 'Is there a new MongoClient() that runs on every call, and its result is thrown away?',
  });
});
