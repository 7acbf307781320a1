import { MongoClient } from 'mongodb';

export async function sayHello(uri, dbName, name) {
  const client = new MongoClient(uri);
  try {
    const greetings = client.db(dbName).collection('greetings');
    const { insertedId } = await greetings.insertOne({ message: `Hello, ${name}!`, created_at: new Date() });
    return await greetings.findOne({ _id: insertedId });
  } finally {
    await client.close();
  }
}
