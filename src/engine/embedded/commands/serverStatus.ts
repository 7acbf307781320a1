import { hostname } from 'node:os';
import { int32 } from '../bson/decode.ts';
import { Doc, UtcDate } from '../bson/value.ts';
import type { CommandDefinition } from '../command.ts';
import { serverVersion } from '../server-state.ts';

/** https://www.mongodb.com/docs/manual/reference/command/serverStatus/ */
export const command: CommandDefinition = {
  run({ server }) {
    const uptime = Date.now() - server.startedAt;
    return Doc.of({
      host: hostname(), version: serverVersion, process: 'mongod', pid: BigInt(process.pid), uptime: uptime / 1000, uptimeMillis: BigInt(uptime),
      uptimeEstimate: BigInt(Math.floor(uptime / 1000)), localTime: new UtcDate(BigInt(Date.now())),
      asserts: Doc.of({ regular: int32(0), warning: int32(0), msg: int32(0), user: int32(0), tripwire: int32(0), rollovers: int32(0) }),
      connections: Doc.of({ current: int32(server.clients.size), available: int32(65_536), active: int32(1) }),
      logicalSessionRecordCache: Doc.of({ activeSessionsCount: int32(server.sessions.size) }),
      metrics: Doc.of({ cursor: Doc.of({ open: Doc.of({ total: BigInt(server.cursors.size) }) }) }),
      opcounters: Doc.of(Object.fromEntries(Object.entries(server.counters).map(([name, count]) => [name, BigInt(count)]))),
      storageEngine: Doc.of({ name: 'embedded', supportsCommittedReads: false, persistent: false }),
      mem: Doc.of({ bits: int32(64), resident: int32(Math.floor(process.memoryUsage().rss / 1024 / 1024)), supported: true }),
    });
  },
};
