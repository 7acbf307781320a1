import type { Document } from 'mongodb';
import { expect, test } from 'vitest';
import { onEngines } from './on-engines.ts';

const loose = { locale: 'en', strength: 2 } as const;

onEngines('collations', (engine) => {
  test('a partial index holds what its own collation lets in', async () => {
    const coll = engine.freshDb().collection<Document>('c');
    await coll.createIndex({ x: 1 }, { unique: true, partialFilterExpression: { status: 'active' }, collation: loose });
    await coll.insertOne({ x: 'a', status: 'Active' });
    await expect(coll.insertOne({ x: 'A', status: 'ACTIVE' })).rejects.toMatchObject({ code: 11000 });
    await coll.insertOne({ x: 'A', status: 'gone' });
    expect(await coll.find({ x: 'A', status: 'aCTIVE' }, { collation: loose, projection: { _id: 0 } }).toArray()).toEqual([{ x: 'a', status: 'Active' }]);
  });

  test('a partial index is not used where the query compares texts otherwise', async () => {
    const coll = engine.freshDb().collection<Document>('c');
    await coll.createIndex({ n: 1 }, { partialFilterExpression: { status: 'active' } });
    await coll.insertMany([{ n: 1, status: 'active' }, { n: 1, status: 'ACTIVE' }]);
    expect(await coll.countDocuments({ n: 1, status: 'active' })).toBe(1);
    expect(await coll.find({ n: 1, status: 'active' }, { collation: loose }).toArray()).toHaveLength(2);
    expect(await coll.find({ n: 1, status: { $in: ['active'] } }, { collation: loose }).toArray()).toHaveLength(2);
  });

  test('stages read no view that compares texts otherwise than the operation', async () => {
    const db = engine.freshDb();
    await db.createCollection('c');
    await db.createCollection('v', { viewOn: 'c', pipeline: [], collation: loose });
    const asked = (pipeline: Document[], collation?: typeof loose): Promise<Document[]> => db.collection('c').aggregate(pipeline, collation ? { collation } : {}).toArray();
    for (const stage of [
      { $unionWith: 'v' }, { $unionWith: { coll: 'v', pipeline: [] } }, { $lookup: { from: 'v', localField: 'a', foreignField: 'a', as: 'x' } },
      { $graphLookup: { from: 'v', startWith: '$a', connectFromField: 'a', connectToField: 'a', as: 'x' } }, { $facet: { x: [{ $lookup: { from: 'v', pipeline: [], as: 'y' } }] } },
    ]) {
      await expect(asked([stage])).rejects.toMatchObject({ code: 167 });
      expect(await asked([stage], loose)).toBeInstanceOf(Array);
    }
  });

  test('a view that stages read compares as it was made to, whatever its collection does', async () => {
    const db = engine.freshDb();
    await db.createCollection('c', { collation: loose });
    await db.collection('c').insertMany([{ a: 'x' }, { a: 'X' }]);
    await db.createCollection('strict', { viewOn: 'c', pipeline: [{ $match: { a: 'x' } }] });
    await db.collection('one').insertOne({});
    expect(await db.collection('strict').find().toArray()).toHaveLength(1);
    const [found] = await db.collection('one').aggregate([{ $lookup: { from: 'strict', pipeline: [], as: 'found' } }]).toArray();
    expect(found?.['found']).toHaveLength(1);
  });

  test('$densify puts texts that are equal into one partition, and partitions with bounds of their own in order', async () => {
    const coll = engine.freshDb().collection<Document>('c');
    await coll.insertMany([{ kind: 'b', n: 0 }, { kind: 'b', n: 2 }, { kind: 'a', n: 0 }, { kind: 'A', n: 2 }]);
    const dense = [{ $densify: { field: 'n', partitionByFields: ['kind'], range: { step: 1, bounds: 'partition' } } }, { $project: { _id: 0 } }];
    expect(await coll.aggregate(dense, { collation: loose }).toArray()).toEqual([
      { kind: 'a', n: 0 }, { kind: 'A', n: 1 }, { kind: 'A', n: 2 }, { kind: 'b', n: 0 }, { kind: 'b', n: 1 }, { kind: 'b', n: 2 },
    ]);
    expect(await coll.aggregate(dense).toArray()).toEqual([{ kind: 'A', n: 2 }, { kind: 'a', n: 0 }, { kind: 'b', n: 0 }, { kind: 'b', n: 1 }, { kind: 'b', n: 2 }]);
  });
});
