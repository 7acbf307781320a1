import { MongoClient } from 'mongodb';

export async function sayHello(uri: string, dbName: string, name: string): Promise<string> {
  const client = new MongoClient(uri);
  const greetings = client.db(dbName).collection('greetings');
  const { insertedId } = await greetings.insertOne({ message: `Hello, ${name}!`, created_at: new Date() });
  const stored = await greetings.findOne({ _id: insertedId });
  return String(stored?.message);
}
