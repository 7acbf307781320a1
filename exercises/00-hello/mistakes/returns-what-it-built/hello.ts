import { MongoClient } from 'mongodb';

export async function sayHello(uri: string, dbName: string, name: string): Promise<string> {
  const client = new MongoClient(uri);
  const message = `Hello, ${name}!`;
  await client.db(dbName).collection('greetings').insertOne({ message, created_at: new Date() });
  await client.close();
  return message;
}
