import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startEngineKind } from '../../../src/engine/index.ts';
import type { Engine } from '../../../src/engine/engine.ts';
import { connectDirect, type DirectClient } from '../../../src/wire/client.ts';
import { startFront, type Front } from '../../../src/wire/front.ts';

const full = { code: 14_031, codeName: 'OutOfDiskSpace' };

describe('an engine that may store one megabyte', () => {
  let engine: Engine;
  let front: Front;
  let client: MongoClient;
  let trusted: DirectClient;
  beforeAll(async () => {
    engine = await startEngineKind('embedded', { maxBytes: 1_000_000 });
    front = await startFront({ backend: engine.backend });
    client = await new MongoClient(`mongodb://127.0.0.1:${front.port}/`).connect();
    trusted = connectDirect(engine.backend);
  });
  afterAll(async () => {
    await client.close();
    trusted.close();
    await front.close();
    await engine.stop();
  });
  beforeEach(async () => {
    for (const { name } of (await client.db().admin().listDatabases()).databases) if (!['admin', 'config', 'local'].includes(name)) await client.db(name).dropDatabase();
  });

  /** How many documents fit in until one is refused. */
  async function fill(name = 'a'): Promise<number> {
    const documents = Array.from({ length: 200 }, () => ({ text: 'x'.repeat(9000) }));
    const error = await client.db('t').collection(name).insertMany(documents).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: full.code });
    return (error as { result: { insertedCount: number } }).result.insertedCount;
  }

  it('refuses what does not fit in, as a full disk does, and takes again what was freed in any way', async () => {
    const fits = await fill();
    expect(fits).toBeGreaterThan(90);
    expect(fits).toBeLessThan(112);
    const a = client.db('t').collection('a');
    await expect(a.updateMany({}, { $set: { more: 'y'.repeat(5000) } })).rejects.toMatchObject({ code: full.code });
    await a.deleteMany({});
    expect(await fill()).toBe(fits);
    await client.db('t').collection('b').insertOne({ small: 1 }).catch(() => undefined);
    await a.rename('c');
    await client.db('t').dropDatabase();
    expect(await fill()).toBe(fits);
    await client.db('t').dropCollection('a');
    expect(await fill('b')).toBe(fits);
  });

  it('counts indexes, collections, views, options, and what pipelines store', async () => {
    const a = client.db('t').collection('a');
    await a.insertMany(Array.from({ length: 60 }, (_one, index) => ({ text: `${index}${'x'.repeat(9000)}` })));
    await expect(a.createIndex({ text: 1 })).rejects.toMatchObject(full);
    expect(await a.listIndexes().toArray()).toHaveLength(1);
    await expect(a.aggregate([{ $out: 'copy' }]).toArray()).rejects.toMatchObject(full);
    expect(await client.db('t').listCollections({}, { nameOnly: true }).toArray()).toHaveLength(1);
    await client.db('t').dropDatabase();
    for (const make of [(index: number) => client.db('t').createCollection(`c${index}`), (index: number) => client.db('t').createCollection(`v${index}`, { viewOn: 'c', pipeline: [] }), (index: number) => client.db('t').createCollection(`o${index}`, { validator: { text: { $ne: 'x'.repeat(50_000) } } })]) {
      const refused = (async () => { for (let index = 0; index < 1000; index++) await make(index); })();
      await expect(refused).rejects.toMatchObject(full);
      await client.db('t').dropDatabase();
    }
  });

  it('counts a document for itself, however large the message was that it came in', async () => {
    const a = client.db('t').collection('a');
    for (let index = 0; index < 4; index++) await a.insertOne({ index }, { comment: 'x'.repeat(900_000) });
    expect(await a.countDocuments()).toBe(4);
  });

  it('refuses nothing to the grader itself', async () => {
    await fill();
    await trusted.command('t', { insert: 'own', documents: [{ _id: 1, text: 'x'.repeat(100_000) }] });
    expect(await client.db('t').collection('own').countDocuments()).toBe(1);
    await expect(client.db('t').collection('own').insertOne({ text: 'x' })).rejects.toMatchObject({ code: full.code });
  });
});

it('a pipeline that triples an array again and again is stopped before it is out of memory', async () => {
  const engine = await startEngineKind('embedded', {});
  const client = connectDirect(engine.backend);
  const triple = { $set: { list: { $concatArrays: ['$list', '$list', '$list'] } } };
  const tripled = client.command('admin', { aggregate: 1, pipeline: [{ $documents: [{ list: { $range: [0, 1000] } }] }, ...Array.from({ length: 12 }, () => triple), { $project: { n: { $size: '$list' } } }], cursor: {} });
  await expect(tripled).rejects.toMatchObject({ code: 146 });
  client.close();
  await engine.stop();
});

it('an engine without a limit takes all, more than a slot does', async () => {
  const engine = await startEngineKind('embedded', {});
  const client = connectDirect(engine.backend);
  for (let count = 0; count < 30; count++) await client.command('t', { insert: 'a', documents: [{ _id: count, text: 'x'.repeat(10_000_000) }] });
  expect((await client.drain('t', { aggregate: 'a', pipeline: [{ $count: 'n' }], cursor: {} }))[0]).toEqual({ n: 30 });
  client.close();
  await engine.stop();
});
