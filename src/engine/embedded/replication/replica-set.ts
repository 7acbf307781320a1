import { randomBytes } from 'node:crypto';
import { int32 } from '../bson/decode.ts';
import { encodeDocument } from '../bson/encode.ts';
import { Binary, Doc, ObjectId, Timestamp, UtcDate } from '../bson/value.ts';
import type { Client } from '../client.ts';
import { MongoError } from '../errors.ts';
import type { Server } from '../server-state.ts';
import type { Store } from '../storage/store.ts';
import { Oplog } from './oplog.ts';
import type { Transaction } from './transaction.ts';

/** The name of the set: any client may find it out by `hello`. */
export const setName = 'rs0';

/** How often members would ask for each other. */
export const heartbeatMs = 2000n;

/** The one member's address, as a client knows it. */
export const memberOf = ({ info }: Client): string => `127.0.0.1:${info.localPort ?? 0}`;

/** @throws MongoError where the server is none */
export function replicaSetOf({ replicaSet }: Server): ReplicaSet {
  if (!replicaSet) throw new MongoError('NoReplicationEnabled', 'not running with --replSet');
  return replicaSet;
}

const mark = new Timestamp(0x7a6b5c4d, 0x6f5e4d3c);
const timesBytes = encodeDocument(Doc.of({
  $clusterTime: Doc.of({ clusterTime: mark, signature: Doc.of({ hash: new Binary(0, new Uint8Array(20)), keyId: 0n }) }), operationTime: mark,
}));
/** Where the time of the last change stands in them. */
const timesAt = [timesBytes.indexOf(markBytes()), timesBytes.lastIndexOf(markBytes())];

function markBytes(): Buffer {
  return encodeDocument(Doc.of({ '': mark })).subarray(6, 14);
}

/** What makes the one server a replica set of one member. */
export class ReplicaSet {
  readonly oplog = new Oplog();
  /** The transactions that are open. */
  readonly open = new Set<Transaction>();
  readonly #times = Buffer.from(timesBytes);
  readonly electionId = new ObjectId(new Uint8Array(randomBytes(12)));

  constructor(store: Store) {
    store.watcher = this.oplog;
  }

  /** What `hello` says of it. */
  hello(address: string): Doc {
    const opTime = Doc.of({ ts: this.oplog.time, t: 1n });
    const date = new UtcDate(BigInt(this.oplog.time.t) * 1000n);
    return Doc.of({
      hosts: [address], setName, setVersion: int32(1), secondary: false, primary: address, me: address, electionId: this.electionId,
      lastWrite: Doc.of({ opTime, lastWriteDate: date, majorityOpTime: opTime, majorityWriteDate: date }),
    });
  }

  /** What every reply of a member says, encoded: the bytes are others' after the next change. */
  get times(): Buffer {
    const { t, i } = this.oplog.time;
    for (const at of timesAt) {
      this.#times.writeUInt32LE(i, at);
      this.#times.writeUInt32LE(t, at + 4);
    }
    return this.#times;
  }
}
