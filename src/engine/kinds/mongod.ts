import { UserError, exitCodes } from '../../errors.ts';
import { forwardTo } from '../../wire/forward.ts';
import { binaryVersion } from '../binary-version.ts';
import type { EngineKind } from '../engine.ts';
import { findMongod } from '../find-mongod.ts';
import { versionOf } from '../server-version.ts';

const defaultStartTimeoutMs = 20_000;

export const kind: EngineKind = {
  summary: 'a real mongod of this machine, through mongodb-memory-server',
  async start({ replset = false }) {
    // Nothing downloads unless somebody runs `setup`.
    process.env.MONGOMS_RUNTIME_DOWNLOAD = '0';
    // The report names the version that it is, which need not be the library's own.
    process.env.MONGOMS_SYSTEM_BINARY_VERSION_CHECK ??= '0';
    const { MongoMemoryServer, MongoMemoryReplSet } = await import('mongodb-memory-server-core');
    const launchTimeout = Number(process.env.MONGO_COURSE_MONGOD_TIMEOUT_MS) || defaultStartTimeoutMs;
    const instance = { ip: '127.0.0.1', launchTimeout };
    let server;
    try {
      // Said here, a missing one is one sentence; the start itself would print a stack as well.
      const found = await findMongod(process.env);
      if (!found) throw new Error('this machine has none');
      await binaryVersion(found.path, launchTimeout);
      const binary = { systemBinary: found.path };
      server = replset ? await MongoMemoryReplSet.create({ binary, instanceOpts: [instance], replSet: { count: 1 } }) : await MongoMemoryServer.create({ binary, instance });
    } catch (error) {
      throw new UserError(`No mongod could be started: ${firstLine(error)}`, {
        exitCode: exitCodes.environment, cause: error,
        wayOut: 'Download one with npx mongo-course setup, name one with MONGOMS_SYSTEM_BINARY=/path/to/mongod, or leave --engine out: the embedded engine needs none.',
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
