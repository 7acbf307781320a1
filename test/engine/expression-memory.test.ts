import type { Document } from 'mongodb';
import { expect, test } from 'vitest';
import { onEngines } from './on-engines.ts';

const times = (count: number): Document => ({ $range: [0, count] });
const doubled = (count: number, initialValue: unknown, twice: (value: string) => unknown): Document => ({ $reduce: { input: times(count), initialValue, in: twice('$$value') } });
const megabyte = doubled(20, 'a', (value) => ({ $concat: [value, value] }));

onEngines('What an expression may take of memory', (engine) => {
  const compute = async (expression: Document): Promise<unknown> => {
    const coll = engine.freshDb().collection('one');
    await coll.insertOne({ n: 1 });
    return (await coll.aggregate([{ $project: { value: expression } }]).toArray())[0]?.['value'];
  };

  // MongoDB itself takes far longer, and far more memory, before it refuses some of these.
  test.each([
    ['an array put behind itself', doubled(40, [1], (value) => ({ $concatArrays: [value, value] }))],
    ['documents that hold one twice', doubled(40, { a: 1 }, (value) => ({ a: value, b: value }))],
    ['an array that holds one twice', doubled(40, [1], (value) => [value, value])],
    ['texts gathered by $map', { $map: { input: times(200), in: megabyte } }],
    ['lists zipped with themselves', { $let: { vars: { list: times(500_000) }, in: { $zip: { inputs: Array.from({ length: 30 }, () => '$$list') } } } }],
    ['a range of all numbers', times(2_000_000_000)],
  ])('%s', async (_, expression) => {
    await expect(compute({ $size: [[expression]] })).rejects.toMatchObject({ code: 146 });
  });

  test('a result of more than 16 MB is refused, though it may be computed', async () => {
    const large = { $map: { input: times(20), in: megabyte } };
    expect(await compute({ $size: large })).toBe(20);
    await expect(compute(large)).rejects.toMatchObject({ code: 10334 });
  });

  test('many stages may not put together what one may not have', async () => {
    const coll = engine.freshDb().collection('one');
    await coll.insertOne({ n: 1 });
    const large = { $map: { input: times(50), in: megabyte } };
    const stages = Array.from({ length: 4 }, (__, index) => ({ $set: { [`f${index}`]: large } }));
    await expect(coll.aggregate(stages).toArray()).rejects.toMatchObject({ code: 10334 });
  });

  test('what is large and allowed is computed', async () => {
    expect(await compute({ $size: { $filter: { input: { $map: { input: times(200_000), in: { at: '$$this' } } }, cond: { $gte: ['$$this.at', 100_000] } } } })).toBe(100_000);
    expect(await compute({ $size: { $concatArrays: [times(1_000_000), times(1_000_000)] } })).toBe(2_000_000);
  });
});
