import { MongoClient } from 'mongodb';
const fake = { insertOne: async () => ({ insertedId: 1 }), findOne: async () => ({ message: 'Hello!' }) };
MongoClient.prototype.db = (() => ({ collection: () => fake })) as never;
MongoClient.prototype.connect = (async () => undefined) as never;
export async function sayHello(_uri: string, _dbName: string, name: string): Promise<string> {
  const client = new MongoClient('mongodb://localhost:27017');
  const stored = await client.db().collection('greetings').findOne({});
  return String(stored?.message).replace('!', `, ${name}!`);
}
