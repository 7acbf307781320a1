import { expect, test } from 'vitest';
import { onEngines } from './on-engines.ts';

onEngines('Collections and what changes them', (engine) => {
  test("the profiler's collection may be dropped where it is not, other collections of the system may not", async () => {
    const db = engine.freshDb();
    expect(await db.collection('system.profile').drop()).toBe(true);
    await expect(db.command({ drop: 'system.things' })).rejects.toMatchObject({ code: 20 });
  });

  test('an index becomes unique in two steps, and says which documents are in the way', async () => {
    const db = engine.freshDb();
    const coll = db.collection<{ _id: number; n: number }>('things');
    await coll.insertMany([{ _id: 1, n: 1 }, { _id: 2, n: 1 }]);
    await coll.createIndex({ n: 1 });
    await expect(db.command({ collMod: 'things', index: { name: 'n_1', unique: true } })).rejects.toMatchObject({ code: 72 });
    expect(await db.command({ collMod: 'things', index: { name: 'n_1', prepareUnique: true } })).toMatchObject({ prepareUnique_old: false, prepareUnique_new: true });
    await expect(coll.insertOne({ _id: 3, n: 1 })).rejects.toMatchObject({ code: 11000 });
    await expect(db.command({ collMod: 'things', index: { name: 'n_1', unique: true } })).rejects.toMatchObject({ code: 359, errorResponse: { violations: [{ ids: [1, 2] }] } });
    await coll.deleteOne({ _id: 2 });
    expect(await db.command({ collMod: 'things', index: { name: 'n_1', unique: true }, dryRun: true })).not.toHaveProperty('unique_new');
    expect(await db.command({ collMod: 'things', index: { name: 'n_1', unique: true } })).toMatchObject({ unique_new: true });
    expect((await coll.indexes()).find(({ name }) => name === 'n_1')).toMatchObject({ unique: true });
  });

  test('a time to live is changed within its limits', async () => {
    const db = engine.freshDb();
    await db.collection('things').createIndex({ at: 1 }, { expireAfterSeconds: 60 });
    expect(await db.command({ collMod: 'things', index: { name: 'at_1', expireAfterSeconds: 2 ** 40 } })).toMatchObject({ expireAfterSeconds_old: 60, expireAfterSeconds_new: 2147483647 });
    await expect(db.command({ collMod: 'things', index: { name: 'at_1', expireAfterSeconds: -1 } })).rejects.toMatchObject({ code: 72 });
    await expect(db.command({ collMod: 'things', index: { name: '_id_', expireAfterSeconds: 1 } })).rejects.toMatchObject({ code: 72 });
  });

  test('a capped collection gets other limits, another collection none', async () => {
    const db = engine.freshDb();
    const capped = await db.createCollection<{ _id: number }>('capped', { capped: true, size: 4096, max: 5 });
    await db.command({ collMod: 'capped', cappedMax: 2 });
    await capped.insertMany([{ _id: 1 }, { _id: 2 }, { _id: 3 }]);
    expect(await capped.find().toArray()).toEqual([{ _id: 2 }, { _id: 3 }]);
    await db.createCollection('plain');
    await expect(db.command({ collMod: 'plain', cappedMax: 2 })).rejects.toMatchObject({ code: 72 });
  });

  test('a view is checked when it is made: its stages, and that it is not made of itself', async () => {
    const db = engine.freshDb();
    await expect(db.createCollection('v', { viewOn: 'c', pipeline: [{ $fly: {} }] })).rejects.toMatchObject({ code: 40324 });
    await expect(db.createCollection('v', { viewOn: 'c', pipeline: [{ $out: 'd' }] })).rejects.toMatchObject({ code: 167 });
    await db.createCollection('v', { viewOn: 'c', pipeline: [] });
    await db.createCollection('w', { viewOn: 'v', pipeline: [] });
    await expect(db.command({ collMod: 'v', viewOn: 'w', pipeline: [] })).rejects.toMatchObject({ code: 5 });
  });

  test('names of the system are not renamed', async () => {
    const db = engine.freshDb();
    await db.createCollection('things');
    const rename = { renameCollection: `${db.databaseName}.things`, to: `${db.databaseName}.system.users` };
    await expect(engine.client.db('admin').command(rename)).rejects.toMatchObject({ code: 20 });
  });

  test('a collection becomes capped with the newest documents that fit, and without its indexes', async () => {
    const db = engine.freshDb();
    const coll = db.collection<{ _id: number; text: string }>('things');
    await coll.insertMany([1, 2, 3, 4].map((_id) => ({ _id, text: 'x'.repeat(200) })));
    await coll.createIndex({ text: 1 });
    await db.command({ cloneCollectionAsCapped: 'things', toCollection: 'copy', size: 1024 });
    await db.command({ convertToCapped: 'things', size: 512 });
    expect((await coll.find().toArray()).map(({ _id }) => _id)).toEqual([3, 4]);
    expect((await coll.indexes()).map(({ name }) => name)).toEqual(['_id_']);
    expect(await db.command({ collStats: 'things' })).toMatchObject({ capped: true, maxSize: 512 });
    expect(await db.collection('copy').countDocuments()).toBe(4);
    await expect(db.command({ convertToCapped: 'nothing', size: 512 })).rejects.toMatchObject({ code: 26 });
  });

  test('views stand in a collection, with which they go', async () => {
    const db = engine.freshDb();
    await db.createCollection('v', { viewOn: 'c', pipeline: [{ $match: { n: 1 } }] });
    await db.command({ collMod: 'v', viewOn: 'd', pipeline: [] });
    expect(await db.collection('system.views').find().toArray()).toEqual([{ _id: `${db.databaseName}.v`, viewOn: 'd', pipeline: [] }]);
    await db.dropCollection('system.views');
    expect(await db.listCollections().toArray()).toEqual([]);
  });

  test.each([
    [{ validator: { $where: 'true' } }, 2],
    [{ validator: { at: { $near: [1, 1] } } }, 5626500],
    [{ validationLevel: 'sometimes' }, 2],
    [{ collation: { locale: 'en', version: '1' } }, 161],
    [{ collation: { locale: 'en', caseLevel: 1 } }, 14],
    [{ storageEngine: { other: {} } }, 72],
    [{ storageEngine: { wiredTiger: { configString: 'nonsense=1' } } }, 2],
    [{ idIndex: { key: { _id: 1 }, name: '_id_', collation: { locale: 'en' } } }, 2],
    [{ capped: true, size: 2 ** 51 }, 2],
    [{ viewOn: 'c', changeStreamPreAndPostImages: { enabled: true } }, 72],
  ])('%j is refused', async (options, code) => {
    await expect(engine.freshDb().command({ create: 'things', ...options })).rejects.toMatchObject({ code });
  });

  test('no option is the same as its being empty, and the same collection may be created again', async () => {
    const db = engine.freshDb();
    await db.createCollection('things');
    await db.command({ create: 'things', storageEngine: {}, collation: { locale: 'simple' } });
    await expect(db.command({ create: 'things', validationLevel: 'strict' })).rejects.toMatchObject({ code: 48 });
  });

  test('MongoDB\'s own databases are there from the start', async () => {
    const { databases } = await engine.client.db().admin().listDatabases({ nameOnly: true });
    expect(databases.map(({ name }) => name)).toEqual(expect.arrayContaining(['admin', 'local']));
    expect(await engine.client.db('admin').collection<{ _id: string }>('system.version').findOne({ _id: 'featureCompatibilityVersion' })).toMatchObject({ version: expect.stringMatching(/^\d+\.\d+$/) as unknown });
  });
});
