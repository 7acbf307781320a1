import { Decimal128, Double, Int32, Long, MongoClient, type Document } from 'mongodb';
import { afterEach, describe, expect, it } from 'vitest';
import { startKeptEngine, type KeptEngine } from '../../../src/engine/kept.ts';

const running: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of running.splice(0).reverse()) await one.stop();
});

async function start(snapshot?: Buffer): Promise<{ engine: KeptEngine; client: MongoClient }> {
  const engine = await startKeptEngine({ snapshot });
  const client = await MongoClient.connect(engine.uri);
  running.push(engine, { stop: () => client.close() });
  return { engine, client };
}

describe('a snapshot', () => {
  it('brings back every document, with the types and the order of its fields', async () => {
    const first = await start();
    const values = { int: new Int32(1), double: new Double(1), long: Long.fromNumber(1), decimal: Decimal128.fromString('1.10'), date: new Date(0), pattern: /a/i, list: [1, [2]], nothing: null };
    const document = new Map<string, unknown>([['_id', 1], ['b', 1], ['10', 'ten'], ['2', 'two'], ...Object.entries(values)]);
    await first.client.db('one').collection<Document>('things').insertOne(document as Document);
    const { client } = await start(await first.engine.snapshot());
    const raw = { raw: true } as const;
    const before = await first.client.db('one').collection('things').findOne({}, raw);
    const after = await client.db('one').collection('things').findOne({}, raw);
    expect(after).toEqual(before);
    expect(before).not.toBeNull();
  });

  it('brings back many documents, indexes, validators and views', async () => {
    const first = await start();
    const db = first.client.db('shop');
    await db.createCollection('orders', { validator: { $jsonSchema: { required: ['n'] } } });
    await db.collection('orders').createIndex({ n: 1 }, { unique: true, name: 'n_once' });
    await db.collection('orders').insertMany(Array.from({ length: 2500 }, (_, n) => ({ n })));
    await db.createCollection('late', { viewOn: 'orders', pipeline: [{ $match: { n: { $gte: 2000 } } }] });
    await db.createCollection('empty');
    const { client } = await start(await first.engine.snapshot());
    const again = client.db('shop');
    expect((await again.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name).filter((name) => !name.startsWith('system.')).sort()).toEqual(['empty', 'late', 'orders']);
    expect(await again.collection('orders').countDocuments()).toBe(2500);
    expect(await again.collection('late').countDocuments()).toBe(500);
    await expect(again.collection('orders').insertOne({ n: 1 })).rejects.toMatchObject({ code: 11000 });
    await expect(again.collection('orders').insertOne({ m: 1 })).rejects.toMatchObject({ code: 121 });
  });

  it('that was cut off loses the end, and nothing before it', async () => {
    const first = await start();
    await first.client.db('one').collection('a').insertMany([{ n: 1 }, { n: 2 }]);
    const bytes = await first.engine.snapshot();
    const { client } = await start(bytes.subarray(0, bytes.length - 3));
    expect(await client.db('one').collection('a').countDocuments()).toBe(1);
  });
});
