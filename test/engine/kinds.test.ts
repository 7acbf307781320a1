import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MongoClient } from 'mongodb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startEngine, startEngineKind } from '../../src/engine/index.ts';
import { isUserError } from '../../src/errors.ts';

const binary = (name: string): string => fileURLToPath(new URL(`../fixtures/mongod/${name}`, import.meta.url));

let work: string;
const before = { ...process.env };

beforeEach(() => {
  work = mkdtempSync(join(tmpdir(), 'kinds-'));
  process.env.STAND_IN_PID = join(work, 'pid');
});

afterEach(() => {
  // Whatever a failed test left is ended by its own number.
  if (isRunning()) process.kill(standInPid(), 'SIGKILL');
  process.env = { ...before };
  rmSync(work, { recursive: true, force: true });
});

const standInPid = (): number => Number(readFileSync(join(work, 'pid'), 'utf8'));

function isRunning(): boolean {
  try {
    process.kill(standInPid(), 0);
    return true;
  } catch {
    return false;
  }
}

async function refusal(start: Promise<unknown>): Promise<Error & { wayOut?: string; exitCode?: number }> {
  const error = await start.then(() => undefined, (thrown: unknown) => thrown);
  expect(isUserError(error)).toBe(true);
  return error as Error & { wayOut?: string; exitCode?: number };
}

describe('the embedded engine', () => {
  it('listens on a port of the loopback address and answers a driver', async () => {
    const server = await startEngine();
    const client = await MongoClient.connect(server.uri);
    await client.db('a').collection('b').insertOne({ x: 1 });
    expect(await client.db('a').collection('b').countDocuments()).toBe(1);
    await client.close();
    await server.stop();
  });

  it('says so when its port is taken', async () => {
    const first = await startEngine();
    await expect(startEngine({ port: first.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await first.stop();
  });
});

describe('a mongod of this machine', () => {
  it('is started, asked for its version, and ended', async () => {
    process.env.MONGOMS_SYSTEM_BINARY = binary('stand-in');
    const server = await startEngine({ engine: 'mongod' });
    expect(server.version).toMatch(/^8\.2/);
    const client = await MongoClient.connect(server.uri);
    await client.db('a').collection('b').insertOne({ x: 1 });
    expect(await client.db('a').collection('b').findOne({}, { projection: { _id: 0 } })).toEqual({ x: 1 });
    await client.close();
    expect(isRunning()).toBe(true);
    await server.stop();
    expect(isRunning()).toBe(false);
  });

  it('that is missing is a sentence with a way out, and nothing is downloaded', async () => {
    process.env.MONGOMS_SYSTEM_BINARY = join(work, 'no-such-binary');
    const error = await refusal(startEngine({ engine: 'mongod' }));
    expect(error.exitCode).toBe(3);
    expect(error.wayOut).toContain('MONGOMS_SYSTEM_BINARY');
  });

  it('that is not on this machine at all is a sentence, too', async () => {
    delete process.env.MONGOMS_SYSTEM_BINARY;
    process.env.MONGOMS_DOWNLOAD_DIR = join(work, 'empty');
    process.env.MONGOMS_PREFER_GLOBAL_PATH = '0';
    const error = await refusal(startEngine({ engine: 'mongod' }));
    expect(error.message).toContain('No mongod could be started');
    expect(existsSync(join(work, 'empty', 'mongod'))).toBe(false);
  });

  it('that crashes is a sentence, and leaves nothing running', async () => {
    process.env.MONGOMS_SYSTEM_BINARY = binary('crashing');
    const error = await refusal(startEngine({ engine: 'mongod' }));
    expect(error.message).toContain('No mongod could be started');
    expect(isRunning()).toBe(false);
  });

  it('that never says its version is ended and named', async () => {
    process.env.MONGOMS_SYSTEM_BINARY = binary('hanging');
    process.env.MONGO_COURSE_MONGOD_TIMEOUT_MS = '1000';
    const error = await refusal(startEngine({ engine: 'mongod' }));
    expect(error.message).toContain('did not answer --version');
    expect(isRunning()).toBe(false);
  });

  it('that starts and never gets ready is given up, and leaves nothing running', async () => {
    process.env.MONGOMS_SYSTEM_BINARY = binary('never-ready');
    process.env.MONGO_COURSE_MONGOD_TIMEOUT_MS = '1500';
    const error = await refusal(startEngine({ engine: 'mongod' }));
    expect(error.message).toContain('No mongod could be started');
    await vi.waitFor(() => expect(isRunning()).toBe(false), { timeout: 15_000 });
  });
});

describe('a server by its URI', () => {
  it('is used through the tap like any other', async () => {
    const server = await startEngine();
    const engine = await startEngineKind('external', { uri: server.uri });
    expect(engine.kind).toBe('external');
    expect(engine.version).toBe(server.version);
    await engine.stop();
    await server.stop();
  });

  it('that is not there is a sentence with a way out', async () => {
    const server = await startEngine();
    await server.stop();
    const error = await refusal(startEngineKind('external', { uri: server.uri }));
    expect(error.exitCode).toBe(3);
    expect(error.message).toContain("can't be reached");
  });

  it.each(['mongodb+srv://cluster.example/', 'mongodb://user:secret@localhost/', 'mongodb://a,b/', 'http://localhost/'])('of a form that cannot be forwarded is refused: %s', async (uri) => {
    const error = await refusal(startEngineKind('external', { uri }));
    expect(error.message).not.toContain('secret');
  });
});
