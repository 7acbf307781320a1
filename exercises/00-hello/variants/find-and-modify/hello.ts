import { MongoClient, ObjectId } from 'mongodb';

export async function sayHello(uri: string, dbName: string, name: string): Promise<string> {
  const client = new MongoClient(uri);
  try {
    const greetings = client.db(dbName).collection('greetings');
    const id = new ObjectId();
    await greetings.findOneAndUpdate({ _id: id }, { $set: { message: `Hello, ${name}!` }, $currentDate: { created_at: true } }, { upsert: true });
    for await (const stored of greetings.find({ _id: { $in: [id] } })) return stored.message as string;
    throw new Error('not found');
  } finally {
    await client.close();
  }
}
