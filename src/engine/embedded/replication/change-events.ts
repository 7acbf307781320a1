import { decodeDocument } from '../bson/decode.ts';
import { Doc, UtcDate, type Value } from '../bson/value.ts';
import { MongoError } from '../errors.ts';
import type { Store } from '../storage/store.ts';
import { encodeDocument } from '../bson/encode.ts';
import type { OplogEntry } from './oplog.ts';
import { resumeToken } from './resume-token.ts';
import { updateDescription } from './update-description.ts';

/** What a change stream was asked to show. */
export interface EventOptions {
  fullDocument: string;
  before: string;
  expanded: boolean;
}

/** The event of a change. https://www.mongodb.com/docs/manual/reference/change-events/ */
export function changeEvent(entry: OplogEntry, options: EventOptions, store: Store): Doc {
  const event = Doc.of({
    _id: resumeToken(entry.time, 'event'), operationType: entry.kind, clusterTime: entry.time,
    ...(options.expanded && entry.uuid ? { collectionUUID: entry.uuid } : {}), wallTime: new UtcDate(BigInt(entry.at)),
  });
  if (entry.origin) event.set('lsid', entry.origin.lsid).set('txnNumber', entry.origin.txnNumber);
  const full = fullDocument(entry, options, store);
  if (full !== undefined) event.set('fullDocument', full);
  event.set('ns', entry.collection === '' ? Doc.of({ db: entry.database }) : Doc.of({ db: entry.database, coll: entry.collection }));
  if (options.expanded && entry.of && entry.kind === 'create') event.set('nsType', entry.of);
  if (options.expanded && entry.description) event.set('operationDescription', entry.description);
  if (entry.to) event.set('to', Doc.of({ db: entry.to.database, coll: entry.to.collection }));
  const bytes = entry.after ?? entry.before;
  if (bytes) event.set('documentKey', Doc.of({ _id: decodeDocument(bytes).get('_id') }));
  if (entry.kind === 'update') event.set('updateDescription', updateDescription(decodeDocument(entry.before as Buffer), decodeDocument(entry.after as Buffer), entry.wholes ?? [], options.expanded));
  const earlier = documentBefore(entry, options);
  if (earlier !== undefined) event.set('fullDocumentBeforeChange', earlier);
  return event;
}

/** The event that ends a stream whose collection or database is gone. */
export function invalidation(entry: OplogEntry): Doc {
  return Doc.of({ _id: resumeToken(entry.time, 'invalidate'), operationType: 'invalidate', clusterTime: entry.time, wallTime: new UtcDate(BigInt(entry.at)) });
}

function fullDocument(entry: OplogEntry, { fullDocument: mode }: EventOptions, store: Store): Value | undefined {
  if (!entry.after) return undefined;
  if (entry.kind !== 'update') return decodeDocument(entry.after);
  if (mode === 'default') return undefined;
  if (mode === 'updateLookup') {
    const collection = store.collection(entry.database, entry.collection);
    const record = collection?.findById(idOnly(entry.after));
    const stored = record === undefined ? undefined : collection?.get(record);
    return stored ? decodeDocument(stored) : null;
  }
  return image(entry, entry.after, mode, 'post-image');
}

const idOnly = (document: Buffer): Buffer => encodeDocument(Doc.of({ _id: decodeDocument(document).get('_id') }));

function documentBefore(entry: OplogEntry, { before: mode }: EventOptions): Value | undefined {
  return mode === 'off' || !entry.before ? undefined : image(entry, entry.before, mode, 'pre-image');
}

function image(entry: OplogEntry, document: Buffer, mode: string, what: string): Value {
  if (entry.images) return decodeDocument(document);
  if (mode === 'required') {
    throw new MongoError('NoMatchingDocument', `Change stream was configured to require a ${what} for all update, delete and replace events, but the ${what} was not found for event: ${entry.kind} in ${entry.database}.${entry.collection}`);
  }
  return null;
}
