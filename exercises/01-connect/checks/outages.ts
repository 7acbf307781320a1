import { check, type Attempt, type CheckContext } from 'mongo-course/checker';
import { getClient, told, type ClientAnswer } from '../answers.ts';
import { connects } from './connecting.ts';

/** "Within 5 s", with a margin for a busy machine. */
const tooLongMs = 8000;

/** Judges a call that was made while no server answered. */
function judgeFailure(t: CheckContext, name: string, attempt: Attempt, situation: string): void {
  const expected = `${name}() rejects with an Error within 5 s`;
  const actual = told(attempt);
  if (attempt.ok) {
    const { kind } = attempt.value as ClientAnswer;
    const nothing = kind === 'null' || kind === 'undefined';
    t.fail({
      message: nothing
        ? `${situation}, and ${name}() resolved to ${kind}. The reason is lost, and whoever called fails later, with "Cannot read properties of ${kind}".`
        : `${situation}, and ${name}() resolved all the same, as if there were a connection.`,
      cause: nothing ? 'swallows the error and gives null' : 'does not notice that there is no server', expected, actual,
      hint: nothing ? 'Let the error go on: no catch, or a catch that ends with throw error.' : 'await client.connect(): it rejects when no server answers.',
    });
  }
  t.ok(!attempt.hung && attempt.ms <= tooLongMs, {
    message: `${situation}, and ${name}() ${attempt.hung ? 'had still not settled' : 'rejected only'} after ${Math.round(attempt.ms / 1000)} seconds. A visitor would have left long ago.`,
    cause: 'waits too long for a server', expected, actual, hint: 'The driver looks for a server for 30 s unless you say otherwise: new MongoClient(uri, { serverSelectionTimeoutMS: 3000 }).',
  });
  if (attempt.error?.name === 'ProcessEnded') {
    t.fail({ message: `${situation}, and that ended the whole process: ${attempt.error.message}`, cause: 'an error that nothing catches ends the process', expected, actual, hint: 'Is there a promise that nobody awaits, a connect() without await?' });
  }
  t.ok(attempt.error?.isError === true, {
    message: `${situation}, and ${name}() rejected, but with something that is no Error. It has no stack, and nobody who catches it expects that.`,
    cause: 'rejects with something that is no Error', expected, actual, hint: 'throw error, or throw new Error("...", { cause: error }); never throw a text.',
  });
}

async function judgeBoth(t: CheckContext, situation: string): Promise<void> {
  const program = await t.program();
  const [client, database] = await Promise.all([program.attempt('getMongoClient'), program.attempt('getMongoDatabase')]);
  judgeFailure(t, 'getMongoClient', client, situation);
  judgeFailure(t, 'getMongoDatabase', database, situation);
}

const waiting = { needs: [connects], timeoutMs: 25_000, deadline: true };

export const failsWhenRefused = check('rejects soon when the server is down', { ...waiting, scene: 'refused', lesson: '02-connecting#fail-loudly' }, async (t) => {
  await t.tap.down();
  await judgeBoth(t, 'The server refused every connection');
});

export const failsWhenSilent = check('rejects soon when the server accepts but never answers', { ...waiting, scene: 'silent', lesson: '02-connecting#how-long-to-wait' }, async (t) => {
  await t.tap.hang();
  await judgeBoth(t, 'The server accepted connections but never answered');
});

export const recovers = check('connects again once the server is back', { ...waiting, scene: 'recovery', lesson: '02-connecting#fail-loudly' }, async (t) => {
  await t.tap.down();
  const program = await t.program();
  const failed = await program.attempt('getMongoClient');
  await t.tap.up();
  let last: Attempt = failed;
  const works = await t.eventually(4000, async () => {
    last = await program.attempt('getMongoClient');
    if (!last.ok || (last.value as ClientAnswer).kind !== 'client') return false;
    last = await program.attempt('ping', (last.value as ClientAnswer).client);
    return last.ok;
  });
  if (last.error?.name === 'ProcessEnded') t.fail({ message: `While the server was down, the process ended: ${last.error.message}`, cause: 'an error that nothing catches ends the process', hint: 'Is there a promise that nobody awaits?' });
  t.ok(works, {
    message: `The first call failed, as it should: there was no server. Then the server came back, and ${last.ok ? 'there was still no client' : 'the calls went on failing'}. The program would have to be restarted by hand.`,
    cause: 'a failed attempt is kept for ever', expected: 'the next call succeeds', actual: told(last),
    hint: 'If you keep a promise, forget it when it is rejected. A rejected promise stays rejected.',
  });
});

export const keepsItsClient = check('gives the client it has, also while the server is down', { needs: [connects], timeoutMs: 25_000, lesson: '02-connecting#fail-loudly' }, async (t) => {
  const program = await t.program();
  const client = await getClient(t, program);
  await t.tap.down();
  await t.sleep(300);
  const attempt = await program.attempt('isSameClient', client);
  t.ok(attempt.ok && attempt.value === true, {
    message: attempt.ok
      ? 'There was a client, the server went away, and getMongoClient() gave another one. The driver\'s client reconnects by itself; a second one beside it only leaks.'
      : `There was a client, the server went away, and getMongoClient() ${attempt.hung ? 'never settled' : 'rejected'}. Once there is a client, it is simply returned: queries will tell, and the driver reconnects by itself.`,
    cause: 'gives up a client that it has', expected: 'the same client, at once', actual: attempt.ok ? 'another client' : told(attempt),
    hint: 'Ping once, when you make the client, and not at every call.',
  });
});
