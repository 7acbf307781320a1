import { MongoClient } from 'mongodb';

export async function sayHello(uri: string, dbName: string, name: string): Promise<string> {
  const client = new MongoClient(uri);
  try {
    const greetings = client.db().collection('greetings');
    const { insertedId } = await greetings.insertOne({ message: `Hello, ${name}!`, created_at: new Date() });
    return (await greetings.findOne({ _id: insertedId }))!.message;
  } finally {
    await client.close();
  }
}
