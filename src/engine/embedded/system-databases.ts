import { hostname } from 'node:os';
import { int32 } from './bson/decode.ts';
import { encodeDocument } from './bson/encode.ts';
import { Doc, UtcDate } from './bson/value.ts';
import type { Store } from './storage/store.ts';

const logBytes = 10_485_760;

/** What every MongoDB holds from its start: the databases that `show dbs` names before anything is stored. */
export function stockSystem(store: Store, version: string): void {
  // However little a store may hold, it holds this, which is not counted.
  store.room.open = true;
  const compatibility = version.split('.').slice(0, 2).join('.');
  store.createCollection('admin', 'system.version').insert(encodeDocument(Doc.of({ _id: 'featureCompatibilityVersion', version: compatibility })));
  store.createCollection('config', 'system.sessions');
  const log = store.createCollection('local', 'startup_log');
  log.capped = { bytes: logBytes, documents: Infinity };
  log.options = Doc.of({ capped: true, size: int32(logBytes) });
  const now = Date.now();
  log.insert(encodeDocument(Doc.of({
    _id: `${hostname()}-${now}`, hostname: hostname(), startTime: new UtcDate(BigInt(now)), startTimeLocal: new Date(now).toString(), cmdLine: new Doc(),
    pid: BigInt(process.pid), buildinfo: Doc.of({ version }),
  })));
  store.room.open = false;
  store.room.used = 0;
}
