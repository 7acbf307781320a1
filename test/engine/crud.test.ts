import { Decimal128, Double, Int32, Long, ObjectId, type Document } from 'mongodb';
import { expect, test, vi } from 'vitest';
import { onEngines } from './on-engines.ts';

onEngines('Reading and writing documents', (engine) => {
  test('what is inserted is found again, types and field order kept', async () => {
    const coll = engine.freshDb().collection('things');
    const doc = { _id: new ObjectId(), z: new Int32(1), a: new Double(1), long: Long.fromString('9007199254740993'), price: Decimal128.fromString('9.90'), tags: ['x', { y: null }] };
    await coll.insertOne(doc);
    const found = await coll.findOne({}, { promoteValues: false, promoteLongs: false });
    expect(Object.keys(found ?? {})).toEqual(['_id', 'z', 'a', 'long', 'price', 'tags']);
    expect(String(found?.['long'])).toBe('9007199254740993');
    expect(String(found?.['price'])).toBe('9.90');
  });

  test('a document without _id gets an ObjectId, in first place', async () => {
    const db = engine.freshDb();
    await db.command({ insert: 'things', documents: [{ a: 1 }] });
    const found = await db.collection('things').findOne({});
    expect(Object.keys(found ?? {})).toEqual(['_id', 'a']);
    expect(found?._id).toBeInstanceOf(ObjectId);
  });

  test('the same _id twice is error 11000, with the key', async () => {
    const db = engine.freshDb();
    const coll = db.collection<{ _id: number }>('things');
    await coll.insertOne({ _id: 1 });
    await expect(coll.insertOne({ _id: 1 })).rejects.toMatchObject({
      code: 11000, keyPattern: { _id: 1 }, keyValue: { _id: 1 },
      message: `E11000 duplicate key error collection: ${db.databaseName}.things index: _id_ dup key: { _id: 1 }`,
    });
  });

  test('an ordered insert stops at the first error, an unordered one goes on', async () => {
    const db = engine.freshDb();
    const documents = [{ _id: 1 }, { _id: 1 }, { _id: 2 }];
    const ordered = await db.command({ insert: 'a', documents });
    expect(ordered).toMatchObject({ ok: 1, n: 1, writeErrors: [{ index: 1, code: 11000 }] });
    const unordered = await db.command({ insert: 'b', documents, ordered: false });
    expect(unordered).toMatchObject({ ok: 1, n: 2, writeErrors: [{ index: 1, code: 11000 }] });
  });

  test('update counts what matched and what changed', async () => {
    const coll = engine.freshDb().collection('things');
    await coll.insertMany([{ a: 1 }, { a: 1 }, { a: 2 }]);
    expect(await coll.updateMany({ a: 1 }, { $set: { a: 1, b: 1 } })).toMatchObject({ matchedCount: 2, modifiedCount: 2 });
    expect(await coll.updateMany({ a: 1 }, { $set: { b: 1 } })).toMatchObject({ matchedCount: 2, modifiedCount: 0 });
    expect(await coll.updateOne({ a: 2 }, { $inc: { a: 5 } })).toMatchObject({ matchedCount: 1, modifiedCount: 1 });
    expect(await coll.countDocuments({ a: 7 })).toBe(1);
  });

  test('an upsert takes fields from the query, and says the new _id', async () => {
    const coll = engine.freshDb().collection('things');
    const result = await coll.updateOne({ name: 'Ada', age: { $gt: 3 } }, { $set: { seen: true }, $setOnInsert: { first: 1 } }, { upsert: true });
    expect(result).toMatchObject({ matchedCount: 0, upsertedCount: 1 });
    expect(await coll.findOne({ _id: result.upsertedId as ObjectId })).toMatchObject({ name: 'Ada', seen: true, first: 1 });
  });

  test('an update of every document reaches each once, though the index it reads by changes under it', async () => {
    const coll = engine.freshDb().collection('things');
    await coll.createIndex({ n: 1 });
    await coll.insertMany(Array.from({ length: 300 }, (_, n) => ({ n })));
    await coll.updateMany({ n: { $gte: 0 } }, { $inc: { n: 1000 } });
    expect(await coll.countDocuments({ n: { $gte: 1000, $lt: 1300 } })).toBe(300);
  });

  test('replaceOne keeps _id, deleteOne takes one, deleteMany all', async () => {
    const coll = engine.freshDb().collection<{ _id: number; a?: number }>('things');
    await coll.insertMany([{ _id: 1 }, { _id: 2 }, { _id: 3 }]);
    await coll.replaceOne({ _id: 2 }, { a: 5 });
    expect(await coll.findOne({ a: 5 })).toEqual({ _id: 2, a: 5 });
    expect((await coll.deleteOne({})).deletedCount).toBe(1);
    expect((await coll.deleteMany({})).deletedCount).toBe(2);
  });

  test('findOneAndUpdate gives the document before, or after', async () => {
    const coll = engine.freshDb().collection<{ _id: number; n: number }>('counters');
    await coll.insertOne({ _id: 1, n: 1 });
    expect(await coll.findOneAndUpdate({ _id: 1 }, { $inc: { n: 1 } })).toEqual({ _id: 1, n: 1 });
    expect(await coll.findOneAndUpdate({ _id: 1 }, { $inc: { n: 1 } }, { returnDocument: 'after' })).toEqual({ _id: 1, n: 3 });
    expect(await coll.findOneAndDelete({ _id: 1 })).toEqual({ _id: 1, n: 3 });
    expect(await coll.findOneAndDelete({ _id: 1 })).toBeNull();
  });

  test('sort, skip, limit and a projection work together', async () => {
    const coll = engine.freshDb().collection<{ _id: number; n: number }>('things');
    await coll.insertMany([5, 3, 1, 4, 2].map((n) => ({ _id: n, n, other: 'x' })));
    expect(await coll.find({}, { sort: { n: -1 }, skip: 1, limit: 2, projection: { n: 1, _id: 0 } }).toArray()).toEqual([{ n: 4 }, { n: 3 }]);
  });

  test('bulkWrite of the client writes to two collections at once', async () => {
    const db = engine.freshDb();
    const namespace = `${db.databaseName}.a`;
    const result = await engine.client.bulkWrite<Record<string, Document>>([
      { namespace, name: 'insertOne', document: { a: 1 } },
      { namespace: `${db.databaseName}.b`, name: 'insertOne', document: { b: 1 } },
      { namespace, name: 'updateOne', filter: { a: 1 }, update: { $set: { a: 2 } } },
    ]);
    expect(result).toMatchObject({ insertedCount: 2, modifiedCount: 1 });
    expect(await db.collection('a').countDocuments({ a: 2 })).toBe(1);
  });

  test('an unacknowledged write is done and never answered', async () => {
    const db = engine.freshDb();
    await db.collection('things').insertOne({ a: 1 }, { writeConcern: { w: 0 } });
    for (let tries = 0; tries < 100 && (await db.collection('things').countDocuments()) === 0; tries++) await new Promise((go) => setTimeout(go, 10));
    expect(await db.collection('things').countDocuments()).toBe(1);
  });

  test('what comes on one connection while a write takes long is done in order, though nobody waits for it and it is closed', async () => {
    const { databaseName } = engine.freshDb();
    const one = await engine.connect({ maxPoolSize: 1, writeConcern: { w: 0 } });
    const silent = one.db(databaseName).collection<{ _id: number }>('things');
    const documents = Array.from({ length: 40_000 }, (_, _id) => ({ _id, text: 'x'.repeat(100) }));
    await silent.insertMany(documents);
    await silent.insertOne({ _id: -1 });
    await silent.insertOne({ _id: -2 });
    expect(await silent.countDocuments()).toBe(40_002);
    await silent.deleteMany({});
    await silent.insertMany(documents);
    await silent.insertOne({ _id: -3 });
    await one.close();
    await vi.waitFor(async () => expect(await engine.client.db(databaseName).collection('things').countDocuments()).toBe(40_001), { timeout: 10_000, interval: 50 });
  });

  test('an aggregation matches, groups and joins', async () => {
    const db = engine.freshDb();
    await db.collection('people').insertMany([{ name: 'Ada', team: 1 }, { name: 'Bob', team: 2 }, { name: 'Cyd', team: 1 }]);
    await db.collection<{ _id: number; title: string }>('teams').insertMany([{ _id: 1, title: 'red' }, { _id: 2, title: 'blue' }]);
    const rows = await db.collection('people').aggregate([
      { $match: { name: { $ne: 'Bob' } } }, { $group: { _id: '$team', count: { $sum: 1 } } },
      { $lookup: { from: 'teams', localField: '_id', foreignField: '_id', as: 'team' } },
    ]).toArray();
    expect(rows).toEqual([{ _id: 1, count: 2, team: [{ _id: 1, title: 'red' }] }]);
  });
});
