import { fileURLToPath } from 'node:url';
import { config } from 'dotenv';
import { MongoClient, type Db } from 'mongodb';

// One promise for the whole process, and not one client: who calls while we still connect waits for the same attempt.
let current: Promise<MongoClient> | undefined;

/**
 * The one client of this process, connected.
 * @throws the driver's error when no server answers within a few seconds; the next call tries again
 */
export function getMongoClient(): Promise<MongoClient> {
  if (!current) {
    const attempt = connect();
    current = attempt;
    // A failure must not be kept, or nobody could connect once the server is back.
    attempt.catch(() => {
      if (current === attempt) current = undefined;
    });
  }
  return current;
}

/** The application's database, on the one client. */
export async function getMongoDatabase(): Promise<Db> {
  const client = await getMongoClient();
  return client.db(setting('MONGO_DB_NAME', 'my_node_mongo_db'));
}

/** Closes the client, if there is one. A later call of the others makes a new one. */
export async function closeMongoClient(): Promise<void> {
  const closing = current;
  current = undefined;
  // An attempt that failed has cleaned up after itself, and told whoever asked for it.
  const client = await closing?.catch(() => undefined);
  await client?.close();
}

async function connect(): Promise<MongoClient> {
  // Reads the .env beside this file if it is there, and changes nothing that the environment has already.
  config({ quiet: true, path: fileURLToPath(new URL('.env', import.meta.url)) });
  const client = new MongoClient(setting('MONGO_URI', 'mongodb://localhost:27017/'), {
    // The driver would look for a server for 30 seconds; nobody waits that long for a page.
    serverSelectionTimeoutMS: 3_000,
  });
  try {
    await client.connect();
    await client.db('admin').command({ ping: 1 }, { timeoutMS: 1_500 });
  } catch (error) {
    await client.close();
    throw error;
  }
  closeOnSigterm();
  return client;
}

/** A variable of the environment; one that is empty counts as not set. */
function setting(name: string, fallback: string): string {
  return process.env[name] || fallback;
}

let listening = false;

/** SIGTERM is how a container, a service manager or a hoster asks a process to end. */
function closeOnSigterm(): void {
  if (listening) return;
  listening = true;
  process.once('SIGTERM', () => {
    closeMongoClient().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error('MongoDB could not be closed:', error);
        process.exit(1);
      },
    );
  });
}
