import { MongoClient } from 'mongodb';

export function sayHello(uri, dbName, name) {
  const client = new MongoClient(uri);
  const greetings = client.db(dbName).collection('greetings');
  return greetings
    .insertOne({ message: `Hello, ${name}!`, created_at: new Date() })
    .then(({ insertedId }) => greetings.findOne({ _id: insertedId }))
    .then((stored) => stored.message)
    .finally(() => client.close());
}
