import type { Document } from 'mongodb';
import { expect, test } from 'vitest';
import { onEngines } from './on-engines.ts';

onEngines('Pipelines', (engine) => {
  const run = async (documents: Document[], pipeline: Document[]): Promise<Document[]> => {
    const coll = engine.freshDb().collection('things');
    if (documents.length > 0) await coll.insertMany(documents);
    return coll.aggregate(pipeline).toArray();
  };

  test('$bucket puts values between boundaries, and what is outside into the default', async () => {
    const documents = [0, 4, 5, 9, 10, -1].map((n, _id) => ({ _id, n }));
    expect(await run(documents, [{ $bucket: { groupBy: '$n', boundaries: [0, 5, 10], default: 'other' } }]))
      .toEqual([{ _id: 0, count: 2 }, { _id: 5, count: 2 }, { _id: 'other', count: 2 }]);
  });

  test('$bucket without a default refuses what is outside', async () => {
    await expect(run([{ n: 7 }], [{ $bucket: { groupBy: '$n', boundaries: [0, 5] } }])).rejects.toThrow('no default was specified');
  });

  test('one group gathers 100 MiB and no more', async () => {
    const gather = (operator: string): Promise<Document[]> => run([{ list: Array.from({ length: 30_000 }, (_one, index) => index) }], [
      { $unwind: '$list' }, { $group: { _id: null, all: { [operator]: { $concat: [{ $toString: '$list' }, 'x'.repeat(5000)] } } } }, { $project: { _id: 1 } },
    ]);
    for (const operator of ['$push', '$addToSet']) await expect(gather(operator)).rejects.toMatchObject({ code: 146, codeName: 'ExceededMemoryLimit' });
  });

  test('$bucketAuto keeps equal values together', async () => {
    const documents = [1, 1, 1, 2, 3, 4].map((n, _id) => ({ _id, n }));
    expect(await run(documents, [{ $bucketAuto: { groupBy: '$n', buckets: 3 } }]))
      .toEqual([{ _id: { min: 1, max: 2 }, count: 3 }, { _id: { min: 2, max: 4 }, count: 2 }, { _id: { min: 4, max: 4 }, count: 1 }]);
  });

  test('$graphLookup follows a chain, as deep as it may', async () => {
    const staff = [{ _id: 'ada' }, { _id: 'bob', boss: 'ada' }, { _id: 'cy', boss: 'bob' }, { _id: 'di', boss: 'cy' }];
    const lookup = { from: 'things', startWith: '$boss', connectFromField: 'boss', connectToField: '_id', as: 'over', depthField: 'level' };
    const [all] = await run(staff, [{ $match: { _id: 'di' } }, { $graphLookup: lookup }]);
    expect(all?.['over'].map(({ _id, level }: Document) => `${String(_id)} ${String(level)}`).sort()).toEqual(['ada 2', 'bob 1', 'cy 0']);
    const [near] = await run(staff, [{ $match: { _id: 'di' } }, { $graphLookup: { ...lookup, maxDepth: 1 } }]);
    expect(near?.['over']).toHaveLength(2);
  });

  test('$lookup matches each item of a local array', async () => {
    const documents = [{ _id: 1, friends: [2, 3] }, { _id: 2, friends: [] }, { _id: 3 }];
    const found = await run(documents, [{ $lookup: { from: 'things', localField: 'friends', foreignField: '_id', as: 'who' } }, { $project: { n: { $size: '$who' } } }, { $sort: { _id: 1 } }]);
    expect(found).toEqual([{ _id: 1, n: 2 }, { _id: 2, n: 0 }, { _id: 3, n: 0 }]);
  });

  test('$redact looks into embedded documents, and drops what it may not show', async () => {
    const [doc] = await run([{ _id: 1, level: 1, a: { level: 5, x: 1 }, b: [{ level: 1 }, { level: 9 }] }], [{ $redact: { $cond: [{ $lte: ['$level', 3] }, '$$DESCEND', '$$PRUNE'] } }]);
    expect(doc).toEqual({ _id: 1, level: 1, b: [{ level: 1 }] });
  });

  test('$setWindowFields computes over frames of documents and of values', async () => {
    const documents = [1, 2, 4, 8].map((n) => ({ _id: n, n }));
    const found = await run(documents, [{ $setWindowFields: { sortBy: { n: 1 }, output: {
      soFar: { $sum: '$n', window: { documents: ['unbounded', 'current'] } },
      near: { $push: '$n', window: { range: [-2, 2] } },
      before: { $shift: { output: '$n', by: -1, default: 'none' } },
      place: { $documentNumber: {} },
    } } }]);
    expect(found).toEqual([
      { _id: 1, n: 1, soFar: 1, near: [1, 2], before: 'none', place: 1 }, { _id: 2, n: 2, soFar: 3, near: [1, 2, 4], before: 1, place: 2 },
      { _id: 4, n: 4, soFar: 7, near: [2, 4], before: 2, place: 3 }, { _id: 8, n: 8, soFar: 15, near: [8], before: 4, place: 4 },
    ]);
  });

  test('$rank leaves gaps behind ties, $denseRank does not', async () => {
    const documents = [5, 5, 3].map((n, _id) => ({ _id, n }));
    const found = await run(documents, [{ $setWindowFields: { sortBy: { n: -1 }, output: { rank: { $rank: {} }, dense: { $denseRank: {} } } } }, { $sort: { _id: 1 } }]);
    expect(found.map(({ rank, dense }) => [rank, dense])).toEqual([[1, 1], [1, 1], [3, 2]]);
  });

  test('$densify fills gaps between what is there', async () => {
    expect(await run([{ _id: 1, n: 0 }, { _id: 2, n: 3 }], [{ $densify: { field: 'n', range: { step: 1, bounds: 'full' } } }]))
      .toEqual([{ _id: 1, n: 0 }, { n: 1 }, { n: 2 }, { _id: 2, n: 3 }]);
  });

  test('$densify within bounds leaves the upper one out', async () => {
    expect(await run([{ _id: 1, n: 1 }], [{ $densify: { field: 'n', range: { step: 1, bounds: [0, 3] } } }])).toEqual([{ n: 0 }, { _id: 1, n: 1 }, { n: 2 }]);
  });

  test('$fill takes a constant, the last value, or what lies on the line', async () => {
    const documents = [{ _id: 1, a: 1, b: 0 }, { _id: 2 }, { _id: 3, a: 5, b: 4, c: 1 }];
    expect(await run(documents, [{ $fill: { sortBy: { _id: 1 }, output: { a: { method: 'locf' }, b: { method: 'linear' }, c: { value: 0 } } } }, { $match: { _id: 2 } }]))
      .toEqual([{ _id: 2, a: 1, b: 2, c: 0 }]);
  });

  test('a group keeps its first few, its best and its percentiles', async () => {
    const documents = [3, 1, 2].map((n, _id) => ({ _id, n }));
    expect(await run(documents, [{ $sort: { _id: 1 } }, { $group: {
      _id: null, first: { $firstN: { input: '$n', n: 2 } }, least: { $minN: { input: '$n', n: 2 } }, top: { $top: { sortBy: { n: -1 }, output: '$_id' } },
      middle: { $median: { input: '$n', method: 'approximate' } },
    } }])).toEqual([{ _id: null, first: [3, 1], least: [1, 2], top: 0, middle: 2 }]);
  });

  test('sums of doubles lose nothing on the way', async () => {
    expect(await run([0.1, 0.2, -0.3, 1e100, 1, -1e100].map((n) => ({ n })), [{ $group: { _id: null, n: { $sum: '$n' } } }])).toEqual([{ _id: null, n: 1 }]);
  });

  test('$bucketAuto rounds its boundaries to preferred numbers', async () => {
    const documents = [1, 10, 100, 1000].map((n, _id) => ({ _id, n }));
    const bounds = async (granularity: string): Promise<unknown> =>
      (await run(documents, [{ $bucketAuto: { groupBy: '$n', buckets: 3, granularity } }])).map(({ _id }) => [_id.min, _id.max]);
    expect(await bounds('E12')).toEqual([[0.82, 1.2], [1.2, 12], [12, 1200]]);
    expect(await bounds('POWERSOF2')).toEqual([[0.5, 2], [2, 16], [16, 1024]]);
    await expect(run([{ n: -1 }], [{ $bucketAuto: { groupBy: '$n', buckets: 1, granularity: 'R5' } }])).rejects.toMatchObject({ code: 40260 });
  });

  test('$lookup: variables reach pipelines within pipelines', async () => {
    const inner = { $lookup: { from: 'things', pipeline: [{ $match: { $expr: { $eq: ['$_id', '$$wanted'] } } }, { $project: { name: 1 } }], as: 'deep' } };
    const [found] = await run([{ _id: 1, wants: 2 }, { _id: 2, name: 'two' }], [
      { $match: { _id: 1 } }, { $lookup: { from: 'things', let: { wanted: '$wants' }, pipeline: [{ $match: { _id: 1 } }, inner], as: 'outer' } },
    ]);
    expect(found?.['outer'][0].deep).toEqual([{ _id: 2, name: 'two' }]);
  });

  test('$lookup: an empty local array meets null, and documents may be made in place', async () => {
    const made = [{ $documents: [{ k: 'a', n: 1 }, { k: 'b', n: 2 }] }];
    expect(await run([{ _id: 1, k: 'b' }], [{ $lookup: { localField: 'k', foreignField: 'k', pipeline: made, as: 'j' } }])).toEqual([{ _id: 1, k: 'b', j: [{ k: 'b', n: 2 }] }]);
    const [found] = await run([{ _id: 1, none: [] }, { _id: 2, x: 1 }], [{ $match: { _id: 1 } }, { $lookup: { from: 'things', localField: 'none', foreignField: 'x', as: 'j' } }]);
    expect(found?.['j']).toEqual([{ _id: 1, none: [] }]);
    await expect(run([{ _id: 1 }], [{ $lookup: { from: 'things', localField: 'a', foreignField: 'b', let: {}, as: 'j' } }])).rejects.toMatchObject({ code: 9 });
    await expect(run([{ _id: 1 }], [{ $lookup: { from: '', localField: 'a', foreignField: 'b', as: 'j' } }])).rejects.toMatchObject({ code: 73 });
  });

  test('paths of stages are checked before any document is read', async () => {
    const refused = (stage: Document, code: number): Promise<void> => expect(run([], [stage])).rejects.toMatchObject({ code });
    await refused({ $set: { 'a.': 1 } }, 40353);
    await refused({ $set: { a: 1, 'a.b': 2 } }, 40176);
    await refused({ $unset: ['a', 'a'] }, 31250);
    await refused({ $unwind: { path: '$a', includeArrayIndex: '$i' } }, 28822);
    await refused({ $sort: { [Array.from({ length: 201 }, () => 'a').join('.')]: 1 } }, 15);
    await refused({ $count: '_id' }, 9039800);
    await refused({ $limit: 1.5 }, 5107201);
  });

  test('$unwind does not look into arrays on the way', async () => {
    expect(await run([{ _id: 1, a: [{ b: [1, 2] }] }], [{ $unwind: '$a.b' }])).toEqual([]);
  });

  test('$sort takes the direction that a fraction is near, and no more than its memory where the disk is not allowed', async () => {
    expect((await run([{ _id: 1 }, { _id: 2 }], [{ $sort: { _id: -1.5 } }])).map(({ _id }) => _id as number)).toEqual([2, 1]);
    const [admin, name] = [engine.client.db('admin'), 'internalQueryMaxBlockingSortMemoryUsageBytes'];
    const { was } = await admin.command({ setParameter: 1, [name]: 1000 });
    const coll = engine.freshDb().collection('large');
    await coll.insertMany(Array.from({ length: 20 }, (_, _id) => ({ _id, text: 'x'.repeat(100) }) as Document));
    const sorted = (allowDiskUse: boolean): Promise<Document[]> => coll.aggregate([{ $sort: { text: 1, _id: 1 } }], { allowDiskUse }).toArray();
    await expect(sorted(false)).rejects.toMatchObject({ code: 292 });
    expect(await sorted(true)).toHaveLength(20);
    await admin.command({ setParameter: 1, [name]: was });
  });

  test('what is divided by zero in a $group that the server pushes down has a code of its own', async () => {
    await expect(run([{ n: 1 }], [{ $group: { _id: null, x: { $sum: { $divide: ['$n', 0] } } } }])).rejects.toMatchObject({ code: 4848401 });
    await expect(run([{ n: 1 }], [{ $project: { x: { $divide: ['$n', 0] } } }])).rejects.toMatchObject({ code: 2 });
  });

  test('deviations and covariances follow a frame that moves, whatever passes through it', async () => {
    const documents = [1, 2, Infinity, 4, 6].map((x, _id) => ({ _id, x, y: 2 * x }));
    const window = { documents: [-1, 'current'] };
    const found = await run(documents, [{ $setWindowFields: { sortBy: { _id: 1 }, output: {
      deviation: { $stdDevPop: '$x', window }, together: { $covarianceSamp: ['$x', '$y'], window },
    } } }]);
    expect(found.map(({ deviation }) => deviation as number)).toEqual([0, 0.5, null, null, 1]);
    expect(found.map(({ together }) => together as number)).toEqual([null, 1, null, null, 4]);
  });
});
