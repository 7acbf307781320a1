import { MongoClient } from 'mongodb';
import { test } from 'mongo-course/engine/vitest';
import { describe, expect } from 'vitest';

/** What an application does: it opens a client, and says so when it is done. */
async function pageOfOrders(uri: string): Promise<unknown[]> {
  const client = await MongoClient.connect(uri);
  try {
    return await client.db('shop').collection('orders').find({ paid: false }).limit(5).toArray();
  } finally {
    await client.close();
  }
}

describe.each([1, 2])('each test (%i)', () => {
  test('has a server of its own, which is empty, and knows what it was sent', async ({ mongo }) => {
    expect(await pageOfOrders(mongo.uri)).toEqual([]);
    expect(mongo.log.queries().map(({ text }) => text)).toEqual(['db.orders.find({ paid: false }).limit(5)']);
    const client = await MongoClient.connect(mongo.uri);
    await client.db('shop').collection('orders').insertOne({ paid: false });
    await client.close();
    expect(await pageOfOrders(mongo.uri)).toHaveLength(1);
  });
});

test.extend({ mongoOptions: { replset: true } })('can be one of a replica set', async ({ mongo }) => {
  const client = await MongoClient.connect(mongo.uri);
  await client.withSession((session) => session.withTransaction(() => client.db('a').collection('b').insertOne({}, { session })));
  expect(mongo.log.writes()[0]?.command).toMatchObject({ startTransaction: true });
  await client.close();
});
