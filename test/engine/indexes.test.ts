import type { Document } from 'mongodb';
import { expect, test } from 'vitest';
import { onEngines } from './on-engines.ts';

/** The names of the stages of a plan, from the last to the first. */
function stages(plan: Document): string[] {
  const inner = plan['inputStage'] as Document | undefined;
  return [plan['stage'] as string, ...(inner ? stages(inner) : [])];
}

onEngines('Indexes', (engine) => {
  test('a unique index refuses a second document with the value, and lets the first one be changed', async () => {
    const db = engine.freshDb();
    const users = db.collection('users');
    await users.createIndex({ email: 1 }, { unique: true });
    await users.insertMany([{ email: 'a@x' }, { email: 'b@x' }]);
    await expect(users.insertOne({ email: 'a@x' })).rejects.toMatchObject({
      code: 11000, message: `E11000 duplicate key error collection: ${db.databaseName}.users index: email_1 dup key: { email: "a@x" }`,
    });
    await expect(users.updateOne({ email: 'b@x' }, { $set: { email: 'a@x' } })).rejects.toMatchObject({ code: 11000 });
    await users.updateOne({ email: 'a@x' }, { $set: { email: 'c@x' } });
    await users.insertOne({ email: 'a@x' });
  });

  test('a unique index cannot be made over values that repeat', async () => {
    const coll = engine.freshDb().collection('users');
    await coll.insertMany([{ a: 1 }, { a: 1 }]);
    await expect(coll.createIndex({ a: 1 }, { unique: true })).rejects.toMatchObject({ code: 11000 });
    expect(await coll.indexes()).toHaveLength(1);
  });

  test('an index keeps sparse and background as they were given, unique and hidden only where they are true', async () => {
    const coll = engine.freshDb().collection('users');
    const off = { sparse: false, background: false, unique: false, hidden: false };
    await coll.createIndex({ a: 1 }, off);
    await coll.createIndex({ a: 1 });
    await coll.createIndex({ b: 1 }, { background: true, sparse: true });
    expect((await coll.indexes()).slice(1)).toEqual([
      { v: 2, key: { a: 1 }, name: 'a_1', sparse: false, background: false }, { v: 2, key: { b: 1 }, name: 'b_1', sparse: true, background: true },
    ]);
  });

  test('a partial unique index binds only the documents it holds', async () => {
    const coll = engine.freshDb().collection('users');
    await coll.createIndex({ a: 1 }, { unique: true, partialFilterExpression: { active: true } });
    await coll.insertMany([{ a: 1, active: true }, { a: 1, active: false }, { a: 1 }]);
    await expect(coll.insertOne({ a: 1, active: true })).rejects.toMatchObject({ code: 11000 });
  });

  test('explain tells an index scan from a scan of all, and a sort from an index that gives the order', async () => {
    const coll = engine.freshDb().collection('things');
    await coll.insertMany(Array.from({ length: 20 }, (_, n) => ({ n, m: n % 3 })));
    const plan = async (filter: Document, sort?: Document): Promise<string[]> => {
      const cursor = sort ? coll.find(filter).sort(sort as Record<string, 1>) : coll.find(filter);
      return stages((await cursor.explain('queryPlanner'))['queryPlanner'].winningPlan as Document);
    };
    expect(await plan({ n: 3 })).toEqual(['COLLSCAN']);
    expect(await plan({ n: 3 }, { m: 1 })).toEqual(['SORT', 'COLLSCAN']);
    await coll.createIndex({ n: 1 });
    expect(await plan({ n: 3 })).toEqual(['FETCH', 'IXSCAN']);
    expect(await plan({ n: { $gt: 3 } }, { n: -1 })).toEqual(['FETCH', 'IXSCAN']);
  });

  test('a query finds the same with an index as without, whatever the types', async () => {
    const db = engine.freshDb();
    const values = [1, 2.5, '1', 'abc', 'abd', null, true, new Date(0), [1, 2], [], ['abc'], { a: 1 }, [[1]], -3, 0, /abc/, undefined];
    const documents: Document[] = values.map((value, _id) => (value === undefined ? { _id } : { _id, value }));
    for (const name of ['plain', 'indexed', 'descending']) await db.collection<Document>(name).insertMany(documents.map((doc) => ({ ...doc })));
    await db.collection('indexed').createIndex({ value: 1 });
    await db.collection('descending').createIndex({ value: -1 });
    const queries = [
      { value: 1 }, { value: null }, { value: { $gt: 1 } }, { value: { $lte: 2.5 } }, { value: { $in: [1, 'abc', null] } }, { value: [1, 2] }, { value: [] },
      { value: /^ab/ }, { value: { $gte: 'abc', $lt: 'abd' } }, { value: { $ne: 1 } }, { value: { $exists: false } }, { value: { a: 1 } }, { value: true },
      { value: { $lt: 'abd' } }, { value: { $gte: null } }, { value: [1] },
    ];
    for (const query of queries) {
      const ids = async (name: string): Promise<unknown[]> => (await db.collection(name).find(query as Document).sort({ _id: 1 }).toArray()).map(({ _id }) => _id);
      const expected = await ids('plain');
      expect(await ids('indexed'), JSON.stringify(query)).toEqual(expected);
      expect(await ids('descending'), JSON.stringify(query)).toEqual(expected);
    }
    for (const direction of [1, -1] as const) {
      const sorted = async (name: string): Promise<unknown[]> => (await db.collection(name).find().sort({ value: direction, _id: 1 }).toArray()).map(({ _id }) => _id);
      expect(await sorted('indexed')).toEqual(await sorted('plain'));
    }
  });

  test('an index is listed with its options, and can be dropped by name or by fields', async () => {
    const coll = engine.freshDb().collection('things');
    await coll.createIndex({ a: 1, b: -1 }, { sparse: true });
    await coll.createIndex({ c: 1 }, { name: 'mine', expireAfterSeconds: 60 });
    expect(await coll.indexes()).toEqual([
      { v: 2, key: { _id: 1 }, name: '_id_' },
      { v: 2, key: { a: 1, b: -1 }, name: 'a_1_b_-1', sparse: true },
      { v: 2, key: { c: 1 }, name: 'mine', expireAfterSeconds: 60 },
    ]);
    await coll.dropIndex('mine');
    await expect(coll.dropIndex('mine')).rejects.toMatchObject({ code: 27 });
    await expect(coll.dropIndex('_id_')).rejects.toMatchObject({ code: 72 });
  });

  test('two arrays in one compound index are refused', async () => {
    const coll = engine.freshDb().collection('things');
    await coll.createIndex({ a: 1, b: 1 });
    await expect(coll.insertOne({ a: [1], b: [2] })).rejects.toMatchObject({ code: 171 });
    await coll.insertOne({ a: [1, 2], b: 3 });
    expect(await coll.countDocuments({ a: 2, b: 3 })).toBe(1);
  });

  test('a hint to an index that is not there is an error', async () => {
    const coll = engine.freshDb().collection('things');
    await coll.insertOne({ a: 1 });
    await expect(coll.find({}).hint('nowhere').toArray()).rejects.toMatchObject({ code: 2 });
  });

  test('documents go when their time is over, as soon as the server is told to look', async () => {
    const admin = engine.client.db('admin');
    const coll = engine.freshDb().collection('sessions');
    await coll.createIndex({ until: 1 }, { expireAfterSeconds: 0 });
    await coll.insertMany([{ until: new Date(0) }, { until: new Date(Date.now() + 3_600_000) }]);
    await expect(admin.command({ setParameter: 1, ttlMonitorSleepSecs: 0 })).rejects.toMatchObject({ code: 2 });
    const { was } = await admin.command({ setParameter: 1, ttlMonitorSleepSecs: 1 });
    expect(await admin.command({ getParameter: 1, ttlMonitorSleepSecs: 1 })).toMatchObject({ ttlMonitorSleepSecs: 1 });
    await expect.poll(() => coll.countDocuments(), { timeout: 20_000, interval: 100 }).toBe(1);

    expect(await admin.command({ setParameter: 1, ttlMonitorEnabled: false })).toMatchObject({ was: true });
    await coll.insertOne({ until: new Date(0) });
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(await coll.countDocuments()).toBe(2);
    await admin.command({ setParameter: 1, ttlMonitorEnabled: true });
    await admin.command({ setParameter: 1, ttlMonitorSleepSecs: was });
  }, 30_000);

  test('several fields of one array are indexed and sorted by item by item, two arrays are parallel', async () => {
    const coll = engine.freshDb().collection<{ _id: number; [field: string]: unknown }>('things');
    await coll.createIndex({ 'a.x': 1, 'a.y': -1 });
    await coll.insertMany([
      { _id: 1, a: [{ x: 1, y: 1 }, { x: 2, y: 9 }] }, { _id: 2, a: [{ x: 1, y: 5 }] }, { _id: 3, a: { x: 1, y: 3 } }, { _id: 4, a: [{ y: 4 }, { x: 1, y: 8 }] },
    ]);
    const order = { 'a.x': 1, 'a.y': -1 } as const;
    const byIndex = await coll.find({ 'a.x': { $exists: true } }).sort(order).hint('a.x_1_a.y_-1').toArray();
    expect(byIndex.map(({ _id }) => _id)).toEqual([4, 2, 3, 1]);
    expect((await coll.find().sort(order).hint({ $natural: 1 }).toArray()).map(({ _id }) => _id)).toEqual([4, 2, 3, 1]);
    expect((await coll.aggregate([{ $set: { n: 1 } }, { $sort: order }]).toArray()).map(({ _id }) => _id)).toEqual([4, 2, 3, 1]);
    expect(await coll.find({ a: { $elemMatch: { x: 2, y: 9 } } }).toArray()).toHaveLength(1);
    await coll.insertOne({ _id: 5, a: [1], b: [1] });
    await expect(coll.find().sort({ a: 1, b: 1 }).toArray()).rejects.toMatchObject({ code: 2 });
    await expect(coll.createIndex({ a: 1, b: 1 })).rejects.toMatchObject({ code: 171 });
  });

  test('nothing at a place in an array may be a field of that name, which an index of the place does not know', async () => {
    const coll = engine.freshDb().collection<{ _id: number; [field: string]: unknown }>('things');
    await coll.insertMany([{ _id: 1, a: [1, { x: 1 }] }, { _id: 2, a: [1, 2] }, { _id: 3, a: [null] }, { _id: 4 }]);
    const found = async (filter: Document): Promise<number[]> => (await coll.find(filter).sort({ _id: 1 }).toArray()).map(({ _id }) => _id);
    const both = async (): Promise<number[][]> => [await found({ 'a.0': null }), await found({ 'a.0': { $in: [null, 7] } }), await found({ 'a.0': 1 })];
    const without = await both();
    expect(without).toEqual([[1, 3, 4], [1, 3, 4], [1, 2]]);
    await coll.createIndex({ 'a.0': 1 });
    expect(await both()).toEqual(without);
  });
});
