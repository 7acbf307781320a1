import { Decimal128, Double, type Document } from 'mongodb';
import { expect, test } from 'vitest';
import { onEngines } from './on-engines.ts';

type Stored = Document & { _id: number };

onEngines('What an update refuses', (engine) => {
  const updating = async (before: Document, update: Document): Promise<Document | null> => {
    const coll = engine.freshDb().collection<Stored>('things');
    await coll.insertOne({ _id: 1, ...before });
    await coll.updateOne({ _id: 1 }, update);
    return coll.findOne({ _id: 1 }, { projection: { _id: 0 } });
  };

  const updatingWith = async (before: Document, update: Document, arrayFilters: Document[]): Promise<Document | null> => {
    const coll = engine.freshDb().collection<Stored>('things');
    await coll.insertOne({ _id: 1, ...before });
    await coll.updateOne({ _id: 1 }, update, { arrayFilters });
    return coll.findOne({ _id: 1 }, { projection: { _id: 0 } });
  };

  test.each<[string, Document, Document, number]>([
    ['$rename to _id', { a: 1 }, { $rename: { a: '_id' } }, 66],
    ['$rename out of what is no document', { a: 1 }, { $rename: { 'a.b': 'c' } }, 28],
    ['$pop below what is no document', { a: 1 }, { $pop: { 'a.b': 1 } }, 28],
    ['a clause that $addToSet does not have', { a: [1] }, { $addToSet: { a: { $each: [2], $slice: 1 } } }, 2],
    ['an order of $push that is none', { a: [] }, { $push: { a: { $each: [1], $sort: { b: 0 } } } }, 2],
    ['two positions in one path', { a: [{ b: [1] }] }, { $set: { 'a.$.b.$': 1 } }, 2],
    ['bits of null', { a: null }, { $bit: { a: { and: 1 } } }, 2],
  ])('%s', async (_, before, update, code) => {
    await expect(updating(before, update)).rejects.toMatchObject({ code });
  });

  test('a part of _id that the query says nothing of', async () => {
    const coll = engine.freshDb().collection<Stored>('things');
    await expect(coll.updateOne({ '_id.a': 1 }, { $setOnInsert: { '_id.b': 2 } }, { upsert: true })).rejects.toMatchObject({ code: 66 });
  });

  test('what fails in the constants of a pipeline fails for a document, and not where none matches', async () => {
    const coll = engine.freshDb().collection<Stored>('things');
    await coll.insertOne({ _id: 1 });
    const wrong = [{ $set: { n: { $add: ['one', 1] } } }];
    expect(await coll.updateMany({ _id: 2 }, wrong)).toMatchObject({ matchedCount: 0 });
    expect(await coll.findOneAndUpdate({ _id: 2 }, [{ $replaceWith: { n: { $divide: [1, 0] } } }])).toBeNull();
    await expect(coll.updateOne({ _id: 1 }, wrong)).rejects.toMatchObject({ code: 14 });
    await expect(coll.updateOne({ _id: 2 }, wrong, { upsert: true })).rejects.toMatchObject({ code: 14 });
  });

  test('a field whose name begins with a dollar sign may be in a document that an upsert makes, and not be put into one that is there', async () => {
    const coll = engine.freshDb().collection<Stored>('things');
    await coll.updateOne({ _id: 1 }, { $set: { $price: 1, 'parts.$id': 2 }, $inc: { '$stock.here': 3 } }, { upsert: true });
    expect(await coll.findOne({ _id: 1 })).toEqual({ _id: 1, $price: 1, parts: { $id: 2 }, $stock: { here: 3 } });
    await coll.replaceOne({ _id: 2 }, { a: 1, $price: 1 }, { upsert: true });
    expect(await coll.findOneAndUpdate({ _id: 3 }, { $set: { $list: [1] } }, { upsert: true, returnDocument: 'after' })).toEqual({ _id: 3, $list: [1] });

    for (const update of [{ $set: { $price: 2 } }, { $set: { '$new.part': 2 } }, { $inc: { $price: 1 } }, { $rename: { parts: '$parts' } }]) {
      await expect(coll.updateOne({ _id: 1 }, update, { upsert: true })).rejects.toMatchObject({ code: 52 });
    }
    await expect(coll.replaceOne({ _id: 2 }, { a: 2, $price: 1 }, { upsert: true })).rejects.toMatchObject({ code: 52 });
    expect(await coll.updateOne({ _id: 9 }, { $set: { $price: 2 } })).toMatchObject({ matchedCount: 0 });
    await coll.updateOne({ _id: 1 }, { $unset: { $price: 1 }, $set: { '$stock.here': 4 } });
    expect(await coll.findOne({ _id: 1 })).toEqual({ _id: 1, parts: { $id: 2 }, $stock: { here: 4 } });
  });

  test('0 takes the place of a minus zero', async () => {
    expect(Object.is((await updating({ n: new Double(-0) }, { $set: { n: new Double(0) } }))?.n, 0)).toBe(true);
  });

  test('adding nothing to a minus zero leaves it', async () => {
    expect(await updating({ n: Decimal128.fromString('-0') }, { $inc: { n: 0 } })).toEqual({ n: Decimal128.fromString('-0') });
  });

  test('two operators for one place, which the query or a filter of items names', async () => {
    const coll = engine.freshDb().collection<Stored>('things');
    await coll.insertOne({ _id: 1, a: [1, 2], d: [{ n: 1 }, { n: 2 }] });
    const refused = async (filter: Document, update: Document, arrayFilters?: Document[]): Promise<void> =>
      expect(coll.updateOne({ _id: 1, ...filter }, update, arrayFilters ? { arrayFilters } : {})).rejects.toMatchObject({ code: 40 });
    await refused({}, { $set: { 'a.$[x]': 9 }, $inc: { 'a.$[y]': 1 } }, [{ x: 1 }, { y: { $lt: 2 } }]);
    await refused({}, { $set: { 'd.$[x].n': 9, 'd.$[]': 0 } }, [{ 'x.n': 1 }]);
    await refused({}, { $set: { 'd.$[x].n': 9, 'd.1.n': 0 } }, [{ 'x.n': 1 }]);
    await refused({}, { $set: { 'a.$[]': 9, 'a.0': 0 } });
    await refused({ a: 1 }, { $set: { 'a.$': 9, 'a.0': 0 } });
    expect(await coll.findOne()).toEqual({ _id: 1, a: [1, 2], d: [{ n: 1 }, { n: 2 }] });
    await coll.updateOne({ _id: 1, a: 2 }, { $set: { 'a.$': 9, 'a.0': 0, 'd.$[x].n': 5, 'd.$[y].m': 6 } }, { arrayFilters: [{ 'x.n': 1 }, { 'y.n': 2 }] });
    expect(await coll.findOne()).toEqual({ _id: 1, a: [0, 9], d: [{ n: 5 }, { n: 2, m: 6 }] });
  });

  test('which items a filter means is told by the document as it was', async () => {
    expect(await updatingWith({ d: [{ n: 1, v: 0 }, { n: 2, v: 0 }] }, { $set: { 'd.$[x].n': 2 }, $inc: { 'd.$[y].v': 1 } }, [{ 'x.n': 1 }, { 'y.n': 1 }]))
      .toEqual({ d: [{ n: 2, v: 1 }, { n: 2, v: 0 }] });
  });

  test.each<[string, Document, Document | number]>([
    ['a field and one below it', { a: { c: 1 }, 'a.b': 1 }, 54],
    ['the same, the other way round', { 'a.b.c': 1, $and: [{ 'a.b': { c: 1 } }] }, 54],
    ['two fields of one document', { 'a.b': 1, 'a.c': 2 }, { a: { b: 1, c: 2 }, x: 1 }],
    ['a list of one', { a: { $in: [1] } }, { a: 1, x: 1 }],
    ['a list of one pattern', { a: { $in: [/b/] } }, { x: 1 }],
  ])('an upsert is made of what its query says: %s', async (_, filter, made) => {
    const coll = engine.freshDb().collection<Stored>('things');
    const done = coll.updateOne(filter, { $set: { x: 1 } }, { upsert: true });
    if (typeof made === 'number') await expect(done).rejects.toMatchObject({ code: made });
    else await done.then(async () => expect(await coll.findOne({}, { projection: { _id: 0 } })).toEqual(made));
  });

  test('a document nested deeper than what can be read again', async () => {
    const coll = engine.freshDb().collection<Stored>('things');
    await coll.insertOne({ _id: 1, a: 1 });
    const below = (levels: number): string => Array.from({ length: levels }, () => 'b').join('.');
    await expect(coll.updateOne({ _id: 1 }, { $set: { [below(250)]: 1 } })).rejects.toMatchObject({ code: 15 });
    await expect(coll.updateOne({ _id: 1 }, { $set: { [below(182)]: 1 } })).rejects.toMatchObject({ code: 15 });
    await expect(coll.updateOne({ _id: 1 }, [{ $set: { [below(182)]: '$a' } }])).rejects.toMatchObject({ code: 15 });
    expect(await coll.updateOne({ _id: 1 }, { $set: { [below(181)]: 1 } })).toMatchObject({ modifiedCount: 1 });
    expect(await coll.countDocuments({ [below(181)]: 1 })).toBe(1);
  });
});
