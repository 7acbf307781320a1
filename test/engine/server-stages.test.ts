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
});
