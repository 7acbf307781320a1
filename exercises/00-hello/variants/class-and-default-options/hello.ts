import { MongoClient, type Collection } from 'mongodb';

interface Greeting {
  message: string;
  created_at: Date;
}

class Greeter {
  readonly #client: MongoClient;
  readonly #greetings: Collection<Greeting>;

  constructor(uri: string, dbName: string) {
    this.#client = new MongoClient(uri, { appName: 'greeter', maxPoolSize: 1 });
    this.#greetings = this.#client.db(dbName).collection<Greeting>('greetings');
  }

  async greet(name: string): Promise<string> {
    const { insertedIds } = await this.#greetings.insertMany([{ message: `Hello, ${name}!`, created_at: new Date() }]);
    const [stored] = await this.#greetings.find({ _id: insertedIds[0] }).toArray();
    if (!stored) throw new Error('lost');
    return stored.message;
  }

  close(): Promise<void> {
    return this.#client.close();
  }
}

export async function sayHello(uri: string, dbName: string, name: string): Promise<string> {
  const greeter = new Greeter(uri, dbName);
  return greeter.greet(name).finally(() => greeter.close());
}
