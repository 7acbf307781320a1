import mongoose from 'mongoose';

export async function sayHello(uri: string, dbName: string, name: string): Promise<string> {
  const connection = await mongoose.createConnection(uri, { dbName }).asPromise();
  try {
    const greetings = connection.collection('greetings');
    const { insertedId } = await greetings.insertOne({ message: `Hello, ${name}!`, created_at: new Date() });
    const found = await greetings.findOne({ _id: insertedId });
    return String(found?.message);
  } finally {
    await connection.close();
  }
}
