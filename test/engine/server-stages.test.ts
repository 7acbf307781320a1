import { expect, test } from 'vitest';
import { onEngines } from './on-engines.ts';

onEngines('Stages that tell of the server', (engine) => {
  test('$collStats counts documents and sizes, and needs a collection that is there', async () => {
    const coll = engine.freshDb().collection('things');
    await coll.insertMany([{ a: 1 }, { a: 2 }]);
    const [stats] = await coll.aggregate([{ $collStats: { count: {}, storageStats: {} } }]).toArray();
    expect(stats).toMatchObject({ ns: coll.namespace, count: 2, storageStats: { count: 2, nindexes: 1 } });
    await expect(engine.freshDb().collection('none').aggregate([{ $collStats: { count: {} } }]).toArray()).rejects.toMatchObject({ code: 26 });
  });

  test('$indexStats counts how often each index was used', async () => {
    const coll = engine.freshDb().collection('things');
    await coll.insertMany([{ a: 1 }, { a: 2 }]);
    await coll.createIndex({ a: 1 });
    const uses = async (): Promise<unknown> => (await coll.aggregate([{ $indexStats: {} }, { $match: { name: 'a_1' } }]).toArray())[0]?.['accesses'].ops as unknown;
    expect(await uses()).toBe(0);
    await coll.find({ a: 1 }).toArray();
    await coll.find({ a: { $gt: 1 } }).toArray();
    expect(await uses()).toBe(2);
  });

  test('they come first, and not within other pipelines', async () => {
    const coll = engine.freshDb().collection('things');
    await coll.insertOne({ a: 1 });
    await expect(coll.aggregate([{ $match: {} }, { $collStats: { count: {} } }]).toArray()).rejects.toMatchObject({ code: 40602 });
    await expect(coll.aggregate([{ $facet: { a: [{ $indexStats: {} }] } }]).toArray()).rejects.toMatchObject({ code: 40600 });
  });

  test('a pipeline has 1000 stages at most', async () => {
    const coll = engine.freshDb().collection('things');
    await expect(coll.aggregate(Array.from({ length: 1001 }, () => ({ $match: {} }))).toArray()).rejects.toMatchObject({ code: 7749501 });
  });

  test('$collStats counts what was done with a collection, and scans of all of it', async () => {
    const coll = engine.freshDb().collection('used');
    await coll.insertOne({ a: 1 });
    await coll.find({ a: 1 }).toArray();
    const [stats] = await coll.aggregate([{ $collStats: { latencyStats: { histograms: true }, queryExecStats: {} } }]).toArray();
    expect(Number(stats?.['latencyStats'].writes.ops)).toBeGreaterThanOrEqual(1);
    expect(Number(stats?.['latencyStats'].reads.ops)).toBeGreaterThanOrEqual(1);
    expect(stats?.['latencyStats'].writes.histogram.length).toBeGreaterThanOrEqual(1);
    expect(Number(stats?.['queryExecStats'].collectionScans.total)).toBeGreaterThanOrEqual(1);
    await expect(coll.aggregate([{ $collStats: { count: { a: 1 } } }]).toArray()).rejects.toMatchObject({ code: 31170 });
  });

  test('what was counted of a collection goes with it', async () => {
    const db = engine.freshDb();
    const writes = async (): Promise<number> => {
      const [stats] = await db.collection('used').aggregate([{ $collStats: { latencyStats: {} } }]).toArray();
      return Number(stats?.['latencyStats'].writes.ops);
    };
    await db.collection('used').insertOne({ a: 1 });
    expect(await writes()).toBe(1);
    await db.collection('used').drop();
    await db.createCollection('used');
    expect(await writes()).toBe(0);
  });

  test('what tells of the server reads no data: its read concern is local', async () => {
    const admin = engine.client.db('admin');
    await expect(admin.aggregate([{ $currentOp: {} }], { readConcern: { level: 'majority' } }).toArray()).rejects.toMatchObject({ code: 72 });
    await expect(admin.aggregate([{ $currentOp: { allUsers: 1 } }]).toArray()).rejects.toMatchObject({ code: 14 });
    await expect(engine.freshDb().collection('one').aggregate([{ $listSessions: {} }]).toArray()).rejects.toMatchObject({ code: 73 });
  });

  test('an error in a pipeline is one though it is only explained', async () => {
    await expect(engine.freshDb().collection('one').aggregate([{ $project: { x: { $divide: [1, 0] } } }]).explain()).rejects.toMatchObject({ code: 2 });
  });
});
