import { MongoClient, ObjectId } from 'mongodb';

class Greeter {
  readonly #client: MongoClient;
  readonly #dbName: string;
  constructor(uri: string, dbName: string) {
    this.#client = new MongoClient(uri);
    this.#dbName = dbName;
  }
  async greet(name: string): Promise<string> {
    const _id = new ObjectId();
    const greetings = this.#client.db(this.#dbName).collection('greetings');
    await greetings.insertMany([{ _id, message: `Hello, ${name}!`, created_at: new Date(Date.now()) }]);
    const found = await greetings.findOne({ _id: { $eq: _id } }, { projection: { message: 1, _id: 0 } });
    return String(found?.message);
  }
  close(): Promise<void> {
    return this.#client.close();
  }
}

export async function sayHello(uri: string, dbName: string, name: string): Promise<string> {
  const greeter = new Greeter(uri, dbName);
  try {
    return await greeter.greet(name);
  } finally {
    await greeter.close();
  }
}
