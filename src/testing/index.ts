/** `mongo-course/engine`: a MongoDB server for other projects' tests, which can say what was sent to it. */
import { openEngine, startEngine as startPlain, type RunningEngine, type StartEngineOptions } from '../engine/index.ts';
import { createTap, type TapServer } from '../tap/tap.ts';
import type { Tap } from '../tap/types.ts';

export type { RunningEngine, StartEngineOptions } from '../engine/index.ts';
export type { ClientRecord, CommandQuery, CommandRecord, Document } from '../tap/types.ts';

/** What was sent to a server, and faults on the way to it. It keeps 20,000 commands, or 64 MB of them; `flooded` says that there were more. */
export type WireLog = Omit<Tap, 'evidence'> & Pick<TapServer, 'flooded'>;

/** A server that keeps what is sent to it. */
export interface LoggingEngine extends RunningEngine {
  readonly log: WireLog;
}

/**
 * Starts a MongoDB server in this process (or a mongod), in milliseconds and without a download.
 * @param options with `log: true` it keeps what is sent to it, and can be made to fail; commands take somewhat longer then
 * @throws the system's error where `port` is taken; UserError where options don't go together, or no mongod is found
 *
 * @example
 * const server = await startEngine({ log: true });
 * const client = await MongoClient.connect(server.uri);
 * await client.db('shop').collection('orders').find({ paid: false }).limit(5).toArray();
 * server.log.queries().map(({ text }) => text); // ['db.orders.find({ paid: false }).limit(5)']
 * await client.close();
 * await server.stop();
 */
export async function startEngine(options: StartEngineOptions & { log: true }): Promise<LoggingEngine>;
export async function startEngine(options?: StartEngineOptions & { log?: false }): Promise<RunningEngine>;
export async function startEngine({ log = false, ...options }: StartEngineOptions & { log?: boolean } = {}): Promise<RunningEngine | LoggingEngine> {
  if (!log) return startPlain(options);
  const engine = await openEngine(options);
  try {
    const tap = await createTap({ backend: engine.backend, ...(options.port === undefined ? {} : { port: options.port }) });
    return {
      uri: tap.uri, port: tap.port, kind: engine.kind, version: engine.version, log: tap,
      async stop() {
        await tap.close();
        await engine.stop();
      },
    };
  } catch (error) {
    await engine.stop();
    throw error;
  }
}
