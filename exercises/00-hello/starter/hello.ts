import { MongoClient } from 'mongodb';

/**
 * Stores a greeting in MongoDB, reads it back, and returns what it read.
 *
 * @param uri where the server is: mongodb://127.0.0.1:27017/
 * @param dbName the database to use
 * @param name who is greeted
 */
export async function sayHello(uri: string, dbName: string, name: string): Promise<string> {
  // 1. Make a client for `uri`. This line is a present:
  const client = new MongoClient(uri);

  // 2. Insert { message: "Hello, NAME!", created_at: <now> } into `greetings`.
  //    client.db(dbName).collection('greetings') is the collection.

  // 3. Find the document again by its _id.

  // 4. Close the client.

  // 5. Return the message that you have read. Until then:
  throw new Error(`sayHello is still to be written, for ${name} in ${dbName} with ${client.constructor.name}`);
}
