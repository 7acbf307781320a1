import { expect, test } from 'vitest';
import type { Db } from 'mongodb';
import { onEngines } from './on-engines.ts';

const clusteredIndex = { key: { _id: 1 }, unique: true };

/** The names of a plan's stages, from the last to the first. */
function stages(plan: { stage: string; inputStage?: never }): string[] {
  return [plan.stage, ...(plan.inputStage ? stages(plan.inputStage) : [])];
}

onEngines('Clustered collections', (engine) => {
  const make = async (db: Db, options = {}) => db.createCollection<{ _id: string | number | Date; n?: number }>('things', { clusteredIndex, ...options });

  test('documents are in the order of _id, whichever came first', async () => {
    const coll = await make(engine.freshDb());
    await coll.insertMany([{ _id: 'c', n: 1 }, { _id: 'a', n: 1 }, { _id: 'b', n: 2 }]);
    const ids = async (cursor: { toArray(): Promise<{ _id: unknown }[]> }) => (await cursor.toArray()).map(({ _id }) => _id);
    expect(await ids(coll.find())).toEqual(['a', 'b', 'c']);
    expect(await ids(coll.find().sort({ $natural: -1 }))).toEqual(['c', 'b', 'a']);
    expect(await ids(coll.find({ n: 1 }))).toEqual(['a', 'c']);
    await coll.deleteOne({ _id: 'b' });
    await coll.insertOne({ _id: 'aa' });
    expect(await ids(coll.aggregate<{ _id: string }>([{ $match: {} }]))).toEqual(['a', 'aa', 'c']);
    await expect(coll.insertOne({ _id: 'a' })).rejects.toMatchObject({ code: 11000, errorResponse: { keyValue: { _id: 'a' } } });
  });

  test('_id narrows a query, and its order needs no sorting', async () => {
    const coll = await make(engine.freshDb());
    await coll.insertMany(Array.from({ length: 50 }, (_, index) => ({ _id: index })));
    const range = await coll.find({ _id: { $gte: 10, $lt: 13 } }).explain('executionStats');
    expect(stages(range.queryPlanner.winningPlan)).toContain('CLUSTERED_IXSCAN');
    expect(range.executionStats).toMatchObject({ nReturned: 3 });
    expect(range.executionStats.totalDocsExamined).toBeLessThan(6);
    expect(stages((await coll.find().sort({ _id: -1 }).explain('queryPlanner')).queryPlanner.winningPlan)).not.toContain('SORT');
  });

  test('the order is shown as an index that is not dropped, hidden or made again', async () => {
    const db = engine.freshDb();
    const coll = await make(db);
    await coll.createIndex({ n: 1 });
    const own = { v: 2, key: { _id: 1 }, name: '_id_', unique: true, clustered: true };
    expect(await coll.indexes()).toEqual([own, { v: 2, key: { n: 1 }, name: 'n_1' }]);
    await expect(db.command({ dropIndexes: 'things', index: '_id_' })).rejects.toMatchObject({ code: 5979800 });
    await expect(db.command({ collMod: 'things', index: { name: '_id_', hidden: true } })).rejects.toMatchObject({ code: 6011800 });
    expect(await db.command({ createIndexes: 'things', indexes: [{ key: { _id: 1 }, name: '_id_' }] })).toMatchObject({ numIndexesBefore: 1, numIndexesAfter: 1 });
    await db.command({ dropIndexes: 'things', index: '*' });
    expect(await coll.indexes()).toEqual([own]);
    const [info] = await db.listCollections({ name: 'things' }).toArray();
    expect(info).toMatchObject({ options: { clusteredIndex: { v: 2, name: '_id_' } } });
    expect(info).not.toHaveProperty('idIndex');
  });

  test('the time to live of all documents is changed and taken away', async () => {
    const db = engine.freshDb();
    await make(db, { expireAfterSeconds: 60 });
    const shown = async () => ((await db.listCollections({ name: 'things' }).toArray())[0] as { options: object }).options;
    expect(await shown()).toMatchObject({ expireAfterSeconds: 60 });
    await db.command({ collMod: 'things', expireAfterSeconds: 90 });
    expect(await shown()).toMatchObject({ expireAfterSeconds: 90 });
    await db.command({ collMod: 'things', expireAfterSeconds: 'off' });
    expect(await shown()).not.toHaveProperty('expireAfterSeconds');
  });

  test.each([
    [{ clusteredIndex: true }, 5979703],
    [{ clusteredIndex: { key: { n: 1 }, unique: true } }, 197],
    [{ clusteredIndex: { key: { _id: 1 }, unique: false } }, 5979700],
    [{ clusteredIndex: { key: { _id: 1 } } }, 40414],
    [{ clusteredIndex, capped: true, size: 4096 }, 6049200],
    [{ clusteredIndex, viewOn: 'other' }, 6026500],
    [{ expireAfterSeconds: 60 }, 72],
  ])('%j is no clustered collection', async (options, code) => {
    await expect(engine.freshDb().command({ create: 'things', ...options })).rejects.toMatchObject({ code });
  });
});
