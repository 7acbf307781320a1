import { Double, type Db, type Document } from 'mongodb';
import { expect, test } from 'vitest';
import { onEngines } from './on-engines.ts';

const explain = (db: Db, command: Document, verbosity = 'queryPlanner'): Promise<Document> => db.command({ explain: command, verbosity });

/** The plan that a command is run by. */
const planOf = async (db: Db, command: Document): Promise<Document> => (await explain(db, command))['queryPlanner'].winningPlan as Document;

onEngines('explain', (engine) => {
  const stocked = async (): Promise<Db> => {
    const db = engine.freshDb();
    await db.collection<{ _id: number }>('things').insertMany(Array.from({ length: 10 }, (_, n) => ({ _id: n, n, email: `${n}@x`, kind: n % 2 })));
    await db.collection('things').createIndex({ email: 1 }, { unique: true });
    await db.collection('things').createIndex({ kind: 1, n: 1 });
    return db;
  };

  test('a look-up by _id is planned no further', async () => {
    const db = await stocked();
    const express = { isCached: false, stage: 'EXPRESS_IXSCAN', keyPattern: '{ _id: 1 }', indexName: '_id_' };
    for (const filter of [{ _id: 3 }, { _id: { $eq: 3 } }]) expect(await planOf(db, { find: 'things', filter })).toMatchObject(express);
    const answer = await explain(db, { find: 'things', filter: { _id: 3 } }, 'executionStats');
    expect(answer['executionStats']).toMatchObject({ nReturned: 1, totalKeysExamined: 1, totalDocsExamined: 1, executionStages: { ...express, keysExamined: 1, docsExamined: 1, nReturned: 1 } });
    for (const filter of [{ _id: { $in: [3, 4] } }, { _id: { $gt: 3 } }, { _id: 3, n: 3 }]) expect((await planOf(db, { find: 'things', filter }))['stage']).toBe('FETCH');
    expect((await planOf(db, { find: 'things', filter: { _id: 3 }, hint: '_id_' }))['stage']).toBe('FETCH');
    expect(await planOf(db, { find: 'things', filter: { _id: 3 }, batchSize: 5 })).toMatchObject({ stage: 'IDHACK' });
  });

  test('so is one by a unique index, or of one document alone', async () => {
    const db = await stocked();
    expect(await planOf(db, { find: 'things', filter: { email: '3@x' } })).toMatchObject({ stage: 'EXPRESS_IXSCAN', keyPattern: '{ email: 1 }', indexName: 'email_1' });
    expect(await planOf(db, { find: 'things', filter: { kind: 1 }, limit: 1 })).toMatchObject({ stage: 'EXPRESS_IXSCAN', indexName: 'kind_1_n_1' });
    expect(await planOf(db, { find: 'things', filter: { kind: 1 } })).toMatchObject({ stage: 'FETCH', inputStage: { stage: 'IXSCAN' } });
    expect(await planOf(db, { find: 'things', filter: { email: null } })).toMatchObject({ stage: 'FETCH' });
  });

  test('in a collection that is in the order of its _id', async () => {
    const db = engine.freshDb();
    await db.createCollection('clustered', { clusteredIndex: { key: { _id: 1 }, unique: true } });
    await db.collection<{ _id: number }>('clustered').insertOne({ _id: 1 });
    const plan = await planOf(db, { find: 'clustered', filter: { _id: 1 } });
    expect(plan).toMatchObject({ stage: 'EXPRESS_CLUSTERED_IXSCAN' });
    expect(plan).not.toHaveProperty('indexName');
  });

  test('updates and deletes say what they would do, and do nothing', async () => {
    const db = await stocked();
    const update = (statement: Document): Promise<Document> => explain(db, { update: 'things', updates: [statement] }, 'executionStats');
    const one = await update({ q: { _id: 3 }, u: { $set: { n: 9 } } });
    expect(one['executionStats']).toMatchObject({ nReturned: 0, executionStages: { stage: 'EXPRESS_UPDATE', keysExamined: 1, docsExamined: 1, nWouldModify: 1, nWouldUpsert: 0, nWouldDelete: 0 } });
    expect(one['queryPlanner']).not.toHaveProperty('parsedQuery');
    const many = await update({ q: { kind: 1 }, u: { $max: { n: 5 } }, multi: true });
    expect(many['executionStats'].executionStages).toMatchObject({ stage: 'UPDATE', nMatched: 5, nWouldModify: 2, nWouldUpsert: 0, inputStage: { stage: 'FETCH', inputStage: { stage: 'IXSCAN' } } });
    expect((await update({ q: { _id: 77 }, u: { $set: { n: 9 } }, upsert: true }))['executionStats'].executionStages).toMatchObject({ stage: 'UPDATE', nMatched: 0, nWouldUpsert: 1 });
    await expect(update({ q: { _id: 3 }, u: { $fly: 1 } })).rejects.toMatchObject({ code: 9 });

    const remove = (q: Document, limit: number): Promise<Document> => explain(db, { delete: 'things', deletes: [{ q, limit }] }, 'executionStats');
    expect((await remove({ _id: 3 }, 1))['executionStats'].executionStages).toMatchObject({ stage: 'EXPRESS_DELETE', nWouldDelete: 1 });
    expect((await remove({ kind: 1 }, 1))['executionStats'].executionStages).toMatchObject({ stage: 'DELETE', nWouldDelete: 1 });
    expect((await remove({ kind: 1 }, 0))['executionStats'].executionStages).toMatchObject({ stage: 'BATCHED_DELETE', nWouldDelete: 5 });
    const modified = await explain(db, { findAndModify: 'things', query: { kind: 1 }, update: { $inc: { n: 1 } } }, 'executionStats');
    expect(modified['executionStats']).toMatchObject({ nReturned: 1, executionStages: { stage: 'UPDATE', nMatched: 1, nWouldModify: 1 } });
    expect(await db.collection('things').countDocuments({ $expr: { $eq: ['$_id', '$n'] } })).toBe(10);
  });

  test('a query is shown as it is understood, and a document that was found is asked only what the index does not tell', async () => {
    const db = await stocked();
    const { parsedQuery, winningPlan } = (await explain(db, { find: 'things', filter: { n: { $gte: 1, $lt: 9 }, kind: 1, name: /x/ } }))['queryPlanner'] as Document;
    expect(parsedQuery).toEqual({ $and: [{ kind: { $eq: 1 } }, { n: { $lt: 9 } }, { n: { $gte: 1 } }, { name: { $regex: expect.anything() as unknown } }] });
    expect(winningPlan).toMatchObject({ stage: 'FETCH', filter: { name: { $regex: expect.anything() as unknown } }, inputStage: { stage: 'IXSCAN', indexName: 'kind_1_n_1' } });
    expect(await planOf(db, { find: 'things', filter: { kind: 1, n: 3 } })).not.toHaveProperty('filter');
  });

  test('a limit that a pipeline goes on with is the plan\'s', async () => {
    const db = await stocked();
    const answer = await explain(db, { aggregate: 'things', pipeline: [{ $match: { kind: 1 } }, { $limit: 3 }], cursor: {} }, 'executionStats');
    expect(answer['executionStats']).toMatchObject({ nReturned: 3 });
  });

  test('a limit and a skip are cut to whole numbers, on a view too, and refused as the command refuses them', async () => {
    const db = await stocked();
    await db.createCollection('seen', { viewOn: 'things', pipeline: [{ $match: { kind: 1 } }] });
    const returned = async (find: string, rest: Document): Promise<unknown> => (await explain(db, { find, ...rest }, 'executionStats'))['executionStats'].nReturned;
    for (const name of ['things', 'seen']) {
      const all = name === 'things' ? 10 : 5;
      expect(await returned(name, { limit: new Double(1.5) })).toBe(1);
      expect(await returned(name, { skip: new Double(2.9) })).toBe(all - 2);
      expect(await returned(name, { skip: new Double(1.5), limit: new Double(2.5) })).toBe(2);
      expect(await returned(name, { skip: new Double(0.5), limit: new Double(0.5) })).toBe(all);
      for (const field of ['limit', 'skip']) await expect(returned(name, { [field]: -1 })).rejects.toMatchObject({ code: 2 });
      await expect(returned(name, { limit: 'one' })).rejects.toMatchObject({ code: 14 });
    }
    expect((await explain(db, { count: 'seen', query: {}, skip: new Double(1.5) }, 'executionStats'))['stages']).toMatchObject([{ $cursor: { executionStats: { nReturned: 4 } } }, { $count: 'count' }]);
  });

  test('a count returns no documents, and one of all looks at none', async () => {
    const db = await stocked();
    const counted = async (rest: Document): Promise<Document> => (await explain(db, { count: 'things', ...rest }, 'executionStats'))['executionStats'] as Document;
    expect(await counted({})).toMatchObject({ nReturned: 0, totalDocsExamined: 0, executionStages: { stage: 'RECORD_STORE_FAST_COUNT', nCounted: 10 } });
    expect(await counted({ query: { email: { $ne: '3@x' }, kind: { $exists: true } } })).toMatchObject({ nReturned: 0, executionStages: { stage: 'COUNT', nCounted: 9 } });
  });

  test('queries of one shape have one hash', async () => {
    const db = await stocked();
    const hashes = async (filter: Document, rest: Document = {}): Promise<[string, string]> => {
      const answer = await explain(db, { find: 'things', filter, ...rest });
      expect(answer['queryPlanner'].queryHash).toBe(answer['queryPlanner'].planCacheShapeHash);
      return [answer['queryPlanner'].planCacheShapeHash as string, answer['queryShapeHash'] as string];
    };
    const [plan, shape] = await hashes({ n: 1, kind: { $gt: 2 } });
    expect(plan).toMatch(/^[0-9A-F]{8}$/);
    expect(await hashes({ n: { $eq: 7 }, kind: { $gt: 4 } })).toEqual([plan, shape]);
    const [turned, named] = await hashes({ kind: { $gt: 2 }, n: 1 });
    expect([turned === plan, named === shape]).toEqual([true, false]);
    expect(await hashes({ n: 1, kind: { $lt: 2 } })).not.toContain(plan);
    expect(await hashes({ n: 1, kind: { $gt: 2 } }, { sort: { n: 1 } })).not.toContain(plan);
  });

  test('what cannot be explained has its code', async () => {
    const db = await stocked();
    await expect(explain(db, { insert: 'things', documents: [{}] })).rejects.toMatchObject({ code: 20 });
    await expect(explain(db, { nothing: 1 })).rejects.toMatchObject({ code: 59 });
    for (const command of [{ find: 'things' }, { count: 'things' }, { distinct: 'things', key: 'a' }, { aggregate: 'things', pipeline: [], cursor: {} }, { findAndModify: 'things', remove: true }, { delete: 'things', deletes: [{ q: {}, limit: 1 }] }]) {
      await expect(explain(db, { ...command, nothing: 1 })).rejects.toMatchObject({ code: 40415 });
    }
    await expect(explain(db, { aggregate: 'things', pipeline: [] })).rejects.toMatchObject({ code: 9 });
    await expect(explain(db, { aggregate: 'things', pipeline: [], cursor: {}, writeConcern: { w: 1 } })).rejects.toMatchObject({ code: 9 });
    await db.createCollection('seen', { viewOn: 'things', pipeline: [{ $match: { kind: 1 } }] });
    await expect(explain(db, { update: 'seen', updates: [{ q: {}, u: { $set: { a: 1 } } }] })).rejects.toMatchObject({ code: 166 });
    expect((await explain(db, { aggregate: 'seen', pipeline: [], cursor: {} }, 'executionStats'))['executionStats']).toMatchObject({ nReturned: 5 });
  });
});
