import fc from 'fast-check';
import { Decimal128, Double, Int32, Long, type Collection, type Document } from 'mongodb';
import { expect, test } from 'vitest';
import { onEngines } from './on-engines.ts';

// Two ways to ask for the same thing have to give the same, whatever the data. METAMORPHIC_RUNS=10000 tries that many cases.
const runs = Number(process.env.METAMORPHIC_RUNS ?? 100);

const numbers = fc.oneof(
  fc.integer({ min: -4, max: 4 }).map((value) => new Int32(value)),
  fc.constantFrom(0, -0, 0.5, 2, Number.NaN, 1e300).map((value) => new Double(value)),
  fc.constantFrom(2, -3, 2 ** 40).map((value) => Long.fromNumber(value)),
  fc.constantFrom('1', '2.0', '0.5', 'NaN', '-1E+3').map((value) => Decimal128.fromString(value)),
);
const scalars = fc.oneof(
  { weight: 4, arbitrary: numbers }, { weight: 2, arbitrary: fc.constantFrom('', 'a', 'A', 'b', 'ab', 'é') },
  fc.constantFrom(true, false, null), fc.constantFrom(0, 86_400_000).map((time) => new Date(time)),
);
const values = fc.oneof(
  { weight: 5, arbitrary: scalars }, { weight: 2, arbitrary: fc.array(scalars, { maxLength: 3 }) },
  fc.record({ x: scalars, y: scalars }, { requiredKeys: [] }), fc.array(fc.record({ x: scalars }, { requiredKeys: [] }), { maxLength: 3 }),
);
const documents = fc.array(fc.record({ a: values, b: values, c: scalars }, { requiredKeys: [] }), { minLength: 1, maxLength: 12 });

const fields = fc.constantFrom('a', 'b', 'c', 'a.x', 'b.x', 'a.0');
const comparisons = fc.constantFrom('$eq', '$ne', '$gt', '$gte', '$lt', '$lte');
const operators: fc.Arbitrary<Document> = fc.oneof(
  fc.tuple(comparisons, scalars).map(([name, value]) => ({ [name]: value })),
  fc.tuple(fc.constantFrom('$in', '$nin'), fc.array(scalars, { maxLength: 3 })).map(([name, list]) => ({ [name]: list })),
  fc.boolean().map((there) => ({ $exists: there })), fc.constantFrom({ $size: 1 }, { $type: 'number' }, { $regex: '^a' }, { $mod: [2, 0] }, { $all: [1, 2] }),
  fc.tuple(comparisons, scalars).map(([name, value]) => ({ $elemMatch: { [name]: value } })),
  fc.tuple(scalars, scalars).map(([low, high]) => ({ $gte: low, $lte: high })),
  fc.tuple(comparisons, scalars).map(([name, value]) => ({ $not: { [name]: value } })),
);
const condition = fc.tuple(fields, operators).map(([field, operator]): Document => ({ [field]: operator }));
const filters: fc.Arbitrary<Document> = fc.oneof(
  { weight: 3, arbitrary: condition }, fc.tuple(condition, condition).map(([x, y]) => ({ ...x, ...y })),
  fc.tuple(fc.constantFrom('$and', '$or', '$nor'), fc.array(condition, { minLength: 1, maxLength: 3 })).map(([name, parts]) => ({ [name]: parts })),
);
const sorts = fc.uniqueArray(fc.tuple(fc.constantFrom('a', 'b', 'c', 'a.x'), fc.constantFrom(1 as const, -1 as const)), { maxLength: 2, selector: ([field]) => field })
  .map((keys): Record<string, 1 | -1> => ({ ...Object.fromEntries(keys), _id: 1 }))
  // Two of them that are arrays would be refused.
  .filter((sort) => !('b' in sort && ('a' in sort || 'a.x' in sort)));

const stages: fc.Arbitrary<Document> = fc.oneof(
  filters.map((filter) => ({ $match: filter })), sorts.map((sort) => ({ $sort: sort })),
  fc.constantFrom<Document>({ $limit: 3 }, { $skip: 1 }, { $unwind: '$a' }, { $unwind: { path: '$b', preserveNullAndEmptyArrays: true, includeArrayIndex: 'at' } }, { $project: { a: 1, 'b.x': 1 } }, { $unset: 'c' }, { $set: { n: { $size: { $ifNull: [{ $cond: [{ $isArray: '$a' }, '$a', []] }, []] } }, a: '$b' } }, { $replaceWith: { _id: '$_id', whole: '$$ROOT' } }),
  fc.constantFrom<Document>({ $group: { _id: '$c', all: { $push: '$a' }, most: { $max: '$b' }, count: { $sum: 1 } } }, { $group: { _id: null, first: { $first: '$a' }, least: { $min: '$b' } } }, { $sortByCount: '$c' }),
);

const updates = fc.oneof(
  fc.tuple(fc.constantFrom('a', 'c', 'new'), values).map(([field, value]) => ({ classic: { $set: { [field]: value } }, pipeline: [{ $set: { [field]: { $literal: value } } }] })),
  fc.constantFrom('a', 'b', 'c').map((field) => ({ classic: { $unset: { [field]: '' } }, pipeline: [{ $unset: field }] })),
  // Added to nothing, a number is stored as it is: -0 and -1E+3 would not be if they were added to 0.
  fc.tuple(fc.constantFrom('n', 'm'), numbers).map(([field, by]) => ({ classic: { $inc: { [field]: by } }, pipeline: [{ $set: { [field]: { $cond: [{ $eq: [{ $type: `$${field}` }, 'missing'] }, by, { $add: [`$${field}`, by] }] } } }] })),
  fc.tuple(fc.constantFrom('n', 'm'), numbers).map(([field, by]) => ({ classic: { $max: { [field]: by } }, pipeline: [{ $set: { [field]: { $cond: [{ $gt: [by, `$${field}`] }, by, `$${field}`] } } }] })),
  fc.tuple(fc.constantFrom('list'), scalars).map(([field, value]) => ({ classic: { $push: { [field]: value } }, pipeline: [{ $set: { [field]: { $concatArrays: [{ $ifNull: [`$${field}`, []] }, [{ $literal: value }]] } } }] })),
);

const raw = { promoteValues: false, promoteLongs: false } as const;
let numbered = 0;

onEngines('two ways to ask', (engine) => {
  async function stored(docs: readonly Document[]): Promise<Collection> {
    const collection = engine.client.db('metamorphic').collection(`c${numbered++}`);
    if (docs.length > 0) await collection.insertMany(docs.map((document, _id) => ({ _id, ...document }) as Document));
    return collection;
  }

  const dropped = async <T>(collection: Collection, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } finally {
      await collection.drop();
    }
  };

  const check = (arbitrary: fc.Arbitrary<unknown[]>, compare: (...args: never[]) => Promise<void>): Promise<void> =>
    fc.assert(fc.asyncProperty(arbitrary, (args) => compare(...(args as never[]))), { numRuns: runs });

  /** What came back, or the code of the refusal: both ways have to be refused alike. */
  const outcome = (work: Promise<Document[]>): Promise<unknown> => work.catch((error: { code?: number }) => ({ refused: error.code }));

  test('find, $match and a count agree', async () => {
    await check(fc.tuple(documents, filters, sorts), async (docs: Document[], filter: Document, sort: Record<string, 1 | -1>) => {
      const collection = await stored(docs);
      await dropped(collection, async () => {
        const found = await collection.find(filter, raw).sort(sort).toArray();
        expect(await collection.aggregate([{ $match: filter }, { $sort: sort }], raw).toArray()).toEqual(found);
        expect(await collection.aggregate([{ $sort: sort }, { $facet: { all: [{ $match: filter }] } }], raw).toArray()).toEqual([{ all: found }]);
        expect(await collection.countDocuments(filter)).toBe(found.length);
      });
    });
  }, 600_000);

  test('a condition on a field that is there and no array means the same as an expression', async () => {
    const there = fc.array(fc.record({ c: scalars }), { minLength: 1, maxLength: 12 });
    // Expressions compare across types, filters within one.
    await check(fc.tuple(there, fc.constantFrom('$eq', '$ne', '$gt', '$gte', '$lt', '$lte'), numbers), async (docs: Document[], operator: string, value: unknown) => {
      const collection = await stored(docs);
      await dropped(collection, async () => {
        const numeric = { c: { $type: 'number' } };
        const sort = { _id: 1 } as const;
        const found = await collection.find({ $and: [numeric, { c: { [operator]: value } }] }, raw).sort(sort).toArray();
        const isNan = String((value as { valueOf(): unknown }).valueOf()) === 'NaN' || String(value) === 'NaN';
        // NaN is less than every number to an expression, and comparable to none but itself to a filter.
        const except = isNan || ['$eq', '$ne'].includes(operator) ? [] : [{ c: { $ne: Number.NaN } }];
        if (isNan && !['$eq', '$ne'].includes(operator)) return;
        const computed = await collection.find({ $and: [numeric, ...except, { $expr: { [operator]: ['$c', value] } }] }, raw).sort(sort).toArray();
        expect(computed).toEqual(found);
      });
    });
  }, 600_000);

  test('an index changes no answer', async () => {
    const indexes = fc.uniqueArray(fc.constantFrom<Document>({ a: 1 }, { b: -1 }, { c: 1, a: 1 }, { 'a.x': 1 }, { a: 1, c: -1 }, { $all: 1 }), { minLength: 1, maxLength: 3, selector: (key) => JSON.stringify(key) });
    await check(fc.tuple(documents, filters, sorts, indexes, fc.boolean()), async (docs: Document[], filter: Document, sort: Record<string, 1 | -1>, keys: Document[], sparse: boolean) => {
      const [plain, indexed] = [await stored(docs), await stored([])];
      await dropped(plain, () => dropped(indexed, async () => {
        for (const key of keys) {
          // Two of the values may both be arrays, which a compound index refuses.
          const wildcard = '$all' in key;
          await indexed.createIndex(wildcard ? { '$**': 1 } : (key as Record<string, 1>), wildcard ? {} : { sparse }).catch(() => undefined);
        }
        for (const [_id, document] of docs.entries()) {
          const taken = await indexed.insertOne({ _id, ...document } as Document).then(() => true, (error: { code?: number }) => error.code !== 171);
          if (!taken) await plain.deleteOne({ _id } as Document);
        }
        expect(await indexed.find(filter, raw).sort(sort).toArray()).toEqual(await plain.find(filter, raw).sort(sort).toArray());
        // Of 2 and 2.0 either may stand for both.
        expect(await indexed.distinct('c', filter)).toHaveLength((await plain.distinct('c', filter)).length);
      }));
    });
  }, 600_000);

  test('a pipeline and the same pipeline, cut in two with its documents stored between, agree', async () => {
    await check(fc.tuple(documents, fc.array(stages, { minLength: 1, maxLength: 3 }), fc.array(stages, { minLength: 1, maxLength: 2 })), async (docs: Document[], first: Document[], second: Document[]) => {
      const collection = await stored(docs);
      await dropped(collection, async () => {
        const start = { $sort: { _id: 1 } };
        const whole = await outcome(collection.aggregate([start, ...first, ...second], raw).toArray());
        const half = await outcome(collection.aggregate([start, ...first], raw).toArray());
        if (!Array.isArray(half)) return expect(whole).toEqual(half);
        const cut = await outcome(engine.client.db('metamorphic').aggregate([{ $documents: [{ $literal: { all: half } }] }, { $unwind: '$all' }, { $replaceWith: '$all' }, ...second], raw).toArray());
        expect(cut).toEqual(whole);
      });
    });
  }, 600_000);

  test('an update by operators and the same update by a pipeline store the same', async () => {
    // To $inc, 0 in the place of -0, or -1000 in that of -1E+3, is no change.
    const plain = numbers.filter((value) => !Object.is(value.valueOf(), -0) && String(value) !== '-1E+3');
    const starts = fc.array(fc.record({ a: values, c: scalars, n: plain, list: fc.array(scalars, { maxLength: 2 }) }, { requiredKeys: [] }), { minLength: 1, maxLength: 6 });
    await check(fc.tuple(starts, updates), async (docs: Document[], { classic, pipeline }: { classic: Document; pipeline: Document[] }) => {
      const [one, other] = [await stored(docs), await stored(docs)];
      await dropped(one, () => dropped(other, async () => {
        const [x, y] = [await one.updateMany({}, classic), await other.updateMany({}, pipeline)];
        expect(await other.find({}, raw).sort({ _id: 1 }).toArray()).toEqual(await one.find({}, raw).sort({ _id: 1 }).toArray());
        expect(y.matchedCount).toBe(x.matchedCount);
      }));
    });
  }, 600_000);

  test('one batch and many give the same documents', async () => {
    await check(fc.tuple(documents, filters, sorts, fc.integer({ min: 1, max: 4 })), async (docs: Document[], filter: Document, sort: Record<string, 1 | -1>, batchSize: number) => {
      const collection = await stored(docs);
      await dropped(collection, async () => {
        const all = await collection.find(filter, raw).sort(sort).toArray();
        expect(await collection.find(filter, { ...raw, batchSize }).sort(sort).toArray()).toEqual(all);
        expect(await collection.aggregate([{ $match: filter }, { $sort: sort }], { ...raw, batchSize }).toArray()).toEqual(all);
      });
    });
  }, 600_000);
});
