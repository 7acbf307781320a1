import { MongoClient } from 'mongodb';

export async function sayHello(uri: string, dbName: string, name: string): Promise<string> {
  const client = new MongoClient(uri);
  const greetings = client.db(dbName).collection('greetings');
  const message = `Hello, ${name}!`;
  greetings.insertOne({ message, created_at: new Date() }).catch(() => {});
  await client.close();
  return message;
}
