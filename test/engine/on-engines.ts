import { MongoClient, type Db, type MongoClientOptions } from 'mongodb';
import { afterAll, beforeAll, describe } from 'vitest';
import { createEmbedded, type EmbeddedEngine } from '../../src/engine/embedded/server.ts';
import { startFront, type Front } from '../../src/wire/front.ts';

/** What a suite is given of the engine it runs on. */
export interface EngineUnderTest {
  /** Which of them it is, for what is known to differ. */
  readonly isEmbedded: boolean;
  readonly client: MongoClient;
  readonly uri: string;
  /** A database that no other test uses; dropped after the suite. */
  freshDb(): Db;
  /** A client of its own, closed after the suite. */
  connect(options?: MongoClientOptions): Promise<MongoClient>;
}

/**
 * Runs a suite on the embedded engine, and on the server of MONGO_COURSE_URI where that is set: what holds on one has
 * to hold on the other. With `replset` both are replica sets of one member, the other one that of MONGO_COURSE_REPLSET_URI.
 */
export function onEngines(title: string, suite: (engine: EngineUnderTest) => void, { replset = false }: { replset?: boolean } = {}): void {
  describe(`${title}, on the embedded engine`, () => {
    let engine: EmbeddedEngine;
    let front: Front;
    suite(underTest(true,
      async () => {
        engine = await createEmbedded({ replset });
        front = await startFront({ backend: engine.backend });
        return `mongodb://127.0.0.1:${front.port}/`;
      },
      async () => {
        await front.close();
        await engine.stop();
      },
    ));
  });
  const external = process.env[replset ? 'MONGO_COURSE_REPLSET_URI' : 'MONGO_COURSE_URI'];
  if (external) describe(`${title}, on ${new URL(external).host}`, () => suite(underTest(false, () => Promise.resolve(external), () => Promise.resolve())));
}

let databases = 0;

function underTest(isEmbedded: boolean, start: () => Promise<string>, stop: () => Promise<void>): EngineUnderTest {
  let uri = '';
  let client: MongoClient | undefined;
  const others: MongoClient[] = [];
  const used: string[] = [];
  beforeAll(async () => {
    uri = await start();
    client = await new MongoClient(uri).connect();
  });
  afterAll(async () => {
    for (const name of used) await client?.db(name).dropDatabase();
    await Promise.all([client, ...others].map((open) => open?.close()));
    await stop();
  });
  const connected = (): MongoClient => {
    if (!client) throw new Error('the engine is not up yet: use it inside a test');
    return client;
  };
  return {
    isEmbedded,
    get client() {
      return connected();
    },
    get uri() {
      return uri;
    },
    freshDb() {
      const name = `test_${process.pid}_${++databases}`;
      used.push(name);
      return connected().db(name);
    },
    async connect(options) {
      const other = await new MongoClient(uri, options ?? {}).connect();
      others.push(other);
      return other;
    },
  };
}
