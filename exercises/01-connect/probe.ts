import type { ProbeContext } from 'mongo-course/probe';

/** What a value is, by its looks. */
const kindOf = (value: any): string => {
  if (value === null || value === undefined) return String(value);
  if (typeof value.db === 'function') return 'client';
  if (typeof value.collection === 'function') return 'database';
  return String(value.constructor?.name ?? typeof value);
};

/** One call of getMongoClient; the client stays here. */
export async function getMongoClient({ load, keep }: ProbeContext): Promise<unknown> {
  const client = await (await load('mongo')).getMongoClient();
  return { kind: kindOf(client), client: keep(client) };
}

/** One call of getMongoDatabase. */
export async function getMongoDatabase({ load }: ProbeContext): Promise<unknown> {
  const database = await (await load('mongo')).getMongoDatabase();
  return { kind: kindOf(database), name: database?.databaseName };
}

/** Calls getMongoClient again: is it the client kept before? */
export async function isSameClient({ load, kept }: ProbeContext, token: unknown): Promise<boolean> {
  return (await (await load('mongo')).getMongoClient()) === kept(token);
}

/** So many calls at once: how many different things they give. */
export async function callsAtOnce({ load }: ProbeContext, count: number): Promise<unknown> {
  const { getMongoClient } = await load('mongo');
  const clients = await Promise.all(Array.from({ length: count }, () => getMongoClient()));
  return { different: new Set(clients).size, kinds: [...new Set(clients.map(kindOf))] };
}

/** Two calls at once: ends when the first of them does. */
export async function firstOfTwo({ load }: ProbeContext): Promise<unknown> {
  const { getMongoClient } = await load('mongo');
  return kindOf(await Promise.race([getMongoClient(), getMongoClient()]));
}

/** Clients and databases, one call after the other: how many different clients. */
export async function callsInARow({ load }: ProbeContext): Promise<unknown> {
  const { getMongoClient, getMongoDatabase } = await load('mongo');
  const clients = [];
  for (let index = 0; index < 3; index++) {
    clients.push(await getMongoClient());
    clients.push((await getMongoDatabase())?.client);
  }
  return { different: new Set(clients).size };
}

export async function ping({ kept }: ProbeContext, token: unknown): Promise<unknown> {
  return kept(token).db('admin').command({ ping: 1 });
}

export async function insert({ load }: ProbeContext, collection: string, document: object): Promise<void> {
  const database = await (await load('mongo')).getMongoDatabase();
  await database.collection(collection).insertOne(document);
}

export async function find({ load }: ProbeContext, collection: string): Promise<void> {
  const database = await (await load('mongo')).getMongoDatabase();
  await database.collection(collection).findOne({});
}

export async function closeMongoClient({ load }: ProbeContext): Promise<void> {
  await (await load('mongo')).closeMongoClient();
}

/** Changes this process's environment after the module was loaded. */
export function setEnvironment(_context: ProbeContext, values: Record<string, string>): void {
  Object.assign(process.env, values);
}
