import { UserError, exitCodes } from '../../errors.ts';
import { forwardTo } from '../../wire/forward.ts';
import { binaryVersion } from '../binary-version.ts';
import type { EngineKind } from '../engine.ts';
import { versionOf } from '../server-version.ts';

/** The server that mongodb-memory-server takes where nothing else is said. */
const mongodVersion = '8.2.0';
const defaultStartTimeoutMs = 20_000;

export const kind: EngineKind = {
  summary: 'a real mongod of this machine, through mongodb-memory-server',
  async start({ replset = false }) {
    // Nothing downloads unless somebody runs `setup`.
    process.env.MONGOMS_RUNTIME_DOWNLOAD = '0';
    const { MongoBinary, MongoMemoryServer, MongoMemoryReplSet } = await import('mongodb-memory-server-core');
    const systemBinary = process.env.MONGOMS_SYSTEM_BINARY;
    const binary = { version: mongodVersion, checkMD5: false, ...(systemBinary ? { systemBinary } : {}) };
    const launchTimeout = Number(process.env.MONGO_COURSE_MONGOD_TIMEOUT_MS) || defaultStartTimeoutMs;
    const instance = { ip: '127.0.0.1', launchTimeout };
    let server;
    try {
      if (systemBinary) await binaryVersion(systemBinary, launchTimeout);
      // Said here, a missing one is one sentence; the start itself would print a stack as well.
      await MongoBinary.getPath(binary);
      server = replset ? await MongoMemoryReplSet.create({ binary, instanceOpts: [instance], replSet: { count: 1 } }) : await MongoMemoryServer.create({ binary, instance });
    } catch (error) {
      throw new UserError(`No mongod could be started: ${firstLine(error)}`, {
        exitCode: exitCodes.environment, cause: error,
        wayOut: 'Name one with MONGOMS_SYSTEM_BINARY=/path/to/mongod, or leave --engine out: the embedded engine needs none.',
      });
    }
    const { hostname, port } = new URL(server.getUri());
    const backend = forwardTo({ host: hostname, port: Number(port), tls: false });
    try {
      return { kind: 'mongod', version: await versionOf(backend, 'the mongod that was started'), backend, stop: async () => void (await server.stop({ doCleanup: true, force: true })) };
    } catch (error) {
      await server.stop({ doCleanup: true, force: true });
      throw error;
    }
  },
};

const firstLine = (error: unknown): string => String((error as Error).message).split('\n')[0] as string;
