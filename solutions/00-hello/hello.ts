import { MongoClient } from 'mongodb';

interface Greeting {
  message: string;
  created_at: Date;
}

/** Stores a greeting in MongoDB, reads it back, and returns what it read. */
export async function sayHello(uri: string, dbName: string, name: string): Promise<string> {
  const client = new MongoClient(uri);
  try {
    const greetings = client.db(dbName).collection<Greeting>('greetings');
    const { insertedId } = await greetings.insertOne({ message: `Hello, ${name}!`, created_at: new Date() });
    const stored = await greetings.findOne({ _id: insertedId });
    if (!stored) throw new Error(`greeting ${insertedId.toHexString()} was inserted, but is not there`);
    return stored.message;
  } finally {
    // Also when something above fails: a client that stays open keeps the program from ending.
    await client.close();
  }
}
