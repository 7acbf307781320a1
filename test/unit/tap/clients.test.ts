import { MongoClient } from 'mongodb';
import { expect, onTestFinished, test } from 'vitest';
import { startEngineKind } from '../../../src/engine/index.ts';
import { createTap, type TapServer } from '../../../src/tap/tap.ts';

async function tap(): Promise<TapServer> {
  const engine = await startEngineKind('embedded', {});
  const made = await createTap({ backend: engine.backend });
  onTestFinished(async () => {
    await made.close();
    await engine.stop();
  });
  return made;
}

async function connected(uri: string): Promise<MongoClient> {
  const client = await new MongoClient(uri, { serverSelectionTimeoutMS: 20_000 }).connect();
  onTestFinished(() => client.close());
  return client;
}

/** After this, every monitor has said its second hello, and no connection that is only idle has. */
const aMoment = (): Promise<void> => new Promise((done) => setTimeout(done, 1200));

test('a client that has only connected is one client, at once and later', async () => {
  const { clients, uri } = bound(await tap());
  await connected(uri);
  expect(clients()).toHaveLength(1);
  await aMoment();
  expect(clients()).toHaveLength(1);
});

test('a client with twenty queries at once is one client', async () => {
  const { clients, uri } = bound(await tap());
  const client = await connected(uri);
  await Promise.all(Array.from({ length: 20 }, () => client.db('a').collection('b').findOne()));
  await aMoment();
  expect(clients()).toHaveLength(1);
});

test('twenty clients made at once are twenty, though none has sent a command', async () => {
  const { clients, uri } = bound(await tap());
  await Promise.all(Array.from({ length: 20 }, () => connected(uri)));
  await aMoment();
  expect(clients()).toHaveLength(20);
});

test('clients that come and go one after the other are counted each', async () => {
  const { clients, uri } = bound(await tap());
  for (let index = 0; index < 3; index++) {
    const client = await connected(uri);
    await client.db('a').collection('b').findOne();
    await client.close();
  }
  expect(clients()).toHaveLength(3);
});

test.each([['hello', 'stream'], ['hello', 'poll'], ['isMaster', 'stream'], ['ismaster', 'poll']] as const)('a program that sends %s itself, its monitor in the mode %s, is one client, at once and later', async (name, serverMonitoringMode) => {
  const { clients, uri } = bound(await tap());
  const client = new MongoClient(uri, { serverSelectionTimeoutMS: 20_000, serverMonitoringMode, heartbeatFrequencyMS: 500 });
  onTestFinished(() => client.close());
  await Promise.all([client.db('admin').command({ [name]: 1 }), client.db('admin').command({ [name]: 1 })]);
  await client.db('admin').command({ [name]: 1 });
  expect(clients()).toHaveLength(1);
  await aMoment();
  expect(clients()).toHaveLength(1);
});

test('asked for the clients since a mark, those before it are left out', async () => {
  const recorder = await tap();
  await connected(`${recorder.uri}?appName=before`);
  const since = recorder.mark();
  await connected(`${recorder.uri}?appName=after`);
  expect(recorder.clients({ since }).map(({ metadata }) => metadata.application)).toEqual([{ name: 'after' }]);
});

function bound(recorder: TapServer): { clients: () => unknown[]; uri: string } {
  return { clients: () => recorder.clients(), uri: recorder.uri };
}
