import { randomUUID } from 'node:crypto';
import { MongoClient } from 'mongodb';

interface Greeting {
  _id: string;
  message: string;
  created_at: Date;
}

export async function sayHello(uri: string, dbName: string, name: string): Promise<string> {
  const client = await MongoClient.connect(uri);
  try {
    const greetings = client.db(dbName).collection<Greeting>('greetings');
    const _id = randomUUID();
    await greetings.insertOne({ _id, message: `Hello, ${name}!`, created_at: new Date() });
    for await (const { message } of greetings.find({ _id: { $in: [_id] } })) return message;
    throw new Error(`There is no greeting ${_id}.`);
  } finally {
    await client.close();
  }
}
