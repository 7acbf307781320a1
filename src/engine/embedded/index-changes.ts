import { anything, bool, clampedInteger, object, readArguments, text, wrongType, type ArgumentFields } from './arguments.ts';
import { decodeDocument, int32 } from './bson/decode.ts';
import { showDoc } from './bson/show.ts';
import { Doc, isNumeric, type Value } from './bson/value.ts';
import { MongoError } from './errors.ts';
import { indexOfPattern } from './find-documents.ts';
import type { Collection } from './storage/collection.ts';
import type { Index } from './storage/index.ts';

const fields = { keyPattern: object, name: text, expireAfterSeconds: anything, hidden: bool, unique: bool, prepareUnique: bool } satisfies ArgumentFields;

const invalid = (message: string): MongoError => new MongoError('InvalidOptions', message);
const mostSeconds = 0x7fffffff;

/** What `collMod` changes of an index. https://www.mongodb.com/docs/manual/reference/command/collMod/#index-options */
export function changeIndex(collection: Collection, argument: Doc, dryRun: boolean): Doc {
  const args = readArguments('collMod.index', argument, fields);
  if (args.name !== undefined && args.keyPattern) throw invalid('Cannot specify both key pattern and name.');
  if (args.name === undefined && !args.keyPattern) throw invalid('Must specify either index name or key pattern.');
  const given = args.expireAfterSeconds ?? undefined;
  if (given === undefined && args.hidden === undefined && args.unique === undefined && args.prepareUnique === undefined) {
    throw invalid('no expireAfterSeconds, hidden, unique, or prepareUnique field');
  }
  if (dryRun && args.unique === undefined) throw invalid('dryRun mode is only supported for a conversion to a unique index');
  const seconds = given === undefined ? undefined : readSeconds(given);
  if (args.unique === false) throw new MongoError('BadValue', 'collMod cannot make a unique index one that is not unique');
  const index = args.name === undefined ? indexOfPattern(collection, args.keyPattern as Doc) : collection.indexNamed(args.name);
  if (index?.spec.clustered && args.hidden !== undefined) throw new MongoError(6011800, "The 'hidden' option is not supported for a clustered index");
  if (!index || index.spec.clustered) throw new MongoError('IndexNotFound', `cannot find index ${args.name ?? showDoc(args.keyPattern as Doc)} for ns ${collection.name}`);
  const { spec } = index;
  const reply = new Doc();
  const shown = new Doc(spec.shown);
  if (args.hidden !== undefined && spec.name === '_id_') throw new MongoError('BadValue', "can't hide _id index");
  const hidden = args.hidden ?? spec.hidden;
  const prepareUnique = args.prepareUnique ?? spec.prepareUnique === true;
  if (prepareUnique !== (spec.prepareUnique === true)) {
    if (seconds !== undefined || hidden !== spec.hidden) throw invalid('cannot change prepareUnique together with hidden or expireAfterSeconds');
    reply.set('prepareUnique_old', spec.prepareUnique === true).set('prepareUnique_new', prepareUnique);
    flag(shown, 'prepareUnique', prepareUnique);
  }
  if (hidden !== spec.hidden) {
    reply.set('hidden_old', spec.hidden).set('hidden_new', hidden);
    flag(shown, 'hidden', hidden);
  }
  if (seconds !== undefined) {
    if (spec.name === '_id_' || spec.pattern.size > 1 || spec.wildcard) throw invalid('expireAfterSeconds is only for indexes on one field that is not _id');
    if (spec.expireAfterSeconds !== undefined) reply.set('expireAfterSeconds_old', BigInt(spec.expireAfterSeconds));
    reply.set('expireAfterSeconds_new', BigInt(seconds));
    shown.set('expireAfterSeconds', int32(seconds));
  }
  const converts = args.unique === true && !spec.unique;
  if (converts) {
    if (!spec.prepareUnique) throw invalid('Cannot make index unique with collMod without prepareUnique');
    checkNoDuplicates(collection, index);
    if (dryRun) return new Doc();
    reply.set('unique_new', true);
    shown.set('unique', true);
    shown.delete('prepareUnique');
  }
  // MongoDB makes the index's record anew, and counts anew.
  if (hidden !== spec.hidden) index.uses = { count: 0, since: Date.now() };
  index.change({ ...spec, hidden, expireAfterSeconds: seconds ?? spec.expireAfterSeconds, unique: spec.unique || converts, prepareUnique: prepareUnique && !converts, shown });
  return reply;
}

function flag(shown: Doc, name: string, value: boolean): void {
  if (value) shown.set(name, true);
  else shown.delete(name);
}

function readSeconds(value: Value): number {
  if (!isNumeric(value)) throw wrongType('collMod.index.expireAfterSeconds', value, ['long', 'int', 'decimal', 'double']);
  const seconds = clampedInteger(value);
  if (seconds < 0) throw invalid("TTL index 'expireAfterSeconds' option cannot be less than 0");
  return Math.min(seconds, mostSeconds);
}

/** @throws MongoError CannotConvertIndexToUnique, which lists the documents that have the same key */
function checkNoDuplicates(collection: Collection, index: Index): void {
  const byKey = new Map<string, Value[]>();
  for (const [, document] of collection.records()) {
    for (const key of index.keysOf(document).keys) byKey.set(key, [...(byKey.get(key) ?? []), decodeDocument(document).get('_id') ?? null]);
  }
  const violations = [...byKey.values()].filter((ids) => ids.length > 1).map((ids) => Doc.of({ ids }));
  if (violations.length > 0) throw new MongoError('CannotConvertIndexToUnique', 'Cannot convert the index to unique. Please resolve conflicting documents before running collMod again.', Doc.of({ violations }));
}
