import type { Document } from 'mongodb';
import { expect, test } from 'vitest';
import { onEngines } from './on-engines.ts';

onEngines('Stages that write', (engine) => {
  /** What a target holds after `$merge` of a source into it. */
  async function merged(source: Document[], target: Document[], merge: Document): Promise<Document[]> {
    const db = engine.freshDb();
    if (source.length > 0) await db.collection('source').insertMany(source);
    await db.collection('target').createIndex({ key: 1 }, { unique: true });
    if (target.length > 0) await db.collection('target').insertMany(target);
    await db.collection('source').aggregate([{ $merge: { into: 'target', ...merge } }]).toArray();
    return db.collection('target').find().sort({ _id: 1 }).toArray();
  }

  const there = [{ _id: 1, key: 'a', old: true, n: 1 }] as unknown as Document[];
  const comes = [{ _id: 1, key: 'a', n: 2 }, { _id: 2, key: 'b', n: 3 }] as unknown as Document[];

  test.each<[Document, Document[]]>([
    [{}, [{ _id: 1, key: 'a', old: true, n: 2 }, { _id: 2, key: 'b', n: 3 }]],
    [{ whenMatched: 'replace' }, [{ _id: 1, key: 'a', n: 2 }, { _id: 2, key: 'b', n: 3 }]],
    [{ whenMatched: 'keepExisting' }, [{ _id: 1, key: 'a', old: true, n: 1 }, { _id: 2, key: 'b', n: 3 }]],
    [{ whenNotMatched: 'discard' }, [{ _id: 1, key: 'a', old: true, n: 2 }]],
    [{ whenMatched: [{ $set: { n: { $add: ['$n', '$$new.n'] } } }] }, [{ _id: 1, key: 'a', old: true, n: 3 }, { _id: 2, key: 'b', n: 3 }]],
    [{ let: { more: '$n' }, whenMatched: [{ $set: { n: '$$more' } }], whenNotMatched: 'discard' }, [{ _id: 1, key: 'a', old: true, n: 2 }]],
  ])('$merge with %j', async (merge, expected) => {
    expect(await merged(comes, there, merge)).toEqual(expected);
    expect(await merged(comes, there, { ...merge, on: 'key' })).toEqual(expected);
  });

  test.each<[Document, number]>([
    [{ on: 'n' }, 51183],
    [{ whenMatched: 'fail', whenNotMatched: 'fail' }, 51181],
    [{ let: { a: 1 }, whenMatched: 'merge' }, 51199],
    [{ let: { new: 1 }, whenMatched: [] }, 51273],
    [{ whenMatched: [{ $group: { _id: 1 } }] }, 72],
    [{ whenNotMatched: 'fail' }, 13113],
    [{ whenMatched: 'fail' }, 11000],
    [{ into: { db: 'admin', coll: 'c' } }, 31320],
    [{ on: [] }, 51187],
  ])('$merge with %j is refused', async (merge, code) => {
    await expect(merged(comes, there, merge)).rejects.toMatchObject({ code });
  });

  test('a document that cannot be written does not keep the others from it', async () => {
    const db = engine.freshDb();
    await db.collection<{ _id: number }>('source').insertMany([{ _id: 1 }, { _id: 2 }]);
    await db.collection<{ _id: number }>('target').insertOne({ _id: 1 });
    await expect(db.collection('source').aggregate([{ $merge: { into: 'target', whenMatched: 'fail' } }]).toArray()).rejects.toMatchObject({ code: 11000 });
    expect(await db.collection('target').countDocuments()).toBe(2);
  });

  test('another database is written to', async () => {
    const [db, other] = [engine.freshDb(), engine.freshDb()];
    await db.collection<{ _id: number }>('source').insertOne({ _id: 1 });
    await db.collection('source').aggregate([{ $merge: { into: { db: other.databaseName, coll: 'merged' } } }]).toArray();
    await db.collection('source').aggregate([{ $out: { db: other.databaseName, coll: 'out' } }]).toArray();
    for (const name of ['merged', 'out']) expect(await other.collection(name).find().toArray()).toEqual([{ _id: 1 }]);
  });

  test('$out replaces a collection whole, keeping its indexes, or not at all', async () => {
    const db = engine.freshDb();
    await db.collection<{ _id: number; n: number }>('source').insertMany([{ _id: 1, n: 1 }, { _id: 2, n: 1 }]);
    await db.collection<{ _id: number }>('target').insertOne({ _id: 9 });
    await db.collection('target').createIndex({ n: 1 }, { unique: true });
    await expect(db.collection('source').aggregate([{ $out: 'target' }]).toArray()).rejects.toMatchObject({ code: 11000 });
    expect(await db.collection('target').find().toArray()).toEqual([{ _id: 9 }]);
    await db.collection('source').aggregate([{ $match: { _id: 1 } }, { $out: 'target' }]).toArray();
    expect(await db.collection('target').find().toArray()).toEqual([{ _id: 1, n: 1 }]);
    expect((await db.collection('target').indexes()).map(({ name }) => name)).toEqual(['_id_', 'n_1']);
    expect((await db.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name).sort()).toEqual(['source', 'target']);
  });

  test.each<[Document | string, number]>([['system.x', 17385], [{ db: 'admin', coll: 'c' }, 31321], [{ coll: 'c' }, 40414], [{ db: 'd', coll: 'c', more: 1 }, 40415]])('$out of %j is refused', async (out, code) => {
    await expect(engine.freshDb().collection('source').aggregate([{ $out: out }] as Document[]).toArray()).rejects.toMatchObject({ code });
  });

  test('$out does not replace a capped collection', async () => {
    const db = engine.freshDb();
    await db.createCollection('ring', { capped: true, size: 4096 });
    await expect(db.collection('source').aggregate([{ $out: 'ring' }]).toArray()).rejects.toMatchObject({ code: 17152 });
  });
});
