import type { ChangeStream, Collection, Document } from 'mongodb';
import { expect, test } from 'vitest';
import { onEngines } from './on-engines.ts';

type Stored = Document & { _id: number };

onEngines('Change streams', (engine) => {
  const things = async (): Promise<Collection<Stored>> => {
    const db = engine.freshDb();
    await db.createCollection('things');
    return db.collection<Stored>('things');
  };
  /** The next events, after the stream is known to be open. */
  const take = async (stream: ChangeStream<Stored>, count: number): Promise<Document[]> => {
    const events: Document[] = [];
    while (events.length < count) events.push(await stream.next());
    return events;
  };
  const opened = async (stream: ChangeStream<Stored>): Promise<void> => void (await stream.tryNext());

  test('after the last change a stream stands behind its event, and moves on with changes elsewhere', async () => {
    const coll = await things();
    const stream = coll.watch([], { maxAwaitTimeMS: 50 });
    await opened(stream);
    await coll.insertOne({ _id: 1 });
    const [event] = await take(stream, 1);
    expect(stream.resumeToken).toEqual(event?.['_id']);
    await coll.db.collection('others').insertOne({});
    expect(await stream.tryNext()).toBeNull();
    expect(stream.resumeToken).not.toEqual(event?.['_id']);
    await coll.insertOne({ _id: 2 });
    expect(await take(coll.watch([], { resumeAfter: stream.resumeToken }), 1)).toMatchObject([{ documentKey: { _id: 2 } }]);
    await stream.close();
  });

  test('inserts, updates, replacements and deletes come in order, and say what changed', async () => {
    const coll = await things();
    const stream = coll.watch();
    await opened(stream);
    await coll.insertOne({ _id: 1, a: { b: 1, c: 2 }, list: [1, 2, 3] });
    await coll.updateOne({ _id: 1 }, { $set: { 'a.b': 5, added: true }, $unset: { 'a.c': 1 }, $push: { list: 4 } } as Document);
    await coll.updateOne({ _id: 1 }, { $set: { a: { b: 6 } }, $pull: { list: 1 } } as Document);
    await coll.updateOne({ _id: 1 }, [{ $set: { list: [2, 3] } }]);
    await coll.replaceOne({ _id: 1 }, { z: 1 });
    await coll.deleteOne({ _id: 1 });
    const events = await take(stream, 6);
    expect(events.map(({ operationType }) => operationType as string)).toEqual(['insert', 'update', 'update', 'update', 'replace', 'delete']);
    expect(events[0]).toMatchObject({ documentKey: { _id: 1 }, fullDocument: { a: { b: 1, c: 2 } }, ns: { coll: 'things' } });
    expect(events[1]?.['updateDescription']).toEqual({ updatedFields: { 'a.b': 5, added: true, 'list.3': 4 }, removedFields: ['a.c'], truncatedArrays: [] });
    expect(events[2]?.['updateDescription']).toEqual({ updatedFields: { a: { b: 6 }, list: [2, 3, 4] }, removedFields: [], truncatedArrays: [] });
    expect(events[3]?.['updateDescription']).toEqual({ updatedFields: {}, removedFields: [], truncatedArrays: [{ field: 'list', newSize: 2 }] });
    expect(events[4]).toMatchObject({ fullDocument: { _id: 1, z: 1 } });
    expect(events[5]).not.toHaveProperty('fullDocument');
    await stream.close();
  });

  test('a stream goes on after the event whose token it is given, and filters by its pipeline', async () => {
    const coll = await things();
    const first = coll.watch();
    await opened(first);
    await coll.insertMany([{ _id: 1 }, { _id: 2 }, { _id: 3 }]);
    const [event] = await take(first, 1);
    await first.close();
    const second = coll.watch([{ $match: { 'documentKey._id': { $gt: 2 } } }, { $addFields: { seen: true } }], { resumeAfter: event?.['_id'] });
    expect(await take(second, 1)).toMatchObject([{ documentKey: { _id: 3 }, seen: true }]);
    await second.close();
  });

  test('whole documents, before and after, where the collection keeps them', async () => {
    const db = engine.freshDb();
    const coll = await db.createCollection<Stored>('things', { changeStreamPreAndPostImages: { enabled: true } });
    const stream = coll.watch([], { fullDocument: 'updateLookup', fullDocumentBeforeChange: 'whenAvailable' });
    await opened(stream);
    await coll.insertOne({ _id: 1, n: 1 });
    await coll.updateOne({ _id: 1 }, { $inc: { n: 1 } });
    const [, update] = await take(stream, 2);
    expect(update).toMatchObject({ fullDocument: { _id: 1, n: 2 }, fullDocumentBeforeChange: { _id: 1, n: 1 } });
    await stream.close();
  });

  test('a dropped collection ends its stream with invalidate', async () => {
    const coll = await things();
    const stream = coll.watch();
    await opened(stream);
    await coll.drop();
    expect((await take(stream, 2)).map(({ operationType }) => operationType as string)).toEqual(['drop', 'invalidate']);
    await stream.close();
  });

  test('a transaction comes whole, once it has committed', async () => {
    const coll = await things();
    const stream = coll.watch();
    await opened(stream);
    const session = engine.client.startSession();
    session.startTransaction();
    await coll.insertOne({ _id: 1 }, { session });
    expect(await stream.tryNext()).toBeNull();
    await coll.insertOne({ _id: 2 }, { session });
    await session.commitTransaction();
    const events = await take(stream, 2);
    expect(events.map(({ documentKey }) => documentKey as Document)).toEqual([{ _id: 1 }, { _id: 2 }]);
    expect(events[0]?.['lsid']).toEqual(events[1]?.['lsid']);
    await Promise.all([session.endSession(), stream.close()]);
  });

  test('the database and the whole server can be watched', async () => {
    const db = engine.freshDb();
    const [ofDatabase, ofAll] = [db.watch<Stored>(), engine.client.watch<Stored>()];
    await Promise.all([opened(ofDatabase), opened(ofAll)]);
    await db.collection<Stored>('one').insertOne({ _id: 1 });
    expect(await take(ofDatabase, 1)).toMatchObject([{ ns: { db: db.databaseName, coll: 'one' } }]);
    expect(await take(ofAll, 1)).toMatchObject([{ ns: { coll: 'one' } }]);
    await Promise.all([ofDatabase.close(), ofAll.close()]);
  });

  test('those who ask for all events are told of views, of what a name was, and of paths that can be read in two ways', async () => {
    const db = engine.freshDb();
    const coll = await db.createCollection<Stored>('things');
    await coll.insertOne({ _id: 1, a: [{ 1: 1 }], b: { c: 1 } });
    const stream = db.watch<Stored>([], { showExpandedEvents: true });
    await stream.tryNext();
    await coll.updateOne({ _id: 1 }, { $set: { 'a.0.1': 2, 'b.c': 2 } });
    await db.createCollection('view', { viewOn: 'things', pipeline: [] });
    await db.createCollection('other');
    await coll.rename('other', { dropTarget: true });
    const events: Document[] = [];
    while (events.length < 4) events.push(await stream.next());
    expect(events[0]).toMatchObject({ updateDescription: { updatedFields: { 'a.0.1': 2, 'b.c': 2 }, disambiguatedPaths: { 'a.0.1': ['a', 0, '1'] } } });
    expect(events[1]).toMatchObject({ operationType: 'create', nsType: 'view', operationDescription: { viewOn: 'things' } });
    expect(events[2]).toMatchObject({ operationType: 'create', nsType: 'collection', operationDescription: { idIndex: { name: '_id_' } } });
    expect(events[3]).toMatchObject({ operationType: 'rename', operationDescription: { to: { coll: 'other' }, dropTarget: expect.anything() as unknown } });
    await stream.close();
  });

  test('a stream whose token was taken away cannot go on, and drivers are told so', async () => {
    const coll = await things();
    const stream = coll.watch([{ $project: { _id: 0 } }]);
    await stream.tryNext();
    await coll.insertOne({ _id: 1 });
    await expect(stream.next()).rejects.toMatchObject({ code: 280, errorLabels: ['NonResumableChangeStreamError'] });
    await expect(coll.watch([{ $nothing: {} }]).next()).rejects.toMatchObject({ code: 40324 });
  });

  test('what was read by others than a majority is not shown', async () => {
    const coll = await things();
    const open = (readConcern: Document): Promise<Document> => engine.client.db(coll.dbName).command({ aggregate: 'things', pipeline: [{ $changeStream: {} }], cursor: {}, readConcern });
    expect(await open({ level: 'majority' })).toMatchObject({ ok: 1 });
    for (const level of ['local', 'available', 'snapshot', 'linearizable']) await expect(open({ level })).rejects.toMatchObject({ code: 72 });
  });

  test('an event that is too large is split where that was asked for, and a stream goes on behind a fragment', async () => {
    const coll = await engine.freshDb().createCollection<Stored>('things', { changeStreamPreAndPostImages: { enabled: true } });
    const options = { fullDocument: 'required', fullDocumentBeforeChange: 'required' } as const;
    const split = [{ $changeStreamSplitLargeEvent: {} }];
    const stream = coll.watch(split, options);
    const whole = coll.watch([], options);
    await opened(stream);
    await opened(whole);
    await coll.insertOne({ _id: 1, n: 1, text: 'x'.repeat(10 * 1024 * 1024) });
    await coll.updateOne({ _id: 1 }, { $inc: { n: 1 } });
    const [small, first, second] = await take(stream, 3);
    expect(small).not.toHaveProperty('splitEvent');
    expect([first?.['splitEvent'], second?.['splitEvent']]).toEqual([{ fragment: 1, of: 2 }, { fragment: 2, of: 2 }]);
    expect({ ...first, ...second }).toMatchObject({ operationType: 'update', documentKey: { _id: 1 }, updateDescription: { updatedFields: { n: 2 } }, fullDocument: { n: 2 }, fullDocumentBeforeChange: { n: 1 } });
    expect(Object.keys(first ?? {}).filter((name) => name !== '_id' && name !== 'splitEvent').some((name) => name in (second ?? {}))).toBe(false);
    await expect(take(whole, 2)).rejects.toMatchObject({ code: 10334, errorLabels: ['NonResumableChangeStreamError'] });

    const again = coll.watch(split, { ...options, resumeAfter: first?.['_id'] });
    expect(await take(again, 1)).toMatchObject([{ splitEvent: { fragment: 2, of: 2 } }]);
    await coll.insertOne({ _id: 2 });
    expect(await take(again, 1)).toMatchObject([{ operationType: 'insert', documentKey: { _id: 2 } }]);
    await expect(coll.watch([], { ...options, resumeAfter: first?.['_id'] }).next()).rejects.toMatchObject({ code: 280 });
    await Promise.all([stream.close(), again.close()]);
  });

  test('the stage that splits stands at the end of a change stream, and takes nothing', async () => {
    const coll = await things();
    const run = (pipeline: Document[]): Promise<Document> => engine.client.db(coll.dbName).command({ aggregate: 'things', pipeline, cursor: {} });
    await expect(run([{ $changeStream: {} }, { $changeStreamSplitLargeEvent: {} }, { $match: {} }])).rejects.toMatchObject({ code: 7182802 });
    await expect(run([{ $changeStream: {} }, { $changeStreamSplitLargeEvent: { size: 1 } }])).rejects.toMatchObject({ code: 7182800 });
    expect(await run([{ $changeStream: {} }, { $fill: { output: { x: { value: 0 } } } }])).toMatchObject({ ok: 1 });
    await expect(run([{ $changeStream: {} }, { $fill: { output: { x: { method: 'locf' } } } }])).rejects.toMatchObject({ code: 20 });
    await expect(run([{ $changeStreamSplitLargeEvent: {} }])).rejects.toMatchObject({ code: 20 });
  });
}, { replset: true });
