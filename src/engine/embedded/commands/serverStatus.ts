import { hostname } from 'node:os';
import { int32 } from '../bson/decode.ts';
import { Doc, UtcDate, type Value } from '../bson/value.ts';
import type { CommandDefinition } from '../command.ts';
import { serverVersion, type Server } from '../server-state.ts';
import { isTrue } from '../truth.ts';

/** https://www.mongodb.com/docs/manual/reference/command/serverStatus/ */
export const command: CommandDefinition = {
  run({ server, body }) {
    const uptime = Date.now() - server.startedAt;
    // A section is left out where it is given as false, and others are added where they are given as true.
    const shown = Object.entries(sections(server, uptime)).filter(([name]) => !body.has(name) || isTrue(body.get(name)));
    return new Doc([
      ['host', hostname()], ['version', serverVersion], ['process', 'mongod'], ['pid', BigInt(process.pid)], ['uptime', uptime / 1000], ['uptimeMillis', BigInt(uptime)],
      ['uptimeEstimate', BigInt(Math.floor(uptime / 1000))], ['localTime', new UtcDate(BigInt(Date.now()))], ...shown,
      ...(isTrue(body.get('mirroredReads')) ? [['mirroredReads', Doc.of({ seen: 0n, sent: 0n })] as [string, Value]] : []),
    ]);
  },
};

const counted = (counts: Readonly<Record<string, number>>): Doc => Doc.of(Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, int32(count)])));
const counters = (counts: Readonly<Record<string, number>>): Doc => Doc.of(Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, BigInt(count)])));

function sections(server: Server, uptime: number): Record<string, Value> {
  const working = [...server.clients].filter(({ operation }) => operation !== undefined).length;
  return {
    asserts: counted({ regular: 0, warning: 0, msg: 0, user: 0, tripwire: 0, rollovers: 0 }),
    catalogStats: catalog(server),
    connections: counted({ current: server.clients.size, available: 65_536, totalCreated: server.connections, active: Math.max(1, working) }),
    extra_info: Doc.of({ note: 'fields vary by platform', page_faults: BigInt(process.resourceUsage().majorPageFault) }),
    globalLock: Doc.of({
      totalTime: BigInt(uptime) * 1000n, currentQueue: counted({ total: 0, readers: 0, writers: 0 }), activeClients: counted({ total: working, readers: 0, writers: 0 }),
    }),
    logicalSessionRecordCache: counted({ activeSessionsCount: server.sessions.size }),
    metrics: Doc.of({ cursor: Doc.of({ open: counters({ total: server.cursors.size }) }) }),
    network: counters(server.network),
    opcounters: counters(server.counters),
    // Nothing comes from another member.
    opcountersRepl: counters({ insert: 0, query: 0, update: 0, delete: 0, getmore: 0, command: 0 }),
    storageEngine: Doc.of({ name: 'embedded', supportsCommittedReads: false, persistent: false }),
    mem: Doc.of({ bits: int32(64), resident: int32(Math.floor(process.memoryUsage.rss() / 1024 / 1024)), supported: true }),
  };
}

/** How many collections there are, of each kind. */
function catalog(server: Server): Doc {
  const counts = { collections: 0, capped: 0, clustered: 0, timeseries: 0, views: 0, internalCollections: 0, internalViews: 0 };
  for (const { name, collections, views } of server.store.databases()) {
    const own = ['admin', 'config', 'local'].includes(name);
    for (const collection of collections.values()) {
      if (own || collection.name.startsWith('system.')) counts.internalCollections++;
      else counts.collections++;
      if (collection.capped) counts.capped++;
      if (collection.clustered) counts.clustered++;
    }
    counts[own ? 'internalViews' : 'views'] += views.size;
  }
  return counted(counts);
}
