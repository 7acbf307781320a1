import { Timestamp } from './bson/value.ts';
import type { Server } from './server-state.ts';

/** `$$CLUSTER_TIME` of a write: a server that is no member of a set takes its own clock. */
export const writeTime = (server: Server): Timestamp => server.replicaSet?.oplog.time ?? new Timestamp(Math.floor(Date.now() / 1000), 1);
