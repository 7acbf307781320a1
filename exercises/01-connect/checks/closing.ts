import { check, type Attempt, type CheckContext, type Program } from 'mongo-course/checker';
import { getClient, told } from '../answers.ts';
import { connects } from './connecting.ts';

const section = '02-connecting#closing';

/** Fails the check where closing ended the process, whatever the situation was. */
function judgeEnd(t: CheckContext, program: Program, attempt: Attempt): void {
  if (attempt.error?.name !== 'ProcessEnded') return;
  const crashed = /crashed/.test(attempt.error.message);
  t.fail({
    message: crashed
      ? `During closeMongoClient() the process crashed, by an error that nothing caught. ${attempt.error.message}`
      : 'closeMongoClient() ended the whole process. Closing ends the connection to MongoDB; whether the program ends is for the program to say.',
    cause: crashed ? 'an error that nothing catches ends the process' : 'closing ends the process', expected: 'the process goes on',
    hint: crashed ? 'Is there a promise that nobody awaits, a connect() without await?' : 'No process.exit() in closeMongoClient(): await client.close() is enough.',
    evidence: program.outputEvidence(),
  });
}

/** One closeMongoClient(), which has to go well. */
async function closeOrFail(t: CheckContext, program: Program): Promise<void> {
  const attempt = await program.attempt('closeMongoClient');
  judgeEnd(t, program, attempt);
  t.ok(attempt.ok, { message: `closeMongoClient() ${attempt.hung ? 'never finished' : `failed: ${attempt.error?.message}`}.`, cause: 'closing fails', expected: 'the client is closed', actual: told(attempt) });
}

export const closesConnections = check('closeMongoClient() leaves no connection', { needs: [connects], deadline: true, lesson: section }, async (t) => {
  const program = await t.program();
  await getClient(t, program);
  await program.call('find', 'anything');
  await closeOrFail(t, program);
  const gone = await t.eventually(3000, () => t.tap.openConnections() === 0);
  t.ok(gone, {
    message: `After closeMongoClient() was done, ${t.tap.openConnections()} connections were still open.`, cause: 'connections stay open after closing',
    expected: 'no open connection', actual: `${t.tap.openConnections()} open connections`, hint: 'await client.close(). If you made more than one client, the others stay.',
  });
});

export const closesTwice = check('closing twice does no harm', { needs: [connects], lesson: section }, async (t) => {
  const program = await t.program();
  await getClient(t, program);
  await closeOrFail(t, program);
  const again = await program.attempt('closeMongoClient');
  judgeEnd(t, program, again);
  t.ok(again.ok, {
    message: `The second closeMongoClient() in a row failed: ${again.error?.message ?? 'it never finished'}. Tests and signal handlers do that all the time.`,
    cause: 'closing twice fails', expected: 'nothing happens', actual: told(again), hint: 'Forget the client when you close it, and do nothing when there is none.',
  });
});

export const closesWithoutClient = check('closing before there was a client does no harm', { needs: [connects], scene: 'ending', timeoutMs: 25_000, lesson: section }, async (t) => {
  const program = await t.start();
  // Whoever connects in order to close is found out by a server that is down.
  await t.tap.down();
  const attempt = await program.attempt('closeMongoClient');
  judgeEnd(t, program, attempt);
  t.ok(attempt.ok, {
    message: `closeMongoClient() was called before there was a client, with the server down, and ${attempt.hung ? 'never finished' : `failed: ${attempt.error?.message}`}.`,
    cause: 'closing without a client fails', expected: 'nothing happens', actual: told(attempt), hint: 'client?.close() does nothing when client is undefined. And do not call getMongoClient() in order to close: that would connect.',
  });
});

export const worksAgainAfterClosing = check('after closing, the next call gives a client that works', { needs: [connects], lesson: section }, async (t) => {
  const program = await t.program();
  await getClient(t, program);
  await closeOrFail(t, program);
  const client = await getClient(t, program);
  const ping = await program.attempt('ping', client);
  t.ok(ping.ok, {
    message: `After closeMongoClient(), getMongoClient() gave a client that does not work: ${ping.error?.message ?? 'its ping never finished'}`,
    cause: 'a closed client is given out again', expected: 'a fresh client', actual: told(ping), hint: 'Closing has to forget the client too, so that the next call makes a new one.',
  });
});

export const programEnds = check('a program that closes its client ends by itself', { needs: [connects], scene: 'ending', deadline: true, lesson: section }, async (t) => {
  const program = await t.start();
  await getClient(t, program);
  await closeOrFail(t, program);
  program.release();
  const exit = await program.exited(4000);
  const hint = 'Something still holds the process: an open connection, a timer (setInterval), a server. Find it and end it in closeMongoClient(); process.exit() only hides it.';
  if (!exit) return t.fail({ message: 'The program connected and awaited closeMongoClient(). Then there was nothing left to do, but it went on running.', cause: 'the program does not end', expected: 'ends within 2 s with exit code 0', actual: 'still running', hint });
  t.ok(exit.code === 0, { message: `The program ended, but with ${exit.code === null ? `the signal ${exit.signal}` : `exit code ${exit.code}`}.`, cause: 'ends with an error', expected: 'exit code 0', actual: exit.code ?? exit.signal, hint: 'An error that nothing caught ends a program with 1. Is there a promise that nobody awaits, a connect() without await?', evidence: program.outputEvidence() });
});

export const closesOnSigterm = check('on SIGTERM it closes its client and ends', { needs: [connects], scene: 'ending', bonus: true, deadline: true, exceptOn: ['win32'], lesson: '02-connecting#when-the-process-has-to-end' }, async (t) => {
  const program = await t.start();
  // A session was used, so a client that is closed properly says goodbye to the server.
  await program.call('find', 'anything');
  program.release();
  program.kill('SIGTERM');
  const exit = await program.exited(4000);
  const expected = 'closes its client, then ends within 2 s with exit code 0';
  if (!exit) return t.fail({ message: 'The process got a SIGTERM and went on running. A hoster waits for some seconds and then kills it.', cause: 'SIGTERM does not end the process', expected, actual: 'still running', hint: 'With a handler of your own, Node.js no longer ends by itself: close, then process.exit(0), or leave nothing running.' });
  t.ok(exit.signal === null, { message: 'The SIGTERM ended the process at once: there is no handler for it, so nothing was closed.', cause: 'no handler for SIGTERM', expected, actual: `ended by ${exit.signal}`, hint: "process.once('SIGTERM', ...)" });
  t.ok(exit.code === 0, { message: `On SIGTERM the process ended with exit code ${exit.code}. A process that did as it was told ends with 0.`, cause: 'another exit code after SIGTERM', expected, actual: `exit code ${exit.code}`, evidence: program.outputEvidence() });
  t.ok(t.tap.commands({ names: ['endSessions'] }).length > 0, {
    message: 'On SIGTERM the process ended without closing its client: the server was not told, and keeps the session for half an hour.', cause: 'SIGTERM ends without closing',
    expected, actual: 'ended, and the client was never closed', hint: 'Await closeMongoClient() before process.exit(0).', evidence: t.tap.evidence(t.tap.commands().slice(-3)),
  });
});
