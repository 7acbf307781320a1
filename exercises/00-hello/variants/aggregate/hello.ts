import { MongoClient, ObjectId } from 'mongodb';

export const sayHello = async (uri: string, dbName: string, name: string): Promise<string> => {
  const client = new MongoClient(uri);
  try {
    const _id = new ObjectId();
    const greetings = client.db(dbName).collection('greetings');
    await greetings.insertOne({ _id, message: ['Hello', `${name}!`].join(', '), created_at: new Date(Date.now()) });
    const [stored] = await greetings.aggregate<{ message: string }>([{ $match: { _id } }, { $project: { message: 1 } }]).toArray();
    return (stored as { message: string }).message;
  } finally {
    await client.close(true);
  }
};
