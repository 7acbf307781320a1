import fc from 'fast-check';
import { Decimal128, Long, type Document } from 'mongodb';
import { expect, test } from 'vitest';
import { onEngines } from './on-engines.ts';

onEngines('Expressions', (engine) => {
  const value = async (expression: unknown, doc: Document = {}): Promise<unknown> => {
    const coll = engine.freshDb().collection('one');
    await coll.insertOne({ _id: 1, ...doc } as Document);
    const [found] = await coll.aggregate([{ $project: { _id: 0, value: expression } }]).toArray();
    return found?.['value'];
  };
  const date = (text: string): Date => new Date(text);

  test('a month added to a month\'s last day is the next one\'s last', async () => {
    expect(await value({ $dateAdd: { startDate: date('2024-01-31T12:00:00Z'), unit: 'month', amount: 1 } })).toEqual(date('2024-02-29T12:00:00Z'));
  });

  test('a day added in a zone keeps its hour where clocks change', async () => {
    expect(await value({ $dateAdd: { startDate: date('2024-03-30T12:00:00Z'), unit: 'day', amount: 1, timezone: 'Europe/Berlin' } })).toEqual(date('2024-03-31T11:00:00Z'));
  });

  test('differences count the boundaries crossed', async () => {
    const [startDate, endDate] = [date('2023-12-31T23:59:59Z'), date('2024-01-01T00:00:00Z')];
    for (const unit of ['year', 'quarter', 'month', 'day', 'hour', 'second']) expect(await value({ $dateDiff: { startDate, endDate, unit } })).toBe(1);
    expect(await value({ $dateDiff: { startDate, endDate, unit: 'week', startOfWeek: 'monday' } })).toBe(1);
    expect(await value({ $dateDiff: { startDate, endDate, unit: 'week', startOfWeek: 'sunday' } })).toBe(0);
  });

  test('dates are cut down to a bin', async () => {
    const at = date('2024-05-17T13:47:11.123Z');
    expect(await value({ $dateTrunc: { date: at, unit: 'quarter' } })).toEqual(date('2024-04-01T00:00:00Z'));
    expect(await value({ $dateTrunc: { date: at, unit: 'minute', binSize: 15 } })).toEqual(date('2024-05-17T13:45:00Z'));
    expect(await value({ $dateTrunc: { date: at, unit: 'day', timezone: '+05:30' } })).toEqual(date('2024-05-16T18:30:00Z'));
  });

  test('dates are taken apart, put together, written and read', async () => {
    const at = date('2024-12-30T05:06:07.008Z');
    expect(await value({ $dateToParts: { date: at, iso8601: true } })).toEqual({ isoWeekYear: 2025, isoWeek: 1, isoDayOfWeek: 1, hour: 5, minute: 6, second: 7, millisecond: 8 });
    expect(await value({ $dateFromParts: { year: 2024, month: 14, day: 1 } })).toEqual(date('2025-02-01T00:00:00Z'));
    expect(await value({ $dateToString: { date: at, format: '%d %b %Y %H:%M %z', timezone: 'America/New_York' } })).toBe('30 Dec 2024 00:06 -0500');
    expect(await value({ $dateFromString: { dateString: '30.12.2024 06:06', format: '%d.%m.%Y %H:%M', timezone: 'Europe/Paris' } })).toEqual(date('2024-12-30T05:06:00Z'));
    expect(await value({ $dateFromString: { dateString: 'nonsense', onError: 'no date' } })).toBe('no date');
  });

  test('arrays are zipped, sorted and joined', async () => {
    expect(await value({ $zip: { inputs: [[1, 2], ['a']], useLongestLength: true, defaults: [0, '-'] } })).toEqual([[1, 'a'], [2, '-']]);
    expect(await value({ $sortArray: { input: [3, 1, 2], sortBy: -1 } })).toEqual([3, 2, 1]);
    expect(await value({ $indexOfArray: [[1, 2, 1], 1, 1] })).toBe(2);
  });

  test('text is measured in bytes or in characters', async () => {
    expect(await value({ $indexOfBytes: ['äö', 'ö'] })).toBe(2);
    expect(await value({ $indexOfCP: ['äö', 'ö'] })).toBe(1);
    await expect(value({ $substrBytes: ['äö', 1, 1] })).rejects.toMatchObject({ code: 28656 });
  });

  test('an operator that is not known, or an argument, has a code of its own', async () => {
    await expect(value({ $let: { vars: {} } })).rejects.toMatchObject({ code: 16877 });
    await expect(value({ $zip: { inputs: [1] } }, {})).rejects.toMatchObject({ code: 34468 });
    await expect(value({ $sortArray: { input: [1], sortBy: 2 } })).rejects.toMatchObject({ code: 2942506 });
  });

  test('fields are set and removed by names that paths cannot reach', async () => {
    expect(await value({ $setField: { field: 'a.b', input: { $literal: { c: 1 } }, value: 2 } })).toEqual({ c: 1, 'a.b': 2 });
    expect(await value({ $unsetField: { field: 'c', input: { $literal: { c: 1, d: 2 } } } })).toEqual({ d: 2 });
  });

  test('bits of integers', async () => {
    expect(await value({ $bitAnd: [6, 3] })).toBe(2);
    expect(await value({ $bitXor: [6, Long.fromNumber(3)] })).toBe(5);
    expect(await value({ $bitNot: 0 })).toBe(-1);
  });

  test('what is constant is computed before any document is read', async () => {
    const empty = engine.freshDb().collection('none');
    await expect(empty.aggregate([{ $project: { x: { $add: ['$y', { $divide: [1, 0] }] } } }]).toArray()).rejects.toMatchObject({ code: 2 });
    expect(await empty.aggregate([{ $project: { x: { $divide: ['$y', 0] } } }]).toArray()).toEqual([]);
    // Behind a branch that always holds nothing is.
    const branch = (holds: unknown, result: unknown): Document => Object.fromEntries(Object.entries({ case: holds, result }).map(([name, part]) => [name.replace('result', 'then'), part]));
    expect(await value({ $switch: { branches: [branch(true, 'yes'), branch({ $divide: [1, 0] }, 'no')] } })).toBe('yes');
    expect(await value({ $getField: 'name' }, { name: 'read' })).toBe('read');
  });

  test('powers, logarithms and remainders keep to what numbers allow', async () => {
    expect(await value({ $pow: [1, -5] })).toBe(1);
    expect(await value({ $pow: [1, Infinity] })).toBe(1);
    expect(await value({ $sigmoid: 0 })).toBe(0.5);
    await expect(value({ $log: [0, 10] })).rejects.toMatchObject({ code: 28758 });
    await expect(value({ $log: [10, 1] })).rejects.toMatchObject({ code: 28759 });
    await expect(value({ $mod: [1, Decimal128.fromString('0')] })).rejects.toMatchObject({ code: 5733415 });
    await expect(value({ $rand: 1 })).rejects.toMatchObject({ code: 10065 });
  });

  test('rounding works on what a number is, not on how it is written', async () => {
    expect(await value({ $round: [2.675, 2] })).toBe(2.67);
    expect(await value({ $trunc: [0.29, 2] })).toBe(0.28);
    expect(String(await value({ $trunc: [Decimal128.fromString('1.1'), 3] }))).toBe('1.100');
    expect(String(await value({ $ceil: Decimal128.fromString('Infinity') }))).toBe('NaN');
    await expect(value({ $round: [Long.MAX_VALUE, -1] })).rejects.toMatchObject({ code: 51080 });
    await expect(value({ $round: [1, 'x'] })).rejects.toMatchObject({ code: 16004 });
  });

  test('a date moves by whole milliseconds, a half away from zero', async () => {
    expect(await value({ $add: [date('2024-01-01T00:00:00Z'), -0.5] })).toEqual(date('2023-12-31T23:59:59.999Z'));
    await expect(value({ $add: [date('2024-01-01T00:00:00Z'), Infinity] })).rejects.toMatchObject({ code: 15 });
  });

  test('a sum of decimals and others has no digits that none of them has', async () => {
    expect(String(await value({ $sum: [Decimal128.fromString('0.5'), 0.5] }))).toBe('1.0');
    expect(String(await value({ $avg: [Decimal128.fromString('2'), 4] }))).toBe('3');
  });

  test('paths go through documents within arrays, not through arrays within them', async () => {
    expect(await value('$a.b', { a: [{ b: 1 }, [{ b: 2 }], 3] })).toEqual([1]);
  });

  test('numbers become text as C writes them', async () => {
    for (const [number, text] of [[1e16, '1e+16'], [0.00009, '9e-05'], [123456.789, '123456.789'], [-0, '-0']] as const) expect(await value({ $toString: number })).toBe(text);
    expect(await value({ $toLower: 123456.789 })).toBe('123457');
    expect(await value({ $toUpper: 1e20 })).toBe('1E+20');
    expect(await value({ $substrCP: [Infinity, 0, 10] })).toBe('inf');
  });

  test('text is found where it begins before the end, and between all characters where it is empty', async () => {
    expect(await value({ $indexOfCP: ['abcd', 'cd', 0, 3] })).toBe(2);
    expect(await value({ $indexOfBytes: ['abcd', 'cd', 0, 3] })).toBe(-1);
    expect(await value({ $replaceAll: { input: 'ab', find: '', replacement: '-' } })).toBe('-a-b-');
    expect(await value({ $split: [null, 5] })).toBeNull();
  });

  test('one constant decides what $and and $or are, though another operand fails', async () => {
    expect(await value({ $or: [{ $divide: [1, '$zero'] }, true] }, { zero: 0 })).toBe(true);
    expect(await value({ $and: [{ $divide: [1, '$zero'] }, 0] }, { zero: 0 })).toBe(false);
  });

  test('a hashed key is what a hashed index holds', async () => {
    // From MongoDB's manual.
    expect(String(await value({ $toHashedIndexKey: 'string to hash' }))).toBe('763543691661428748');
  });

  test('counting knows no time, and one update has one time for all its statements', async () => {
    const db = engine.freshDb();
    const coll = db.collection('times');
    await coll.insertMany([{ _id: 1 }, { _id: 2 }] as Document[]);
    await expect(db.command({ count: 'times', query: { $expr: { $lt: ['$at', '$$NOW'] } } })).rejects.toMatchObject({ code: 51144 });
    const set = [{ $set: { at: '$$NOW' } }];
    await db.command({ update: 'times', updates: [{ q: { _id: 1 }, u: set }, { q: { _id: 2 }, u: set }] });
    const [one, two] = await coll.find().toArray();
    expect(one?.['at']).toEqual(two?.['at']);
  });
});

onEngines('Laws', (engine) => {
  const scalar = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constantFrom('', 'a', 'b'), fc.boolean(), fc.constant(null));
  const documents = fc.array(fc.record({ a: scalar, b: scalar }, { requiredKeys: [] }), { maxLength: 8 });

  const stored = async (docs: Document[]) => {
    const coll = engine.freshDb().collection('some');
    if (docs.length > 0) await coll.insertMany(docs.map((doc, _id) => ({ ...doc, _id }) as Document));
    return coll;
  };

  test('find, $match and $expr agree on what equals a value', async () => {
    await fc.assert(fc.asyncProperty(documents, scalar.filter((one) => one !== null), async (docs, wanted) => {
      const coll = await stored(docs);
      const found = await coll.find({ a: wanted }).sort({ _id: 1 }).toArray();
      expect(await coll.aggregate([{ $match: { a: wanted } }, { $sort: { _id: 1 } }]).toArray()).toEqual(found);
      expect(await coll.find({ $expr: { $eq: ['$a', { $literal: wanted }] } }).sort({ _id: 1 }).toArray()).toEqual(found);
    }), { numRuns: 20 });
  });

  test('a pipeline is the same with a $facet in its middle that lets all through', async () => {
    await fc.assert(fc.asyncProperty(documents, async (docs) => {
      const coll = await stored(docs);
      const [first, second] = [[{ $set: { c: { $ifNull: ['$a', '$b'] } } }], [{ $group: { _id: '$c', n: { $sum: 1 } } }, { $sort: { _id: 1 } }]] as const;
      expect(await coll.aggregate([...first, ...second]).toArray()).toEqual(await coll.aggregate([...first, { $facet: { all: [{ $match: {} }] } }, { $unwind: '$all' }, { $replaceWith: '$all' }, ...second]).toArray());
    }), { numRuns: 10 });
  });
});
