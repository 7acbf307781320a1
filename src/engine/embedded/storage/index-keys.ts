import type { Collation } from '../bson/collation.ts';
import { findElement, type RawElement } from '../bson/raw.ts';
import { bsonType, type Maybe } from '../bson/value.ts';
import { Expansion } from '../query/expansion.ts';
import { firstValue } from '../query/path.ts';
import { StorageError } from './errors.ts';
import type { IndexField } from './index-spec.ts';
import { keyOf, keyOfRaw, type Key } from './key.ts';

/** What a document adds to an index. */
export interface DocumentKeys {
  keys: Key[];
  /** Which fields of the pattern an array was found on the way to: their numbers. */
  arrays: readonly number[];
  /** True where the document has none of the fields. */
  missing: boolean;
}

const none: readonly number[] = [];
const found: RawElement = { type: 0, nameStart: 0, nameEnd: 0, start: 0, end: 0 };

/**
 * The keys of a document in an index: one, or one for each item of an array.
 * https://www.mongodb.com/docs/manual/core/indexes/index-types/index-multikey/
 * @throws StorageError parallel-arrays where two fields lead through different arrays
 */
export function documentKeys(bytes: Buffer, fields: readonly IndexField[], collation: Collation | undefined): DocumentKeys {
  let key = '';
  let missing = true;
  for (const { path, descending } of fields) {
    const there = findElement(bytes, 0, path.firstName, found);
    if (there && (found.type === bsonType.array || (found.type === bsonType.object && path.parts.length > 1))) {
      return expanded(bytes, fields, collation);
    }
    const value = there && path.parts.length === 1;
    if (value) missing = false;
    key += value ? keyOfRaw(found.type, bytes, found.start, descending, collation) : keyOf(null, descending);
  }
  return { keys: [key], arrays: none, missing };
}

/** The same as values instead of keys: what an error message shows. */
export function documentKeyValues(bytes: Buffer, fields: readonly IndexField[]): Maybe[][] {
  return expansionOf(bytes, fields).rows;
}

function expanded(bytes: Buffer, fields: readonly IndexField[], collation: Collation | undefined): DocumentKeys {
  const expansion = expansionOf(bytes, fields);
  const keys = expansion.rows.map((row) => fields.map(({ descending }, index) => keyOf(row[index], descending, collation)).join(''));
  return { keys: keys.length > 1 ? [...new Set(keys)] : keys, arrays: [...expansion.arrays], missing: expansion.missing };
}

function expansionOf(bytes: Buffer, fields: readonly IndexField[]): Expansion {
  const parallel = (first: string, second: string): StorageError => new StorageError({ kind: 'parallel-arrays', first, second });
  return new Expansion(fields.map(({ path }) => path), parallel).run((path) => firstValue(bytes, path));
}
