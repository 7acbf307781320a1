import { createHash } from 'node:crypto';
import { Binary, Long, type Document } from 'mongodb';
import { expect, test, vi } from 'vitest';
import { Cursor, Cursors } from '../../src/engine/embedded/cursors.ts';
import { onEngines } from './on-engines.ts';

const numbers = (count: number): { _id: number }[] => Array.from({ length: count }, (_, _id) => ({ _id }));

onEngines('Cursors', (engine) => {
  test('the first batch is 101 documents, the next all that is left', async () => {
    const db = engine.freshDb();
    await db.collection<{ _id: number }>('things').insertMany(numbers(250));
    const { cursor } = await db.command({ find: 'things' });
    expect(cursor.firstBatch).toHaveLength(101);
    const next = await db.command({ getMore: Long.fromString(String(cursor.id)), collection: 'things' });
    expect(next['cursor'].nextBatch).toHaveLength(149);
    expect(String(next['cursor'].id)).toBe('0');
  });

  test('a look-up by _id leaves a cursor open only where nothing was asked for yet: once its document is found it is at its end', async () => {
    const db = engine.freshDb();
    await db.collection<{ _id: number }>('things').insertMany(numbers(3));
    const look = async (options: Document): Promise<[number, boolean]> => {
      const { cursor } = await db.command({ find: 'things', filter: { _id: 1 }, ...options });
      return [cursor.firstBatch.length, String(cursor.id) !== '0'];
    };
    expect(await look({})).toEqual([1, false]);
    expect(await look({ limit: 1 })).toEqual([1, false]);
    expect(await look({ batchSize: 0 })).toEqual([0, true]);
    expect(await look({ batchSize: 1 })).toEqual([1, false]);
    expect(await look({ batchSize: 1, limit: 2 })).toEqual([1, false]);
    expect(await look({ batchSize: 1, limit: 1 })).toEqual([1, false]);
    expect(await look({ batchSize: 1, singleBatch: true })).toEqual([1, false]);
    expect(await look({ skip: 1 })).toEqual([0, false]);
    expect(await look({ filter: { _id: 9 }, batchSize: 1 })).toEqual([0, false]);
    expect(await look({ filter: { _id: 1, x: 1 } })).toEqual([0, false]);
    expect(await look({ filter: { _id: { $eq: 1 } }, projection: { _id: 0 }, showRecordId: true })).toEqual([1, false]);
  });

  test('any batch size gives the same documents', async () => {
    const coll = engine.freshDb().collection<{ _id: number }>('things');
    await coll.insertMany(numbers(25));
    for (const batchSize of [1, 2, 7, 24, 25, 26]) expect(await coll.find({}, { batchSize }).toArray()).toHaveLength(25);
  });

  test('a cursor that is killed, or of which nobody heard, is 43', async () => {
    const db = engine.freshDb();
    await db.collection<{ _id: number }>('things').insertMany(numbers(10));
    const { cursor } = await db.command({ find: 'things', batchSize: 2 });
    const id = Long.fromString(String(cursor.id));
    expect((await db.command({ killCursors: 'things', cursors: [id] }))['cursorsKilled'].map(String)).toEqual([String(id)]);
    await expect(db.command({ getMore: id, collection: 'things' })).rejects.toMatchObject({ code: 43, codeName: 'CursorNotFound' });
  });

  test('a batch ends before 16 MiB', async () => {
    const coll = engine.freshDb().collection('things');
    const text = 'x'.repeat(1024 * 1024 * 3);
    await coll.insertMany(Array.from({ length: 8 }, () => ({ text })));
    expect(await coll.find().toArray()).toHaveLength(8);
  });

  test('documents that come and go while a cursor is read disturb nobody', async () => {
    const coll = engine.freshDb().collection('things');
    await coll.createIndex({ n: 1 });
    await coll.insertMany(Array.from({ length: 50 }, (_, n) => ({ n })));
    const seen: number[] = [];
    for await (const { n } of coll.find({ n: { $gte: 0 } }, { batchSize: 5 }).sort({ n: 1 })) {
      seen.push(n as number);
      await coll.deleteOne({ n });
    }
    expect(seen).toEqual(Array.from({ length: 50 }, (_, n) => n));
    expect(await coll.countDocuments()).toBe(0);
  });

  test('a tailable cursor on a capped collection gets what comes later', async () => {
    const db = engine.freshDb();
    const capped = await db.createCollection<{ _id: number }>('log', { capped: true, size: 4096, max: 3 });
    await capped.insertOne({ _id: 1 });
    const cursor = capped.find({}, { tailable: true, awaitData: true, maxAwaitTimeMS: 200 });
    expect(await cursor.next()).toEqual({ _id: 1 });
    await capped.insertOne({ _id: 2 });
    expect(await cursor.next()).toEqual({ _id: 2 });
    await cursor.close();
    await capped.insertMany([{ _id: 3 }, { _id: 4 }]);
    expect(await capped.find().toArray()).toEqual([{ _id: 2 }, { _id: 3 }, { _id: 4 }]);
  });

  test('the server answers others while it works for long', async () => {
    const db = engine.freshDb();
    const long = db.collection('things').insertMany(Array.from({ length: 100_000 }, (_, n) => ({ n })));
    const other = await engine.connect();
    let answered = 0;
    const state = { done: false };
    void long.finally(() => { state.done = true; });
    while (!state.done) {
      await other.db('admin').command({ ping: 1 });
      answered++;
    }
    expect((await long).insertedCount).toBe(100_000);
    expect(answered).toBeGreaterThan(1);
  });

  test('a session that is killed takes its cursors with it, by its id or by a pattern', async () => {
    const db = engine.freshDb();
    await db.collection<{ _id: number }>('things').insertMany(numbers(10));
    const admin = engine.client.db('admin');
    const uid = new Binary(createHash('sha256').update('').digest());
    for (const kill of [(id: Document) => ({ killSessions: [id] }), (id: Document) => ({ killAllSessionsByPattern: [{ lsid: { ...id, uid } }] })]) {
      const session = engine.client.startSession();
      const cursor = db.collection('things').find({}, { session, batchSize: 2 });
      await cursor.next();
      expect(await admin.command(kill(session.id as Document))).toMatchObject({ ok: 1 });
      await expect(cursor.toArray()).rejects.toThrow();
      await session.endSession();
    }
    await expect(admin.command({ killSessions: [{ id: null }] })).rejects.toMatchObject({ code: 40414 });
    await expect(admin.command({ killAllSessionsByPattern: [5] })).rejects.toMatchObject({ code: 14 });
  });
});

test("a cursor's time stops while nobody reads from it", () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  try {
    const clock = { deadline: performance.now() + 100 };
    const cursor = new Cursor({ namespace: 'db.things', source: [].values(), session: undefined, openedBy: 'find', clock });
    vi.advanceTimersByTime(40);
    cursor.rest();
    vi.advanceTimersByTime(100_000);
    expect(cursor.wake()).toBe(performance.now() + 60);
    expect(clock.deadline).toBe(performance.now() + 60);
  } finally {
    vi.useRealTimers();
  }
});

test('a cursor without a session is closed after ten minutes, one in a session lives as long as that', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  try {
    let isAlive = true;
    const cursors = new Cursors(() => isAlive);
    const [alone, kept, inSession] = ([{ session: undefined }, { session: undefined, noTimeout: true }, { session: 'a' }]).map((options) => {
      const cursor = cursors.create({ namespace: 'db.things', source: [].values(), openedBy: 'find', ...options });
      cursors.keep(cursor);
      return cursor.id;
    });
    const open = (): boolean[] => {
      cursors.closeIdle();
      return [alone, kept, inSession].map((id) => cursors.peek(id as bigint) !== undefined);
    };
    vi.advanceTimersByTime(9 * 60_000);
    expect(open()).toEqual([true, true, true]);
    vi.advanceTimersByTime(16 * 60_000);
    expect(open()).toEqual([false, true, true]);
    isAlive = false;
    expect(open()).toEqual([false, true, false]);
  } finally {
    vi.useRealTimers();
  }
});
