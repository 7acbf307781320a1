import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { BSON, Int32, Long, UUID, type Collection, type Document, type MongoServerError } from 'mongodb';
import { expect, test, vi } from 'vitest';
import { createEmbedded } from '../../src/engine/embedded/server.ts';
import { startFront } from '../../src/wire/front.ts';
import { command } from './damage.ts';
import { onEngines } from './on-engines.ts';

type Stored = Document & { _id: number };

onEngines('Sessions and transactions', (engine) => {
  const accounts = async (): Promise<Collection<Stored>> => {
    const coll = engine.freshDb().collection<Stored>('accounts');
    await coll.insertMany([{ _id: 1, balance: 100 }, { _id: 2, balance: 0 }]);
    return coll;
  };

  test('hello names the set, its one member and that it can be written to', async () => {
    const hello = await engine.client.db('admin').command({ hello: 1 });
    expect(hello).toMatchObject({ isWritablePrimary: true, secondary: false, hosts: [hello['me']], primary: hello['me'] });
    expect(hello['setName']).toEqual(expect.any(String));
    expect(hello['$clusterTime']).toBeDefined();
  });

  test('the set tells of itself as hello does', async () => {
    const admin = engine.client.db('admin');
    const { setName, me } = await admin.command({ hello: 1 });
    await engine.freshDb().collection('things').insertOne({});
    const status = await admin.admin().replSetGetStatus();
    expect(status).toMatchObject({ set: setName, myState: 1, votingMembersCount: 1, members: [{ _id: 0, name: me, health: 1, state: 1, stateStr: 'PRIMARY', self: true }] });
    expect(status['members'][0].optime).toEqual(status['optimes'].appliedOpTime);
    const { config } = await admin.command({ replSetGetConfig: 1 });
    expect(config).toMatchObject({ _id: setName, version: expect.any(Number), members: [{ _id: 0, host: me, priority: 1, votes: 1, arbiterOnly: false }] });
    await expect(engine.freshDb().command({ replSetGetStatus: 1 })).rejects.toMatchObject({ code: 13 });
  });

  test('every reply says when the last change was', async () => {
    const db = engine.freshDb();
    const before = await db.command({ ping: 1 });
    const written = await db.command({ insert: 'things', documents: [{ _id: 1 }] });
    const read = await db.command({ find: 'things', filter: { _id: 1 } });
    for (const reply of [before, written, read]) expect(reply['$clusterTime'].clusterTime).toEqual(reply['operationTime']);
    expect(written['operationTime'].greaterThan(before['operationTime'])).toBe(true);
    expect(read['operationTime'].greaterThanOrEqual(written['operationTime'])).toBe(true);
    expect(read['cursor'].firstBatch).toEqual([{ _id: 1 }]);
  });

  test('finds, deletes and plans know the time of the last change, as updates and pipelines do', async () => {
    const db = engine.freshDb();
    await db.collection('things').insertMany([{ a: 1 }, { a: 2 }]);
    const filter = { $expr: { $eq: [{ $type: '$$CLUSTER_TIME' }, 'timestamp'] } };
    expect(await db.collection('things').find(filter).toArray()).toHaveLength(2);
    expect(await db.command({ explain: { find: 'things', filter } })).toMatchObject({ ok: 1 });
    expect(await db.collection('things').deleteMany(filter)).toMatchObject({ deletedCount: 2 });
  });

  test('a write that more members shall have than there are is done, and its error has the types that strict drivers want', async () => {
    const db = engine.freshDb();
    const { host = '', port = 0 } = engine.client.options.hosts[0] ?? {};
    const socket = connect(port, host);
    socket.write(command(1, { insert: 'things', documents: [{ _id: 1 }], writeConcern: { w: 3, wtimeout: 20 }, $db: db.databaseName }));
    const [bytes] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    const { writeConcernError } = BSON.deserialize(bytes.subarray(21), { promoteValues: false });
    expect(writeConcernError).toMatchObject({ code: new Int32(100), codeName: 'UnsatisfiableWriteConcern' });
    expect(writeConcernError.errInfo.writeConcern).toEqual({ w: new Int32(3), wtimeout: new Int32(20), provenance: 'clientSupplied' });
    expect(await db.collection('things').countDocuments()).toBe(1);
  });

  test('what a transaction writes is seen by it alone until it commits, then by all', async () => {
    const coll = await accounts();
    const session = engine.client.startSession();
    session.startTransaction();
    await coll.updateOne({ _id: 1 }, { $inc: { balance: -30 } }, { session });
    await coll.updateOne({ _id: 2 }, { $inc: { balance: 30 } }, { session });
    await coll.insertOne({ _id: 3, balance: 5 }, { session });
    expect(await coll.find({}, { session }).sort({ _id: 1 }).toArray()).toEqual([{ _id: 1, balance: 70 }, { _id: 2, balance: 30 }, { _id: 3, balance: 5 }]);
    expect(await coll.find().sort({ _id: 1 }).toArray()).toEqual([{ _id: 1, balance: 100 }, { _id: 2, balance: 0 }]);
    await session.commitTransaction();
    expect(await coll.find().sort({ _id: 1 }).toArray()).toEqual([{ _id: 1, balance: 70 }, { _id: 2, balance: 30 }, { _id: 3, balance: 5 }]);
    await session.endSession();
  });

  test('what an aborted transaction wrote never was, and an error aborts it', async () => {
    const coll = await accounts();
    const session = engine.client.startSession();
    session.startTransaction();
    await coll.deleteMany({}, { session });
    await session.abortTransaction();
    expect(await coll.countDocuments()).toBe(2);
    session.startTransaction();
    await coll.insertOne({ _id: 9 }, { session });
    await expect(coll.insertOne({ _id: 1 }, { session })).rejects.toMatchObject({ code: 11000 });
    await expect(coll.insertOne({ _id: 10 }, { session })).rejects.toMatchObject({ code: 251 });
    await session.abortTransaction();
    expect(await coll.countDocuments()).toBe(2);
    await session.endSession();
  });

  test('it reads the data of its beginning, whatever others do meanwhile', async () => {
    const coll = await accounts();
    const session = engine.client.startSession();
    session.startTransaction({ readConcern: { level: 'snapshot' } });
    expect(await coll.countDocuments({}, { session })).toBe(2);
    await coll.insertOne({ _id: 7, balance: 1 });
    await coll.updateOne({ _id: 2 }, { $set: { balance: 50 } });
    await coll.deleteOne({ _id: 1 });
    expect(await coll.find({}, { session }).toArray()).toEqual([{ _id: 1, balance: 100 }, { _id: 2, balance: 0 }]);
    expect(await coll.find({ balance: { $gte: 0 } }, { session }).sort({ balance: 1 }).toArray()).toEqual([{ _id: 2, balance: 0 }, { _id: 1, balance: 100 }]);
    await session.commitTransaction();
    await session.endSession();
  });

  test('of two that write one document the second is told to try again', async () => {
    const coll = await accounts();
    const [first, second] = [engine.client.startSession(), engine.client.startSession()];
    first.startTransaction();
    second.startTransaction();
    await coll.updateOne({ _id: 1 }, { $inc: { balance: 1 } }, { session: first });
    const error = await coll.updateOne({ _id: 1 }, { $inc: { balance: 1 } }, { session: second }).then(() => undefined, (thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 112 });
    expect((error as { hasErrorLabel(label: string): boolean }).hasErrorLabel('TransientTransactionError')).toBe(true);
    await first.commitTransaction();
    await second.abortTransaction();
    await second.withTransaction(() => coll.updateOne({ _id: 1 }, { $inc: { balance: 1 } }, { session: second }));
    expect(await coll.findOne({ _id: 1 })).toEqual({ _id: 1, balance: 102 });
    await Promise.all([first.endSession(), second.endSession()]);
  });

  test('nor may it insert what another has inserted since it began', async () => {
    const coll = await accounts();
    const session = engine.client.startSession();
    session.startTransaction({ readConcern: { level: 'snapshot' } });
    expect(await coll.countDocuments({}, { session })).toBe(2);
    await coll.insertOne({ _id: 3 });
    await expect(coll.insertOne({ _id: 3 }, { session })).rejects.toMatchObject({ code: 112 });
    await session.abortTransaction();
    await session.endSession();
  });

  test('it does not read what others did meanwhile, however much that is', async () => {
    const coll = await accounts();
    const other = engine.client.db(coll.dbName).collection<Stored>('other');
    await other.insertOne({ _id: -1 });
    const session = engine.client.startSession();
    session.startTransaction({ readConcern: { level: 'snapshot' } });
    expect(await coll.countDocuments({}, { session })).toBe(2);
    await other.insertMany(Array.from({ length: 60_000 }, (_, _id) => ({ _id })));
    // Either it sees the moment of its beginning, or is told that it is gone.
    const seen = await other.countDocuments({}, { session }).catch((error: { code: number }) => `error ${error.code}`);
    expect([1, 'error 246']).toContain(seen);
    await session.abortTransaction();
    await session.endSession();
  });

  test('a write outside waits for the transaction that has written the document', async () => {
    const coll = await accounts();
    const session = engine.client.startSession();
    session.startTransaction();
    await coll.updateOne({ _id: 1 }, { $set: { balance: 1 } }, { session });
    const outside = coll.updateOne({ _id: 1 }, { $inc: { balance: 10 } });
    await session.commitTransaction();
    expect(await outside).toMatchObject({ modifiedCount: 1 });
    expect(await coll.findOne({ _id: 1 })).toEqual({ _id: 1, balance: 11 });
    await session.endSession();
  });

  test.each([['commitTransaction', 11000], ['abortTransaction', undefined]] as const)('an insert outside waits for the transaction that has inserted its _id: %s', async (end, code) => {
    const coll = await accounts();
    const session = engine.client.startSession();
    session.startTransaction();
    await coll.insertMany([{ _id: 3, balance: 1 }, { _id: 6 }], { session });
    const outside = coll.insertOne({ _id: 3, balance: 2 }).then(() => undefined, (error: { code: number }) => error.code);
    const many = coll.insertMany([{ _id: 4 }, { _id: 6 }, { _id: 5 }], { ordered: false }).then(({ insertedCount }) => insertedCount, (error: { insertedCount: number }) => error.insertedCount);
    // What everybody sees is no reason to wait.
    await expect(coll.insertOne({ _id: 1 })).rejects.toMatchObject({ code: 11000 });
    await session[end]();
    expect(await outside).toBe(code);
    expect(await many).toBe(code === undefined ? 3 : 2);
    expect(await coll.findOne({ _id: 3 })).toEqual({ _id: 3, balance: code === undefined ? 2 : 1 });
    await session.endSession();
  });

  test('an upsert outside waits for it too, and then finds what it has inserted', async () => {
    const coll = await accounts();
    const session = engine.client.startSession();
    session.startTransaction();
    await coll.insertOne({ _id: 3, balance: 1 }, { session });
    const outside = coll.updateOne({ _id: 3 }, { $inc: { balance: 10 } }, { upsert: true });
    await session.commitTransaction();
    expect(await outside).toMatchObject({ matchedCount: 1, upsertedCount: 0 });
    expect(await coll.findOne({ _id: 3 })).toEqual({ _id: 3, balance: 11 });
    await session.endSession();
  });

  test('an update outside waits where a transaction has written the key it would have', async () => {
    const coll = await accounts();
    await coll.createIndex({ balance: 1 }, { unique: true });
    const session = engine.client.startSession();
    session.startTransaction();
    await coll.updateOne({ _id: 1 }, { $set: { balance: 7 } }, { session });
    const outside = coll.updateOne({ _id: 2 }, { $set: { balance: 7 } }).then(() => undefined, (error: { code: number }) => error.code);
    await session.commitTransaction();
    expect(await outside).toBe(11000);
    expect(await coll.findOne({ _id: 1 })).toEqual({ _id: 1, balance: 7 });
    await session.endSession();
  });

  test('who waits for a document that no longer matches then takes the next that does', async () => {
    const jobs = engine.freshDb().collection<{ _id: number; state: string }>('jobs');
    await jobs.insertMany([1, 2, 3].map((_id) => ({ _id, state: 'new' })));
    const session = engine.client.startSession();
    session.startTransaction();
    await jobs.updateOne({ _id: 1 }, { $set: { state: 'done' } }, { session });
    const taken = jobs.findOneAndUpdate({ state: 'new' }, { $set: { state: 'taken' } });
    const removed = jobs.findOneAndDelete({ state: 'new' }, { sort: { _id: 1 } });
    await session.commitTransaction();
    expect([(await taken)?._id, (await removed)?._id].toSorted()).toEqual([2, 3]);
    expect(await jobs.countDocuments({ state: 'done' })).toBe(1);
    session.startTransaction();
    await jobs.deleteMany({}, { session });
    const gone = jobs.findOneAndDelete({ state: 'done' });
    await session.commitTransaction();
    expect(await gone).toBeNull();
    await session.endSession();
  });

  test('a collection that a transaction makes comes with its commit, indexes and all', async () => {
    const db = engine.freshDb();
    const session = engine.client.startSession();
    await session.withTransaction(async () => {
      const coll = await db.createCollection('made', { session });
      await coll.createIndex({ n: 1 }, { unique: true, session });
      await coll.insertOne({ n: 1 }, { session });
    });
    expect(await db.collection('made').countDocuments()).toBe(1);
    await expect(db.collection('made').insertOne({ n: 1 })).rejects.toMatchObject({ code: 11000 });
    await session.endSession();
  });

  test('what cannot be in a transaction is 263', async () => {
    const db = engine.freshDb();
    const session = engine.client.startSession();
    session.startTransaction();
    await db.collection('c').findOne({}, { session });
    await expect(db.command({ count: 'c' }, { session })).rejects.toMatchObject({ code: 263 });
    await session.abortTransaction();
    await session.endSession();
  });

  test('a write whose answer was lost is not done twice', async () => {
    const coll = await accounts();
    await engine.client.db('admin').command({ configureFailPoint: 'onPrimaryTransactionalWrite', mode: { times: 1 } });
    await coll.updateOne({ _id: 1 }, { $inc: { balance: 5 } });
    expect(await coll.findOne({ _id: 1 })).toEqual({ _id: 1, balance: 105 });
  });

  test('nor where its connection was lost while it was being done', async () => {
    const db = engine.freshDb();
    const documents = Array.from({ length: 20_000 }, (_, _id) => ({ _id, text: 'x'.repeat(100) }));
    const lsid = { id: new UUID() };
    const bytes = command(7, { insert: 'things', $db: db.databaseName, lsid, txnNumber: new Long(1) }, documents);
    const { host = '', port = 0 } = engine.client.options.hosts[0] ?? {};
    const [first, second] = [connect(port, host), connect(port, host)];
    first.write(bytes);
    while (await db.collection('things').countDocuments() === 0);
    first.destroy();
    second.write(bytes);
    const [reply] = (await once(second, 'data')) as [Buffer];
    second.destroy();
    expect(BSON.deserialize(reply.subarray(21))).toMatchObject({ n: 20_000, ok: 1 });
    expect(await db.collection('things').countDocuments()).toBe(20_000);
  });

  test('a snapshot session reads one moment, in every read', async () => {
    const coll = await accounts();
    const session = engine.client.startSession({ snapshot: true });
    expect(await coll.find({}, { session }).toArray()).toHaveLength(2);
    await coll.insertOne({ _id: 3, balance: 0 });
    expect(await coll.find({}, { session }).toArray()).toHaveLength(2);
    expect(await coll.distinct('_id', {}, { session })).toEqual([1, 2]);
    // Its read concern goes with every batch.
    expect(await coll.find({}, { session, batchSize: 1 }).toArray()).toHaveLength(2);
    expect(await coll.aggregate([{ $match: {} }], { session, batchSize: 1 }).toArray()).toHaveLength(2);
    await session.endSession();
  });

  // A commit that met another's write has done nothing: drivers are told to begin again, not to send the commit again.
  test.for<[number, string]>([[24, 'TransientTransactionError'], [112, 'TransientTransactionError'], [246, 'TransientTransactionError'], [267, 'TransientTransactionError'], [189, 'RetryableWriteError']])('a commit that ends in %i is labelled %s', async ([code, label], context) => {
    const coll = await accounts();
    const admin = engine.client.db('admin');
    const possible = await admin.command({ configureFailPoint: 'failCommand', mode: { times: 2 }, data: { failCommands: ['commitTransaction'], errorCode: code } }).then(() => true, () => false);
    context.skip(!possible, 'the server was not started for tests');
    const session = engine.client.startSession();
    session.startTransaction();
    await coll.insertOne({ _id: 3, balance: 0 }, { session });
    const error = await session.commitTransaction().then(() => undefined, (thrown: unknown) => thrown);
    expect((error as MongoServerError).code).toBe(code);
    expect((error as MongoServerError).hasErrorLabel(label)).toBe(true);
    await admin.command({ configureFailPoint: 'failCommand', mode: 'off' });
    await session.endSession();
  });

  // A driver that was told the same version before knows that the member is as it was, and need not close its connections.
  test('an error of the member itself has the version of the topology with it', async (context) => {
    const coll = await accounts();
    const admin = engine.client.db('admin');
    const { topologyVersion } = await admin.command({ hello: 1 });
    const fails = (data: object): Promise<boolean> => admin.command({ configureFailPoint: 'failCommand', mode: { times: 1 }, data: { failCommands: ['count', 'insert'], ...data } }).then(() => true, () => false);
    context.skip(!(await fails({ errorCode: 10107 })), 'the server was not started for tests');
    await expect(engine.client.db(coll.dbName).command({ count: 'accounts' })).rejects.toMatchObject({ code: 10107, errorResponse: { topologyVersion } });
    const client = await engine.connect({ retryReads: false, heartbeatFrequencyMS: 500 });
    for (const errorCode of [8, 91, 11600]) {
      await fails({ errorCode });
      const other = await client.db(coll.dbName).collection('accounts').estimatedDocumentCount().then(() => undefined, (error: unknown) => error);
      expect((other as MongoServerError).errorResponse).not.toHaveProperty('topologyVersion');
    }
    await fails({ writeConcernError: { code: 189, errmsg: 'stepped down' } });
    const reply = await engine.client.db(coll.dbName).command({ insert: 'accounts', documents: [{ _id: 5 }] }).catch((error: MongoServerError) => error.errorResponse);
    expect(reply).toMatchObject({ writeConcernError: { code: 189 }, topologyVersion });
  });

  test("every batch of a snapshot's cursor says which moment it is of", async () => {
    const db = engine.freshDb();
    await db.collection<{ _id: number }>('things').insertMany([{ _id: 1 }, { _id: 2 }, { _id: 3 }]);
    const first = await db.command({ find: 'things', batchSize: 1, readConcern: { level: 'snapshot' } });
    const next = await db.command({ getMore: first['cursor'].id, collection: 'things', batchSize: 1 }, { promoteLongs: false });
    expect(first['cursor'].atClusterTime).toBeDefined();
    expect(next['cursor'].atClusterTime).toEqual(first['cursor'].atClusterTime);
  });

  test('what a transaction may not do has its code', async () => {
    const db = engine.freshDb();
    await db.createCollection('things');
    await db.createCollection('capped', { capped: true, size: 4096 });
    /** Runs it as the first command of a transaction. */
    const within = async (command: Document, database = db): Promise<unknown> => {
      const session = engine.client.startSession();
      session.startTransaction();
      try {
        return await database.command(command, { session });
      } finally {
        await session.abortTransaction();
        await session.endSession();
      }
    };
    for (const stage of [{ $out: 'other' }, { $merge: { into: 'other' } }, { $unionWith: 'things' }, { $collStats: { count: {} } }, { $indexStats: {} }]) {
      await expect(within({ aggregate: 'things', pipeline: [stage], cursor: {} }), JSON.stringify(stage)).rejects.toMatchObject({ code: 263 });
    }
    for (const command of [{ count: 'things' }, { getParameter: 1, logLevel: 1 }, { hello: 1 }, { buildInfo: 1 }, { insert: 'capped', documents: [{}] }, { createIndexes: 'things', indexes: [{ key: { a: 1 }, name: 'a_1' }] }]) {
      await expect(within(command), JSON.stringify(command)).rejects.toMatchObject({ code: 263 });
    }
    await expect(within({ insert: 'things', documents: [{}] }, engine.client.db('config'))).rejects.toMatchObject({ code: 263 });
    await expect(within({ create: 'things' })).rejects.toMatchObject({ code: 48 });
  });

  test('a write concern that is not configured is told of, and the write is done', async () => {
    const db = engine.freshDb();
    await expect(db.command({ insert: 'things', documents: [{ _id: 1 }], writeConcern: { w: 'nobody' } })).rejects.toMatchObject({ code: 79, result: { n: 1 } });
    expect(await db.collection('things').countDocuments()).toBe(1);
    await expect(db.command({ find: 'things', autocommit: 0 })).rejects.toMatchObject({ code: 14 });
  });
}, { replset: true });

test('nobody waits for a transaction longer than one may be open, though nothing else comes meanwhile', async () => {
  const engine = await createEmbedded({ replset: true });
  const front = await startFront({ backend: engine.backend });
  const [inside, outside] = [connect(front.port, '127.0.0.1'), connect(front.port, '127.0.0.1')];
  const answer = async (socket: Socket, document: object): Promise<Document> => {
    socket.write(command(1, { ...document, $db: 'bank' }));
    const [bytes] = (await once(socket, 'data')) as [Buffer];
    return BSON.deserialize(bytes.subarray(21));
  };
  const update = { update: 'accounts', updates: [{ q: { _id: 1 }, u: { $inc: { balance: 1 } } }] };
  let ahead = 0;
  const now = performance.now.bind(performance);
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => now() + ahead);
  try {
    await answer(inside, { insert: 'accounts', documents: [{ _id: 1, balance: 0 }] });
    expect(await answer(inside, { ...update, lsid: { id: new UUID() }, txnNumber: new Long(1), startTransaction: true, autocommit: false })).toMatchObject({ n: 1 });
    const waiting = answer(outside, update);
    await setTimeout(50);
    ahead = 61_000;
    expect(await Promise.race([waiting, setTimeout(3000)])).toMatchObject({ n: 1, nModified: 1 });
  } finally {
    clock.mockRestore();
    await front.close();
    await engine.stop();
  }
});
