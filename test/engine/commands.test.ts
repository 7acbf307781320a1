import { BSON, MongoClient } from 'mongodb';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { encodeMsg, Framer } from '../../src/wire/message.ts';
import { onEngines } from './on-engines.ts';

onEngines('Commands', (engine) => {
  test('an unknown command is 59, an unknown field 40415, a wrong type 14, a missing field 40414', async () => {
    const db = engine.freshDb();
    await expect(db.command({ fly: 1 })).rejects.toMatchObject({ code: 59, codeName: 'CommandNotFound', message: "no such command: 'fly'" });
    await expect(db.command({ find: 'c', foo: 1 })).rejects.toMatchObject({ code: 40415, message: "BSON field 'find.foo' is an unknown field." });
    await expect(db.command({ find: 'c', limit: 'x' })).rejects.toMatchObject({
      code: 14, message: "BSON field 'find.limit' is the wrong type 'string', expected types '[long, int, decimal, double]'",
    });
    await expect(db.command({ insert: 'c' })).rejects.toMatchObject({ code: 40414, message: "BSON field 'insert.documents' is missing but a required field" });
  });

  test('a namespace that cannot be is 73', async () => {
    await expect(engine.freshDb().command({ find: '' })).rejects.toMatchObject({ code: 73 });
    await expect(engine.freshDb().collection('a$b').insertOne({})).rejects.toMatchObject({ code: 73 });
  });

  test('hello announces a standalone server of today', async () => {
    const hello = await engine.client.db('admin').command({ hello: 1 });
    expect(hello).toMatchObject({ isWritablePrimary: true, maxWireVersion: 27, maxBsonObjectSize: 16777216, logicalSessionTimeoutMinutes: 30, ok: 1 });
  });

  // https://github.com/mongodb/specifications/blob/master/source/message/OP_MSG.md#exhaustallowed
  test('each answer to one awaited hello answers the one before it', async () => {
    const { topologyVersion } = await engine.client.db('admin').command({ hello: 1 });
    const socket = connect(Number(new URL(engine.uri).port), new URL(engine.uri).hostname);
    const framer = new Framer();
    const replies: Buffer[] = [];
    socket.on('data', (chunk) => replies.push(...framer.push(chunk).map(({ bytes }) => bytes)));
    const asked = encodeMsg(BSON.serialize({ hello: 1, topologyVersion, maxAwaitTimeMS: 50, $db: 'admin' }), { exhaustAllowed: true });
    socket.write(asked);
    await expect.poll(() => replies.length).toBeGreaterThan(2);
    socket.destroy();
    const [first, second, third] = replies as [Buffer, Buffer, Buffer];
    expect([first, second, third].map((reply) => reply.readUInt32LE(16))).toEqual([2, 2, 2]);
    expect([first, second, third].map((reply) => reply.readInt32LE(8))).toEqual([asked, first, second].map((message) => message.readInt32LE(4)));
  });

  test('who looks after a server is answered again and again', async () => {
    const client = new MongoClient(engine.uri, { heartbeatFrequencyMS: 500 });
    const beats: string[] = [];
    client.on('serverHeartbeatSucceeded', () => beats.push('succeeded'));
    client.on('serverHeartbeatFailed', ({ failure }) => beats.push(failure.message));
    await client.connect();
    await expect.poll(() => beats.length, { timeout: 10_000 }).toBeGreaterThan(4);
    await client.close();
    expect(new Set(beats)).toEqual(new Set(['succeeded']));
  });

  test('there is always something to write out', async () => {
    expect(await engine.client.db('admin').command({ fsync: 1 })).toMatchObject({ ok: 1 });
    await expect(engine.freshDb().command({ fsync: 1 })).rejects.toMatchObject({ code: 13 });
  });

  test('only API version 1 is taken', async () => {
    const admin = engine.client.db('admin');
    expect(await admin.command({ ping: 1, apiVersion: '1' })).toMatchObject({ ok: 1 });
    await expect(admin.command({ ping: 1, apiVersion: '2' })).rejects.toMatchObject({ code: 322 });
    await expect(admin.command({ buildInfo: 1, apiVersion: '1', apiStrict: true })).rejects.toMatchObject({ code: 323 });
  });

  test('a standalone knows no transaction numbers', async () => {
    const session = engine.client.startSession();
    session.startTransaction();
    await expect(engine.freshDb().collection('c').insertOne({}, { session })).rejects.toMatchObject({ originalError: { code: 20 } });
    await session.endSession();
  });

  test('nor of a replica set', async () => {
    for (const name of ['replSetGetStatus', 'replSetGetConfig']) {
      await expect(engine.client.db('admin').command({ [name]: 1 })).rejects.toMatchObject({ code: 76, codeName: 'NoReplicationEnabled' });
    }
  });

  test('collections and databases come with their first document and go with drop', async () => {
    const db = engine.freshDb();
    await db.collection('one').insertOne({});
    await db.createCollection('two');
    expect((await db.listCollections().toArray()).map(({ name }) => name as string).sort()).toEqual(['one', 'two']);
    expect((await engine.client.db('admin').admin().listDatabases()).databases.map(({ name }) => name)).toContain(db.databaseName);
    await db.collection('one').rename('three');
    expect(await db.collection('two').drop()).toBe(true);
    expect((await db.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name)).toEqual(['three']);
    await db.dropDatabase();
    expect(await db.listCollections().toArray()).toEqual([]);
  });

  test('a validator refuses what does not match, with the rules that failed', async () => {
    const db = engine.freshDb();
    await db.createCollection('people', { validator: { $jsonSchema: { required: ['name'], properties: { age: { bsonType: 'int', minimum: 0 } } } } });
    const people = db.collection('people');
    await people.insertOne({ name: 'Ada', age: 36 });
    await expect(people.insertOne({ age: 36 })).rejects.toMatchObject({ code: 121, message: 'Document failed validation' });
    await expect(people.updateOne({ name: 'Ada' }, { $set: { age: -1 } })).rejects.toMatchObject({
      code: 121, errInfo: { details: { operatorName: '$jsonSchema', schemaRulesNotSatisfied: [{ operatorName: 'properties' }] } },
    });
    await people.insertOne({ age: 36 }, { bypassDocumentValidation: true });
  });

  test('a view shows a pipeline over a collection, and takes no writes', async () => {
    const db = engine.freshDb();
    await db.collection<{ _id: number; n: number }>('numbers').insertMany([{ _id: 1, n: 1 }, { _id: 2, n: 2 }, { _id: 3, n: 3 }]);
    await db.createCollection('large', { viewOn: 'numbers', pipeline: [{ $match: { n: { $gt: 1 } } }] });
    const large = db.collection('large');
    expect(await large.find({ n: { $lt: 3 } }).toArray()).toEqual([{ _id: 2, n: 2 }]);
    expect(await large.countDocuments()).toBe(2);
    expect(await large.distinct('n')).toEqual([2, 3]);
    await expect(large.insertOne({})).rejects.toMatchObject({ code: 166 });
  });
});
