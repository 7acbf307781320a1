import type { Filter } from '../query/filter.ts';
import { StorageError } from './errors.ts';
import type { Collection } from './collection.ts';
import type { KeyRange, RecordId } from './ordered-keys.ts';
import type { Index } from './index.ts';
import type { Key } from './key.ts';
import type { IndexPlan, Plan } from './planner.ts';

/** A stored document and where it is. */
export interface Match {
  id: RecordId;
  document: Buffer;
}

/** What a scan counts, for `explain`. */
export interface ScanCounts {
  keys: number;
  documents: number;
  /** How many of these matched. */
  matched: number;
}

/** What a document is tested by. */
type Tested = Pick<Filter, 'matches'>;

const pauseEvery = 512;

/**
 * Finds documents by a plan and tests each. Yields undefined now and then where it found nothing for long, so that
 * whoever drives it can let others have a turn. It may be kept while documents change.
 * @throws StorageError index-dropped, where that happened meanwhile
 */
export function runPlan(collection: Collection, plan: Plan, filter: Tested, counts?: ScanCounts): Generator<Match | undefined, void> {
  if (plan.kind === 'scan') return runScan(collection, plan.backward, filter, counts);
  return plan.key === undefined ? runIndex(collection, plan, filter, counts) : runKey(collection, plan.index, plan.key, filter, counts);
}

function* runScan(collection: Collection, backwards: boolean, filter: Tested, counts?: ScanCounts): Generator<Match | undefined, void> {
  collection.scans++;
  let since = 0;
  for (const [id, document] of backwards ? backward(collection) : collection.records()) {
    if (collection.dropped) return;
    if (counts) counts.documents++;
    if (filter.matches(document)) {
      if (counts) counts.matched++;
      yield { id, document };
    }
    if (++since % pauseEvery === 0) yield undefined;
  }
}

function* backward(collection: Collection): Generator<[RecordId, Buffer], void> {
  for (const id of collection.recordsBackward()) {
    const document = collection.get(id);
    if (document) yield [id, document];
  }
}

function* runKey(collection: Collection, index: Index, key: Key, filter: Tested, counts: ScanCounts | undefined): Generator<Match, void> {
  const match = findKey(collection, index, key, filter, counts);
  if (match) yield match;
}

/** The document that has a key which no other has, where the filter lets it through. */
export function findKey(collection: Collection, index: Index, key: Key, filter: Tested, counts?: ScanCounts): Match | undefined {
  index.uses.count++;
  const id = index.entries.find(key);
  if (id === undefined || collection.dropped) return undefined;
  if (counts) counts.keys++;
  const document = collection.get(id);
  if (!document) return undefined;
  if (counts) counts.documents++;
  if (!filter.matches(document)) return undefined;
  if (counts) counts.matched++;
  return { id, document };
}

function* runIndex(collection: Collection, plan: IndexPlan, filter: Tested, counts?: ScanCounts): Generator<Match | undefined, void> {
  const { index, ranges } = plan;
  index.uses.count++;
  const seen = index.multikey.size > 0 || index.spec.wildcard ? new Set<RecordId>() : undefined;
  let since = 0;
  for (const range of plan.backward ? ranges.toReversed() : (ranges as readonly KeyRange[])) {
    for (const id of index.entries.scan(range, plan.backward)) {
      if (collection.dropped) return;
      if (index.dropped) throw new StorageError({ kind: 'index-dropped', index: index.spec.name });
      if (counts) counts.keys++;
      if (++since % pauseEvery === 0) yield undefined;
      if (seen?.has(id)) continue;
      seen?.add(id);
      const document = collection.get(id);
      if (!document) continue;
      if (counts) counts.documents++;
      if (!filter.matches(document)) continue;
      if (counts) counts.matched++;
      yield { id, document };
    }
  }
}
