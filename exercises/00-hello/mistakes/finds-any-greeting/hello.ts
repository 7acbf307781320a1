import { MongoClient } from 'mongodb';

export async function sayHello(uri: string, dbName: string, name: string): Promise<string> {
  const client = new MongoClient(uri);
  const greetings = client.db(dbName).collection('greetings');
  await greetings.insertOne({ message: `Hello, ${name}!`, created_at: new Date() });
  const found = await greetings.findOne();
  await client.close();
  return found!.message;
}
