import { createServer } from 'node:net';
import { MongoClient } from 'mongodb';
import { startEngine, type LoggingEngine } from 'mongo-course/engine';
import { afterEach, describe, expect, test } from 'vitest';

let server: LoggingEngine;
let client: MongoClient;
afterEach(async () => {
  await client?.close();
  await server?.stop();
});

async function start(options: { replset?: boolean; auth?: { user: string; password: string } } = {}, uri = (plain: string): string => plain): Promise<void> {
  server = await startEngine({ ...options, log: true });
  client = await MongoClient.connect(uri(server.uri), { serverSelectionTimeoutMS: 500 });
}

describe('startEngine with a log', () => {
  test('says what was sent, and from where on', async () => {
    await start();
    const orders = client.db('shop').collection('orders');
    await orders.insertMany([{ paid: true }, { paid: false }]);
    const since = server.log.mark();
    expect(await orders.find({ paid: false }, { projection: { _id: 0 } }).limit(5).toArray()).toEqual([{ paid: false }]);
    expect(server.log.writes().map(({ name, collection, reply }) => [name, collection, reply?.n])).toEqual([['insert', 'orders', 2]]);
    expect(server.log.queries({ since }).map(({ text }) => text)).toEqual(['db.orders.find({ paid: false }, { _id: 0 }).limit(5)']);
    expect(server.log.writes({ since })).toEqual([]);
    expect(server.log.flooded).toBe(false);
    expect(server.log.clients()).toHaveLength(1);
  });

  test('tells a loop of queries by their shape', async () => {
    await start();
    for (const author of ['a', 'b', 'c']) await client.db('blog').collection('posts').findOne({ author });
    expect(new Set(server.log.queries().map(({ shape }) => shape)).size).toBe(1);
  });

  test('makes commands fail, and the server go away and come back', async () => {
    await start();
    const notes = client.db('a').collection('notes');
    server.log.failCommands({ names: ['insert'] }, { code: 50, message: 'too slow' });
    await expect(notes.insertOne({})).rejects.toMatchObject({ code: 50, message: 'too slow' });
    await server.log.up();
    await notes.insertOne({});
    await server.log.down();
    await expect(notes.findOne()).rejects.toThrow(/ECONNREFUSED|closed/);
    await server.log.up();
    expect(await notes.countDocuments()).toBe(1);
  });

  test('takes the options that it takes without', async () => {
    await start({ replset: true, auth: { user: 'root', password: 'secret' } }, (uri) => `${uri.replace('//', '//root:secret@')}?authSource=admin`);
    expect((await client.db('admin').command({ hello: 1 })).setName).toEqual(expect.any(String));
  });

  test('listens where it is told to, or says that it can\'t', async () => {
    const taken = createServer();
    const port = await new Promise<number>((done) => taken.listen(0, '127.0.0.1', () => done((taken.address() as { port: number }).port)));
    await expect(startEngine({ log: true, port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await new Promise((done) => taken.close(done));
    server = await startEngine({ log: true, port });
    expect(server.uri).toBe(`mongodb://127.0.0.1:${port}/`);
    client = await MongoClient.connect(server.uri);
  });

  test('after stop nothing listens', async () => {
    await start();
    const { uri } = server;
    await client.close();
    await server.stop();
    await expect(MongoClient.connect(uri, { serverSelectionTimeoutMS: 300 })).rejects.toThrow(/ECONNREFUSED/);
  });
});
