import { connect, type Socket } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startEngine, type RunningEngine } from '../../src/engine/index.ts';
import { command, damaged, randomFrom, soundMessages } from './damage.ts';

/** More are sent with MONGO_COURSE_DAMAGED_MESSAGES, others with MONGO_COURSE_SEED; each is the same in every run. */
const count = Number(process.env.MONGO_COURSE_DAMAGED_MESSAGES ?? 1000);
const seed = Number(process.env.MONGO_COURSE_SEED ?? 1);
const answerMs = 20_000;
const database = 'damage';

/** A connection that is opened anew whenever the server has ended it. */
class Wire {
  readonly #port: number;
  #socket: Socket | undefined;
  #received = Buffer.alloc(0);
  #wake: () => void = () => undefined;

  constructor(port: number) {
    this.#port = port;
  }

  /** Sends bytes, then a ping; `answered` where that was answered, `closed` where the server hung up, `silent` where it did neither. */
  async outcome(bytes: Buffer, pingId: number): Promise<'answered' | 'closed' | 'silent'> {
    const socket = await this.#open();
    socket.write(bytes);
    // It says that it is longer or shorter than it is: what comes next is read as a part of it, and whoever waits for the rest waits rightly.
    if (bytes.length < 16 || bytes.readInt32LE(0) !== bytes.length) {
      await new Promise<void>((done) => { socket.end(() => done()); });
      this.close();
      return 'closed';
    }
    socket.write(command(pingId, { ping: 1, $db: 'admin' }));
    const until = Date.now() + answerMs;
    for (;;) {
      if (this.#answers(pingId)) return 'answered';
      if (this.#socket !== socket) return 'closed';
      const left = until - Date.now();
      if (left <= 0) return 'silent';
      await new Promise<void>((done) => {
        const timer = setTimeout(done, left);
        this.#wake = () => { clearTimeout(timer); done(); };
      });
    }
  }

  #answers(pingId: number): boolean {
    while (this.#received.length >= 16) {
      const length = this.#received.readInt32LE(0);
      if (this.#received.length < length) return false;
      const to = this.#received.readInt32LE(8);
      this.#received = this.#received.subarray(length);
      if (to === pingId) return true;
    }
    return false;
  }

  async #open(): Promise<Socket> {
    if (this.#socket) return this.#socket;
    const socket = connect(this.#port, '127.0.0.1');
    this.#socket = socket;
    this.#received = Buffer.alloc(0);
    const gone = (): void => {
      if (this.#socket === socket) this.#socket = undefined;
      this.#wake();
    };
    socket.on('data', (bytes) => { this.#received = Buffer.concat([this.#received, bytes]); this.#wake(); });
    socket.on('error', gone).on('close', gone);
    await new Promise<void>((done) => { socket.once('connect', () => done()); });
    return socket;
  }

  close(): void {
    this.#socket?.destroy();
    this.#socket = undefined;
  }
}

describe('Damaged messages', () => {
  let engine: RunningEngine;
  let client: MongoClient;
  beforeAll(async () => {
    engine = await startEngine();
    client = await MongoClient.connect(engine.uri);
  });
  afterAll(async () => {
    await client.close();
    await engine.stop();
  });

  test(`${count} of seed ${seed} neither stop the server nor make it silent, and leave nothing behind`, { timeout: 60_000 + count * 20 }, async () => {
    const internal = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const random = randomFrom(seed);
    const sound = soundMessages(database);
    const wire = new Wire(engine.port);
    const outcomes = { answered: 0, closed: 0 };
    const memory: number[] = [];
    try {
      for (let number = 0; number < count; number++) {
        const bytes = damaged((sound[Math.floor(random() * sound.length)] as (id: number) => Buffer)(2 * number + 1), random);
        const outcome = await wire.outcome(bytes, 2 * number + 2);
        if (outcome === 'silent') expect.fail(`no answer within ${answerMs} ms after message ${number} of seed ${seed}: ${bytes.toString('hex')}`);
        outcomes[outcome]++;
        if (number % Math.max(500, Math.floor(count / 10)) === 0) memory.push(await used(client));
      }
    } finally {
      wire.close();
      const reported = internal.mock.calls.map(([text]) => String(text)).filter((text) => text.includes('internal error'));
      internal.mockRestore();
      expect([...new Set(reported)]).toEqual([]);
    }
    memory.push(await used(client));
    if (process.env.MONGO_COURSE_DAMAGED_MESSAGES) console.log(`${outcomes.answered} answered, ${outcomes.closed} ended; MiB in use: ${memory.map((bytes) => (bytes / 1024 / 1024).toFixed(1)).join(', ')}`);
    expect(outcomes.answered).toBeGreaterThan(count / 10);
    expect(await client.db(database).command({ ping: 1 })).toMatchObject({ ok: 1 });
    expect(((memory.at(-1) as number) - (memory[1] ?? memory[0] as number)) / 1024 / 1024).toBeLessThan(24);
  });
});

/** What the process holds once the data is dropped, sessions and cursors are ended and the garbage is collected, in bytes. */
async function used(client: MongoClient): Promise<number> {
  const { databases } = await client.db().admin().listDatabases({ nameOnly: true });
  for (const { name } of databases) if (!['admin', 'config', 'local'].includes(name)) await client.db(name).dropDatabase();
  await client.db('admin').command({ killAllSessions: [] });
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
