import { randomBytes } from 'node:crypto';
import { int32 } from '../bson/decode.ts';
import { Binary, Doc, ObjectId, UtcDate } from '../bson/value.ts';
import type { Store } from '../storage/store.ts';
import { Oplog } from './oplog.ts';
import type { Transaction } from './transaction.ts';

/** The name of the set: any client may find it out by `hello`. */
export const setName = 'rs0';

/** What makes the one server a replica set of one member. */
export class ReplicaSet {
  readonly oplog = new Oplog();
  /** The transactions that are open. */
  readonly open = new Set<Transaction>();
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

  /** What every reply of a member says. */
  get times(): Doc {
    const signature = Doc.of({ hash: new Binary(0, new Uint8Array(20)), keyId: 0n });
    return Doc.of({ $clusterTime: Doc.of({ clusterTime: this.oplog.time, signature }), operationTime: this.oplog.time });
  }
}
