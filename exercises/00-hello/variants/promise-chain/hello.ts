import { MongoClient } from 'mongodb';

export function sayHello(uri: string, dbName: string, name: string): Promise<string> {
  const client = new MongoClient(uri);
  const greetings = client.db(dbName).collection('greetings');
  return greetings
    .insertOne({ message: `Hello, ${name}!`, created_at: new Date() })
    .then(({ insertedId }) => greetings.find({ _id: insertedId }).toArray())
    .then(([found]) => (found?.message ?? '') as string)
    .finally(() => client.close());
}
