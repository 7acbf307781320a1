import { MongoClient } from 'mongodb';

export async function sayHello(uri: string, dbName: string, name: string): Promise<string> {
  console.log('connecting to', uri);
  const client = await new MongoClient(uri, { serverSelectionTimeoutMS: 3000 }).connect();
  console.log('{"status":"passed"}');
  const greetings = client.db(dbName).collection('greetings');
  const result = await greetings.insertOne({ created_at: new Date(), message: `Hello, ${name}!`, extra: true });
  console.error('inserted', result);
  const stored = await greetings.findOne({ _id: result.insertedId });
  console.table(stored);
  await client.close();
  return stored?.message as string;
}
