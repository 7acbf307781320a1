import { MongoClient } from 'mongodb';

export async function sayHello(uri: string, dbName: string, name: string): Promise<string> {
  const client = new MongoClient(uri);
  try {
    const greetings = client.db(dbName).collection('greetings');
    const { insertedId } = await greetings.insertOne({ message: `Hello, ${name}!` });
    return (await greetings.findOne({ _id: insertedId }))!.message;
  } finally {
    await client.close();
  }
}
