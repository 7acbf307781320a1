import type { Document } from 'mongodb';
import { expect, test } from 'vitest';
import { onEngines } from './on-engines.ts';

type Stored = Document & { _id: number };

const documents: Stored[] = [
  { _id: 1, name: 'Ada', tags: ['a', 'b'], address: { city: 'Bern', zip: 3000 } },
  { _id: 2, name: 'Ben', tags: [], address: { city: 'Basel' } },
  { _id: 3, name: null, parts: [{ n: 1 }, { n: 5 }] },
  { _id: 4, parts: [[1, 2], { n: 2 }], address: {} },
  { _id: 5, tags: 'a', address: [{ city: 'Bern' }] },
];

onEngines('Wildcard and hashed indexes', (engine) => {
  const indexBounds = async (name: string, filter: Document): Promise<Document> => {
    const explained = await engine.client.db(name).collection('things').find(filter).explain('queryPlanner');
    return explained['queryPlanner'].winningPlan.inputStage as Document;
  };

  test('a query finds the same by a wildcard index as without, on any path', async () => {
    const db = engine.freshDb();
    const [plain, indexed] = [db.collection<Stored>('plain'), db.collection<Stored>('things')];
    for (const coll of [plain, indexed]) await coll.insertMany(documents.map((doc) => ({ ...doc })));
    await indexed.createIndex({ '$**': 1 });
    const queries: Document[] = [
      { name: 'Ada' }, { 'address.city': 'Bern' }, { tags: 'a' }, { tags: ['a', 'b'] }, { tags: [] }, { address: {} }, { address: { city: 'Basel' } },
      { 'parts.n': { $gt: 1 } }, { 'parts.0.n': 1 }, { 'tags.1': 'b' }, { name: { $exists: true } }, { address: { $exists: true } }, { name: null },
      { name: { $ne: 'Ada' } }, { parts: { $elemMatch: { n: 5 } } }, { 'address.city': /^Ba/ }, { 'address.zip': { $gte: 0, $lt: 5000 } },
      { $or: [{ name: 'Ben' }, { 'address.zip': 3000 }] }, { tags: { $size: 2 } }, { 'address.city': { $in: ['Bern', 'Basel'] }, tags: 'a' },
      { name: { $ne: null } }, { 'tags.x': { $ne: null } }, { 'tags.x': { $not: { $eq: null } } }, { 'parts.n': { $ne: null } },
    ];
    const ids = async (coll: typeof plain, query: Document): Promise<unknown[]> => (await coll.find(query).sort({ _id: 1 }).toArray()).map(({ _id }) => _id);
    for (const query of queries) expect(await ids(indexed, query), JSON.stringify(query)).toEqual(await ids(plain, query));
    await indexed.updateOne({ _id: 2 }, { $set: { 'address.city': 'Chur' } });
    expect(await ids(indexed, { 'address.city': 'Chur' })).toEqual([2]);
    expect(await ids(indexed, { 'address.city': 'Basel' })).toEqual([]);
  });

  test('explain shows the path and the values that are looked up', async () => {
    const db = engine.freshDb();
    await db.collection('things').createIndex({ '$**': 1 });
    await db.collection('things').insertOne({ 'a': { b: 1 } });
    expect(await indexBounds(db.databaseName, { 'a.b': 1 })).toMatchObject({ stage: 'IXSCAN', keyPattern: { $_path: 1, 'a.b': 1 }, indexBounds: { $_path: ['["a.b", "a.b"]'], 'a.b': ['[1, 1]'] } });
  });

  test('what is out of its scope cannot be hinted at', async () => {
    const coll = engine.freshDb().collection('things');
    await coll.insertOne({ a: { x: 1 }, b: 2 });
    await coll.createIndex({ 'a.$**': 1 }, { name: 'below a' });
    expect(await coll.find({ 'a.x': 1 }).hint('below a').toArray()).toHaveLength(1);
    await expect(coll.find({ b: 2 }).hint('below a').toArray()).rejects.toMatchObject({ code: 291 });
  });

  test('its options are checked', async () => {
    const coll = engine.freshDb().collection('things');
    await expect(coll.createIndex({ '$**': 1 }, { unique: true })).rejects.toMatchObject({ code: 67 });
    await expect(coll.createIndex({ '$**': 1 }, { wildcardProjection: {} })).rejects.toMatchObject({ code: 9 });
    await expect(coll.createIndex({ '$**': 1 }, { wildcardProjection: { a: 1, b: 0 } })).rejects.toMatchObject({ code: 31254 });
    await expect(coll.createIndex({ a: 1 }, { wildcardProjection: { a: 1 } })).rejects.toMatchObject({ code: 2 });
    await expect(coll.createIndex({ '$**': 1, 'b.$**': 1 })).rejects.toMatchObject({ code: 7246201 });
  });

  test('one with other fields serves both, and takes no arrays in them', async () => {
    const coll = engine.freshDb().collection<Stored>('things');
    await coll.insertMany([{ _id: 1, kind: 'x', size: { w: 1 } }, { _id: 2, kind: 'x' }, { _id: 3, kind: 'y', size: { w: 1 } }]);
    await coll.createIndex({ kind: 1, '$**': 1 }, { wildcardProjection: { kind: 0 }, name: 'kinds' });
    expect((await coll.find({ kind: 'x', 'size.w': 1 }).hint('kinds').toArray()).map(({ _id }) => _id)).toEqual([1]);
    expect((await coll.find({ kind: 'x' }).hint('kinds').sort({ _id: 1 }).toArray()).map(({ _id }) => _id)).toEqual([1, 2]);
    await expect(coll.insertOne({ _id: 9, kind: ['x'] })).rejects.toMatchObject({ code: 7246301 });
  });

  test('a hashed index finds by equality, and holds no arrays', async () => {
    const db = engine.freshDb();
    const coll = db.collection<Stored>('things');
    await coll.createIndex({ user: 'hashed' });
    await coll.insertMany([{ _id: 1, user: 'a' }, { _id: 2, user: 'b' }, { _id: 3 }]);
    expect((await coll.find({ user: 'b' }).toArray()).map(({ _id }) => _id)).toEqual([2]);
    expect((await coll.find({ user: { $gt: 'a' } }).toArray()).map(({ _id }) => _id)).toEqual([2]);
    expect(await indexBounds(db.databaseName, { user: 'b' })).toMatchObject({ stage: 'IXSCAN', keyPattern: { user: 'hashed' } });
    await expect(coll.insertOne({ _id: 9, user: ['a'] })).rejects.toMatchObject({ code: 16766 });
    await expect(coll.createIndex({ other: 'hashed' }, { unique: true })).rejects.toMatchObject({ code: 16764 });
  });
});
