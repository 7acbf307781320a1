import { expect, test } from 'vitest';
import { encodeDocument } from '../../src/engine/embedded/bson/encode.ts';
import { int32 } from '../../src/engine/embedded/bson/decode.ts';
import { Binary, Doc } from '../../src/engine/embedded/bson/value.ts';
import { Collection } from '../../src/engine/embedded/storage/collection.ts';
import { validateCollection } from '../../src/engine/embedded/validate-collection.ts';
import { onEngines } from './on-engines.ts';

onEngines('validate', (engine) => {
  test('says of a sound collection what the manual says it does, in its order', async () => {
    const db = engine.freshDb();
    const coll = db.collection<{ _id: number; tags: string[] }>('things');
    await coll.createIndex({ tags: 1 });
    await coll.insertMany([{ _id: 1, tags: ['a', 'b'] }, { _id: 2, tags: [] }, { _id: 3, tags: ['c'] }]);
    const answer = await db.command({ validate: 'things' });
    const [{ info }] = await db.listCollections({ name: 'things' }).toArray() as unknown as [{ info: { uuid: unknown } }];
    expect(answer).toMatchObject({
      valid: true, repaired: false, repairMode: 'None', ns: `${db.databaseName}.things`, uuid: info.uuid, warnings: [], errors: [], extraIndexEntries: [], missingIndexEntries: [],
      nInvalidDocuments: 0, nNonCompliantDocuments: 0, nrecords: 3, corruptRecords: [], nIndexes: 2, keysPerIndex: { _id_: 3, tags_1: 4 },
      indexDetails: { _id_: { valid: true, spec: { v: 2, key: { _id: 1 }, name: '_id_' } }, tags_1: { valid: true, spec: { v: 2, key: { tags: 1 }, name: 'tags_1' } } }, ok: 1,
    });
    expect(Object.keys(answer).slice(0, 17)).toEqual([
      'valid', 'repaired', 'repairMode', 'ns', 'uuid', 'warnings', 'errors', 'extraIndexEntries', 'missingIndexEntries', 'nInvalidDocuments', 'nNonCompliantDocuments',
      'nrecords', 'corruptRecords', 'nIndexes', 'keysPerIndex', 'indexDetails', 'ok',
    ]);
  });

  test('counts the documents that the validator would not let in, unless it is off', async () => {
    const db = engine.freshDb();
    const coll = db.collection<{ _id: number; age?: number }>('people');
    await coll.insertMany([{ _id: 1, age: 3 }, { _id: 2 }, { _id: 3, age: -1 }]);
    await db.command({ collMod: 'people', validator: { age: { $gte: 0 } }, validationAction: 'warn' });
    expect(await db.command({ validate: 'people', full: true })).toMatchObject({
      valid: true, nInvalidDocuments: 0, nNonCompliantDocuments: 2, errors: [],
      warnings: ["Detected one or more documents not compliant with the collection's schema. Check logs for log id 5363500."],
    });
    await db.command({ collMod: 'people', validationLevel: 'off' });
    expect(await db.command({ validate: 'people' })).toMatchObject({ nNonCompliantDocuments: 0, warnings: [] });
  });

  test('of the metadata alone it says nothing of documents', async () => {
    const db = engine.freshDb();
    await db.collection('things').insertOne({});
    const answer = await db.command({ validate: 'things', metadata: true });
    expect(answer).toMatchObject({ valid: true, repairMode: 'None', warnings: [], errors: [] });
    for (const field of ['nInvalidDocuments', 'nNonCompliantDocuments', 'nrecords']) expect(answer).not.toHaveProperty(field);
  });

  test('a collection in the order of its _id has no index on it, a capped one has', async () => {
    const db = engine.freshDb();
    await db.createCollection('clustered', { clusteredIndex: { key: { _id: 1 }, unique: true } });
    await db.collection('clustered').insertOne({});
    expect(await db.command({ validate: 'clustered' })).toMatchObject({ valid: true, nrecords: 1, nIndexes: 0, keysPerIndex: {} });
    await db.createCollection('capped', { capped: true, size: 4096, max: 2 });
    await db.collection('capped').insertMany([{}, {}, {}]);
    expect(await db.command({ validate: 'capped' })).toMatchObject({ valid: true, nrecords: 2, keysPerIndex: { _id_: 2 } });
  });

  test('what is not there, or is a view, or does not go together, has its code', async () => {
    const db = engine.freshDb();
    await expect(db.command({ validate: 'nothing' })).rejects.toMatchObject({ code: 26 });
    await expect(db.command({ validate: '$nothing' })).rejects.toMatchObject({ code: 26 });
    await expect(db.command({ validate: '' })).rejects.toMatchObject({ code: 73 });
    await expect(db.command({ validate: 1 })).rejects.toMatchObject({ code: 73 });
    await db.createCollection('things');
    await db.createCollection('seen', { viewOn: 'things', pipeline: [] });
    await expect(db.command({ validate: 'seen' })).rejects.toMatchObject({ code: 166 });
    for (const options of [
      { metadata: true, full: true }, { metadata: true, repair: true }, { metadata: true, background: true }, { metadata: true, checkBSONConformance: true },
      { checkBSONConformance: true, repair: true }, { background: true, full: true }, { background: true, repair: true }, { repair: true, fixMultikey: false },
    ]) await expect(db.command({ validate: 'things', ...options })).rejects.toMatchObject({ code: 72 });
    expect(await db.command({ validate: 'things', full: 'yes', metadata: 0, checkBSONConformance: 1, unheardOf: 1 })).toMatchObject({ valid: true });
    await expect(db.command({ validate: 'things', writeConcern: { w: 1 } })).rejects.toMatchObject({ code: 72 });
  });

  test('a standalone repairs, where there is nothing to, and has no background', async () => {
    const db = engine.freshDb();
    await db.createCollection('things');
    expect(await db.command({ validate: 'things', repair: true })).toMatchObject({ repaired: false, repairMode: 'FixErrors' });
    expect(await db.command({ validate: 'things', fixMultikey: true })).toMatchObject({ repaired: false, repairMode: 'AdjustMultikey' });
    await expect(db.command({ validate: 'things', background: true })).rejects.toMatchObject({ code: 115 });
  });
});

onEngines('validate on a replica set', (engine) => {
  test('repairs nothing', async () => {
    const db = engine.freshDb();
    await db.collection('things').insertOne({});
    for (const options of [{ repair: true }, { fixMultikey: true }]) await expect(db.command({ validate: 'things', ...options })).rejects.toMatchObject({ code: 72 });
    expect(await db.command({ validate: 'things' })).not.toHaveProperty('readTimestamp');
  });
}, { replset: true });

/** Runs it to its end. */
function validated(collection: Collection): Doc {
  const work = validateCollection(collection, 'db.things', { metadata: false, background: false, repairMode: 'None' }, undefined);
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

test('entries that are lost, or of no document, and bytes that are no BSON, are found', () => {
  const collection = new Collection('things', new Binary(4, Buffer.alloc(16)));
  for (let id = 1; id <= 3; id++) collection.insert(encodeDocument(Doc.of({ _id: int32(id) })));
  expect(validated(collection).get('valid')).toBe(true);
  const [first] = [...collection.idIndex.keysOf(collection.get(1) as Buffer).keys];
  collection.idIndex.entries.remove(first as string, 1);
  collection.idIndex.entries.add('\uffff', 9);
  const found = validated(collection);
  expect(found.get('valid')).toBe(false);
  expect(found.get('warnings')).toEqual(['Detected 1 missing index entries.', 'Detected 1 extra index entries.']);
  expect(found.get('missingIndexEntries')).toMatchObject([Doc.of({ indexName: '_id_', recordId: 1n, idKey: Doc.of({ _id: int32(1) }) })]);
  (collection.get(2) as Buffer)[4] = 0x7f;
  expect(validated(collection).get('corruptRecords')).toEqual([2n]);
});
