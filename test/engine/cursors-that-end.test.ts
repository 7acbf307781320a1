import { Long, type Document } from 'mongodb';
import { expect, test } from 'vitest';
import { onEngines } from './on-engines.ts';

const numbers = (count: number): { _id: number; a: number }[] => Array.from({ length: count }, (_, _id) => ({ _id, a: _id }));

onEngines('Cursors that cannot go on', (engine) => {
  const reading = async (command: Document): Promise<{ next: () => Promise<Document>; drop: (index: string) => Promise<unknown> }> => {
    const db = engine.freshDb();
    await db.collection<{ _id: number }>('c').insertMany(numbers(9));
    await db.collection('c').createIndexes([{ key: { a: 1 } }, { key: { b: 1 } }]);
    const { cursor } = await db.command(command);
    return {
      next: () => db.command({ getMore: Long.fromString(String(cursor.id)), collection: 'c', batchSize: 1 }),
      drop: (index) => db.command({ dropIndexes: 'c', index }),
    };
  };

  test.each<[string, Document]>([
    ['find', { find: 'c', filter: { a: { $gte: 1 } }, batchSize: 2 }],
    ['aggregate', { aggregate: 'c', pipeline: [{ $match: { a: { $gte: 1 } } }], cursor: { batchSize: 2 } }],
  ])('an index that is dropped ends the %s that reads it, another does not', async (_, command) => {
    const { next, drop } = await reading(command);
    await drop('b_1');
    expect((await next())['cursor'].nextBatch).toHaveLength(1);
    await drop('a_1');
    await expect(next()).rejects.toMatchObject({ code: 175, codeName: 'QueryPlanKilled' });
  });

  test('a scan of all documents needs no index', async () => {
    const { next, drop } = await reading({ find: 'c', batchSize: 2 });
    await drop('*');
    expect((await next())['cursor'].nextBatch).toHaveLength(1);
  });

  test('a batch that is waited for ends with its collection, and with its cursor', async () => {
    const db = engine.freshDb();
    await db.createCollection('c', { capped: true, size: 4096 });
    await db.collection('c').insertOne({});
    const waiting = async (): Promise<[unknown, Promise<Document>]> => {
      const { cursor } = await db.command({ find: 'c', tailable: true, awaitData: true });
      return [cursor.id, db.command({ getMore: Long.fromString(String(cursor.id)), collection: 'c', maxTimeMS: 20_000 })];
    };
    const [id, killed] = await waiting();
    const [, dropped] = await waiting();
    const both = Promise.all([expect(killed).rejects.toMatchObject({ code: 237 }), expect(dropped).rejects.toMatchObject({ code: 175 })]);
    await db.command({ killCursors: 'c', cursors: [Long.fromString(String(id))] });
    await db.collection('c').drop();
    await both;
  });

  test('where there is no collection there is nothing to come', async () => {
    const { cursor } = await engine.freshDb().command({ find: 'c', batchSize: 0 });
    expect([cursor.firstBatch, String(cursor.id)]).toEqual([[], '0']);
  });

  test('a view refuses what a pipeline does not have; its natural order is that of what it is over', async () => {
    const db = engine.freshDb();
    await db.collection<{ _id: number }>('c').insertMany(numbers(4));
    await db.createCollection('v', { viewOn: 'c', pipeline: [{ $match: { _id: { $lt: 3 } } }] });
    for (const option of [{ min: { _id: 1 }, hint: { _id: 1 } }, { max: { _id: 1 }, hint: { _id: 1 } }, { showRecordId: true }, { returnKey: true }, { noCursorTimeout: true }, { allowPartialResults: true }, { singleBatch: true, limit: 2 }, { tailable: true }]) {
      await expect(db.command({ find: 'v', ...option })).rejects.toMatchObject({ code: 168 });
    }
    expect((await db.command({ find: 'v', singleBatch: true, limit: 1 }))['cursor'].firstBatch).toHaveLength(1);
    expect((await db.collection('v').find().sort({ $natural: -1 }).toArray()).map(({ _id }) => _id)).toEqual([2, 1, 0]);
  });

  test('a transaction and what is outside of it do not read from cursors of each other', async () => {
    await engine.client.withSession(async (session) => {
      const db = engine.freshDb();
      await db.collection<{ _id: number }>('c').insertMany(numbers(9));
      const open = async (): Promise<unknown> => (await db.command({ find: 'c', batchSize: 2 }, { session }))['cursor'].id;
      const next = (id: unknown): Promise<Document> => db.command({ getMore: Long.fromString(String(id)), collection: 'c', batchSize: 1 }, { session });
      const outside = await open();
      session.startTransaction();
      const inside = await open();
      expect((await next(inside))['cursor'].nextBatch).toHaveLength(1);
      await session.commitTransaction();
      expect((await next(outside))['cursor'].nextBatch).toHaveLength(1);
      await expect(next(inside)).rejects.toMatchObject({ code: 50740 });
      for (const [id, code] of [[outside, 50739], [inside, 50741]] as const) {
        session.startTransaction();
        await open();
        await expect(next(id)).rejects.toMatchObject({ code });
        await session.abortTransaction();
      }
    });
  });
}, { replset: true });
