import { UserError } from '../errors.ts';
import { loadRegistrant } from '../registry.ts';
import type { Engine, EngineKind, EngineKindId, EngineOptions } from './engine.ts';
import { listen, type Listening } from './listening.ts';

export type { Engine, EngineKindId, EngineOptions } from './engine.ts';

/** Starts an engine without a port of its own: for a tap, or a checker. */
export async function startEngineKind(id: EngineKindId, options: EngineOptions): Promise<Engine> {
  const kind = await loadRegistrant<EngineKind>(new URL('./kinds/', import.meta.url), id, 'kind');
  return kind.start(options);
}

export interface StartEngineOptions {
  /** Default `embedded`, which needs nothing else on the machine. */
  engine?: 'embedded' | 'mongod';
  /** A single-node replica set: sessions, transactions, change streams. */
  replset?: boolean;
  /** Access control, of the embedded engine: this user of `admin` has the role root, and makes others with `createUser`. */
  auth?: { user: string; password: string };
  /** Default: one that is free. Only the loopback address is listened on. */
  port?: number;
}

/** A MongoDB server for tests, listening on 127.0.0.1. */
export interface RunningEngine extends Listening {
  readonly kind: EngineKindId;
  readonly version: string;
}

/**
 * Starts a MongoDB server in this process (or a mongod), in milliseconds and without a download.
 *
 * @example
 * const server = await startEngine();
 * const client = await MongoClient.connect(server.uri);
 * // …
 * await client.close();
 * await server.stop();
 */
export async function startEngine(options: StartEngineOptions = {}): Promise<RunningEngine> {
  const engine = await openEngine(options);
  return { ...(await listen(engine, options.port)), kind: engine.kind, version: engine.version };
}

/**
 * Starts it without a port.
 * @throws UserError where the options don't go together, or no mongod is found
 */
export async function openEngine({ engine: id = 'embedded', replset = false, auth }: StartEngineOptions): Promise<Engine> {
  if (auth && id !== 'embedded') throw new UserError('Users can only be given to the embedded engine.', { wayOut: 'Leave out either auth or engine.' });
  return startEngineKind(id, { replset, ...(auth ? { auth } : {}) });
}
