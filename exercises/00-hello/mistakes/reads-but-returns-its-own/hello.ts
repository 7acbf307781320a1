import { MongoClient } from 'mongodb';

export async function sayHello(uri: string, dbName: string, name: string): Promise<string> {
  const client = new MongoClient(uri);
  const greetings = client.db(dbName).collection('greetings');
  const doc = { message: `Hello, ${name}!`, created_at: new Date() };
  const { insertedId } = await greetings.insertOne(doc);
  await greetings.findOne({ _id: insertedId });
  await client.close();
  return doc.message;
}
