import { randomBytes } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import type { Client } from './client.ts';
import type { CommandDefinition } from './command.ts';
import { Users } from './auth/users.ts';
import { Cursors } from './cursors.ts';
import { Doc, ObjectId } from './bson/value.ts';
import { Parameters } from './parameters.ts';
import { ReplicaSet } from './replication/replica-set.ts';
import { FailPoints } from './fail-points.ts';
import { Sessions } from './sessions.ts';
import { Store } from './storage/store.ts';
import { Usage } from './usage.ts';
import { stockSystem } from './system-databases.ts';

/** The version it answers as, in full and as numbers. */
export const serverVersion = '8.2.0';

/** What one server holds: its data, its cursors and sessions, who is connected. */
export class Server {
  readonly commands: ReadonlyMap<string, CommandDefinition>;
  /** What makes it a replica set; a standalone has none. */
  readonly replicaSet: ReplicaSet | undefined;
  readonly store: Store;
  /** True where the data are a transaction's. */
  readonly transactional: boolean = false;
  readonly sessions = new Sessions();
  readonly cursors = new Cursors((session) => this.sessions.has(session));
  readonly users = new Users();
  /** True where only those who have logged in may do what their roles let them. */
  accessControl = false;
  readonly failPoints = new FailPoints();
  /** How often collections were used. */
  readonly usage = new Usage();
  readonly clients = new Set<Client>();
  /** How many connections there have been, and what came and went on them. */
  connections = 0;
  readonly network = { bytesIn: 0, bytesOut: 0, numRequests: 0 };
  readonly parameters = new Parameters();
  /** Tells clients apart whether the server was restarted. */
  readonly processId = new ObjectId(new Uint8Array(randomBytes(12)));
  readonly startedAt = Date.now();
  /** The number of the operation that began last. */
  lastOperation = 0;
  readonly counters = { insert: 0, query: 0, update: 0, delete: 0, getmore: 0, command: 0 };
  /** Aborted when the server stops: what waits is let go. */
  readonly stopping = new AbortController();

  constructor(commands: ReadonlyMap<string, CommandDefinition>, options: { replset: boolean; maxBytes?: number | undefined }) {
    this.store = new Store(options.maxBytes);
    // Every client's awaited hello listens.
    setMaxListeners(0, this.stopping.signal);
    this.commands = commands;
    stockSystem(this.store, serverVersion);
    this.replicaSet = options.replset ? new ReplicaSet(this.store) : undefined;
  }

  get replset(): boolean {
    return this.replicaSet !== undefined;
  }

  /** The topology's version, which awaitable `hello` waits to change. A standalone's never does. */
  get topologyVersion(): Doc {
    return Doc.of({ processId: this.processId, counter: 0n });
  }
}
