import { decodeDocument } from './bson/decode.ts';
import { encodeDocument, encodeStored } from './bson/encode.ts';
import { Doc, type Maybe, type Value, type UtcDate } from './bson/value.ts';
import type { Work } from './command.ts';
import { MongoError } from './errors.ts';
import { findMatches, prepareFind } from './find-documents.ts';
import { prepareInsert, storable } from './new-document.ts';
import { operationContext } from './operation.ts';
import type { Filter } from './query/filter.ts';
import type { Collection } from './storage/collection.ts';
import type { Match } from './storage/scan.ts';
import { parseUpdate, type Update } from './update/parse.ts';
import { documentFromFilter } from './update/upsert.ts';
import type { QueryContext } from './variables.ts';
import { released, type WriteTarget } from './write-access.ts';
import { writeTime } from './write-time.ts';

/** One update of any command. */
export interface UpdateSpec {
  filter: Doc;
  update: Doc | Value[];
  upsert?: boolean | undefined;
  multi?: boolean | undefined;
  collation?: Doc | undefined;
  arrayFilters?: Doc[] | undefined;
  hint?: Doc | string | undefined;
  sort?: Doc | undefined;
  let?: Doc | undefined;
  /** What it is evaluated in, where that is not made of `collation` and `let`. */
  context?: QueryContext | undefined;
  /** Values that a pipeline's variables stand for: `c`. */
  constants?: Doc | undefined;
  /** `$$NOW`, where several statements of one command share it. */
  now?: UtcDate | undefined;
}

export interface UpdateResult {
  matched: number;
  modified: number;
  /** The `_id` of the document that was inserted instead. */
  upserted: Maybe;
  /** The document before and after, of the last that matched. */
  before: Buffer | undefined;
  after: Buffer | undefined;
}

/** Updates one document or all that match, or inserts one where none does and `upsert` is asked for. */
export function* updateDocuments(target: WriteTarget, spec: UpdateSpec): Work<UpdateResult> {
  const { collection } = target;
  const clusterTime = writeTime(target.server);
  const context = spec.context ? { ...spec.context, clusterTime } : operationContext({ collation: spec.collation, let: spec.let, collection, now: spec.now, clusterTime });
  const withConstants = spec.constants ? { ...context, variables: new Map([...context.variables, ...spec.constants]) } : context;
  const update = parseUpdate(spec.update, { context: withConstants, arrayFilters: spec.arrayFilters });
  if (spec.multi && update.kind === 'replacement') throw new MongoError('FailedToParse', 'multi update is not supported for replacement-style update');
  if (spec.constants && update.kind !== 'pipeline') throw new MongoError(51198, 'Constant values may only be specified for pipeline updates');
  const prepared = prepareFind(collection, spec, context, target.namespace);
  const result: UpdateResult = { matched: 0, modified: 0, upserted: undefined, before: undefined, after: undefined };
  if (collection) {
    const matches = yield* chosen(findMatches(prepared, spec.multi ? Infinity : 1), spec.multi === true);
    for (const match of matches) {
      for (;;) {
        if (collection.holders.has(match.id)) yield* released(collection, match.id);
        if (applyTo(target, collection, match, prepared.filter, update, result)) break;
        yield undefined;
      }
      if (result.matched % 64 === 63) yield undefined;
    }
    // Meanwhile another command has changed the one that was found: there may be others.
    if (matches.length > 0 && result.matched === 0 && !spec.multi) return yield* updateDocuments(target, spec);
  }
  if (result.matched > 0 || !spec.upsert) return result;
  const made = madeFrom(prepared.filter, update);
  if (target.mustWait(made)) {
    while (target.mustWait(made)) yield undefined;
    return yield* updateDocuments(target, spec);
  }
  target.insert(made);
  result.upserted = decodeDocument(made).get('_id');
  result.after = made;
  return result;
}

/** What is to be updated, found before anything changes: an update may move a document within the index being read. */
function* chosen(matches: Iterable<Match | undefined>, all: boolean): Work<Match[]> {
  const found: Match[] = [];
  for (const match of matches) {
    if (!match) {
      yield undefined;
      continue;
    }
    found.push(match);
    if (!all) break;
  }
  return found;
}

/** @returns false where it has to wait for a transaction that has written a key which it would have */
function applyTo(target: WriteTarget, collection: Collection, { id, document }: Match, filter: Filter, update: Update, result: UpdateResult): boolean {
  const current = collection.get(id);
  // Another command may have changed it since it was found.
  if (!current || (current !== document && !filter.matches(current))) return true;
  const { bytes, same, changes } = afterUpdate(update, filter, current);
  if (!same && target.mustWait(bytes)) return false;
  if (!same) target.replace(id, bytes, current, update.kind === 'replacement' ? 'replace' : update.wholes);
  if (changes) result.modified++;
  result.matched++;
  result.before = current;
  result.after = bytes;
  return true;
}

/** What an update makes of a document that its filter found; a replacement counts as a change whatever is in it. */
export function afterUpdate(update: Update, filter: Filter, current: Buffer): { bytes: Buffer; same: boolean; changes: boolean } {
  const doc = decodeDocument(current);
  const matchedIndex = update.kind === 'operators' ? filter.matchedIndex(doc) : undefined;
  const changed = update.apply(doc, { isInsert: false, matchedIndex });
  const bytes = encodeStored(update.kind === 'replacement' ? storable(changed) : changed);
  const same = bytes.equals(current);
  return { bytes, same, changes: !same || update.kind === 'replacement' };
}

/** The document that is inserted where none matches. */
function madeFrom(filter: Filter, update: Update): Buffer {
  const like = documentFromFilter(filter.tree);
  const base = update.kind === 'replacement' ? Doc.of({ _id: like.get('_id') }) : like;
  return prepareInsert(encodeDocument(storable(update.apply(base, { isInsert: true }))));
}
