import { decodeDocument, int32 } from './bson/decode.ts';
import { validateDocument } from './bson/validate.ts';
import { Doc, type Timestamp, type Value } from './bson/value.ts';
import type { Work } from './command.ts';
import type { Collection } from './storage/collection.ts';
import type { Index } from './storage/index.ts';
import type { RecordId } from './storage/ordered-keys.ts';
import type { ValidateOptions } from './validate-options.ts';

/** What was found in the documents. */
interface Documents {
  /** Of those whose bytes are no BSON. */
  readonly corrupt: RecordId[];
  nonCompliant: number;
  count: number;
}

/** What was found in one index. */
interface Entries {
  readonly missing: Doc[];
  /** How many of its entries belong to no document. */
  extra: number;
}

/** After so many documents others have their turn. */
const stride = 500;

/**
 * Looks at each document, whether it is BSON and matches the collection's validator, and at each index, whether its
 * entries are those of the documents.
 * @param readTimestamp set where the data of that moment is looked at
 */
export function* validateCollection(live: Collection, namespace: string, options: ValidateOptions, readTimestamp: Timestamp | undefined): Work<Doc> {
  // Others may write meanwhile: what is looked at is what there was at the beginning.
  const collection = options.metadata ? live : live.fork();
  const documents = options.metadata ? undefined : yield* checkDocuments(collection);
  const indexes = [...collection.indexes.values()].toSorted((a, b) => (a.spec.name < b.spec.name ? -1 : 1));
  const checked: { index: Index; found: Entries }[] = [];
  for (const index of indexes) checked.push({ index, found: documents ? yield* checkIndex(collection, index, new Set(documents.corrupt)) : { missing: [], extra: 0 } });

  const warnings: string[] = [];
  const errors: string[] = [];
  if (documents && documents.nonCompliant > 0) warnings.push("Detected one or more documents not compliant with the collection's schema. Check logs for log id 5363500.");
  if (documents && documents.corrupt.length > 0) errors.push('Detected one or more invalid documents. See logs.');
  const damaged = checked.filter(({ found }) => found.missing.length > 0 || found.extra > 0);
  const missing = damaged.flatMap(({ found }) => found.missing);
  if (missing.length > 0) warnings.push(`Detected ${missing.length} missing index entries.`);
  const extra = damaged.reduce((sum, { found }) => sum + found.extra, 0);
  if (extra > 0) warnings.push(`Detected ${extra} extra index entries.`);
  for (const { index } of damaged) errors.push(`Found errors in ${index.spec.name}`);

  return new Doc([
    ['valid', errors.length === 0], ['repaired', false], ['repairMode', options.repairMode],
    ...(readTimestamp ? [['readTimestamp', readTimestamp] as [string, Value]] : []),
    ['ns', namespace], ['uuid', collection.uuid], ['warnings', warnings], ['errors', errors], ['extraIndexEntries', []], ['missingIndexEntries', missing],
    ...(documents ? counts(documents) : []),
    ['corruptRecords', (documents?.corrupt ?? []).map(BigInt)], ['nIndexes', int32(indexes.length)],
    ['keysPerIndex', new Doc(indexes.map((index): [string, Value] => [index.spec.name, int32(documents ? index.entries.size : 0)]))],
    ['indexDetails', new Doc(checked.map(({ index, found }): [string, Value] => [index.spec.name, details(index, found)]))],
  ]);
}

const counts = ({ corrupt, nonCompliant, count }: Documents): [string, Value][] => [
  ['nInvalidDocuments', int32(corrupt.length)], ['nNonCompliantDocuments', int32(nonCompliant)], ['nrecords', int32(count)],
];

function details({ spec }: Index, { missing, extra }: Entries): Doc {
  const valid = missing.length === 0 && extra === 0;
  return Doc.of({ valid, spec: spec.shown, ...(valid ? {} : { errors: [`Index with name '${spec.name}' has inconsistencies.`] }) });
}

function* checkDocuments(collection: Collection): Work<Documents> {
  const { validator } = collection;
  const found: Documents = { corrupt: [], nonCompliant: 0, count: 0 };
  for (const [id, document] of collection.records()) {
    if (++found.count % stride === 0) yield undefined;
    if (!isValid(document)) found.corrupt.push(id);
    else if (validator && validator.level !== 'off' && !validator.filter.matches(document)) found.nonCompliant++;
  }
  return found;
}

function isValid(document: Buffer): boolean {
  try {
    validateDocument(document);
    return true;
  } catch {
    return false;
  }
}

/** What is no BSON has no entries that could be told. */
function* checkIndex(collection: Collection, index: Index, corrupt: ReadonlySet<RecordId>): Work<Entries> {
  const missing: Doc[] = [];
  let known = 0;
  let count = 0;
  for (const [id, document] of collection.records()) {
    if (++count % stride === 0) yield undefined;
    if (corrupt.has(id)) continue;
    for (const key of new Set(index.keysOf(document).keys)) {
      if (index.entries.has(key, id)) known++;
      else missing.push(Doc.of({ indexName: index.spec.name, recordId: BigInt(id), idKey: Doc.of({ _id: decodeDocument(document).get('_id') }) }));
    }
  }
  return { missing, extra: index.entries.size - known };
}
