import { setTimeout as sleep } from 'node:timers/promises';
import { MongoClient } from 'mongodb';

export async function sayHello(uri: string, dbName: string, name: string): Promise<string> {
  console.log('connecting to', uri);
  const client = new MongoClient(uri);
  await client.connect();
  await client.db('admin').command({ ping: 1 });
  console.log('connected');
  await sleep(150);
  const greetings = client.db(dbName).collection('greetings');
  const result = await greetings.insertOne({ message: `Hello, ${name}!`, created_at: new Date() });
  console.log('inserted', result);
  console.log('all', await greetings.countDocuments());
  await sleep(150);
  const found = await greetings.findOne({ _id: result.insertedId });
  console.error('found', found);
  await client.close();
  console.log('closed');
  return found!.message;
}
