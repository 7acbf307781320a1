import type { Collation } from '../bson/collation.ts';
import { compareValues } from '../bson/compare.ts';
import { repeatsNames } from '../bson/decode.ts';
import { toDouble } from '../bson/number.ts';
import { showValue } from '../bson/show.ts';
import { Doc, isNumeric, Undefined, type Maybe, type Value } from '../bson/value.ts';
import { MongoError } from '../errors.ts';
import { splitPath } from '../field-path.ts';
import { Expansion } from './expansion.ts';
import { firstValue, parsePath, walkPath, type Path } from './path.ts';

/** One field of a sort. */
export interface SortField {
  path: Path;
  direction: 1 | -1;
}

/** A parsed sort: https://www.mongodb.com/docs/manual/reference/method/cursor.sort/ */
export interface Sort {
  readonly fields: readonly SortField[];
  /** The values that a document is sorted by; of an array the smallest, or the largest where descending. */
  key(doc: Doc): Maybe[];
  rawKey(bytes: Buffer): Maybe[];
  compareKeys(a: readonly Maybe[], b: readonly Maybe[]): number;
}

/** @throws MongoError where a direction is not 1 or -1, or a path is not one */
export function parseSort(spec: Doc, collation?: Collation): Sort {
  if (repeatsNames(spec)) throw new MongoError(7472500, '$sort key must not contain duplicate keys');
  if (spec.size > 32) throw new MongoError(13103, 'too many sort keys');
  const fields = [...spec].map(([name, value]): SortField => {
    if (value instanceof Doc) {
      if (value.has('$meta')) throw new MongoError('NotImplemented', 'sorting by $meta is not supported by this server');
      throw new MongoError('BadValue', `Illegal key in $sort specification: ${name}: ${showValue(value)}`);
    }
    if (!isNumeric(value)) throw new MongoError(15974, `Illegal key in $sort specification: ${name}: ${showValue(value)}`);
    const direction = toDouble(value);
    if (direction !== 1 && direction !== -1) throw new MongoError(15975, '$sort key ordering must be 1 (for ascending) or -1 (for descending)');
    splitPath(name);
    return { path: parsePath(name), direction };
  });
  /** @param first the value of a path's first part */
  const keyBy = (first: (path: Path) => Maybe): Maybe[] => {
    const key: Maybe[] = [];
    let arrays = 0;
    for (const { path, direction } of fields) {
      const value = first(path);
      if (mayHoldArray(value, path)) arrays++;
      key.push(extreme(value, path, direction, collation));
    }
    return arrays < 2 ? key : together(sort, first);
  };
  const sort: Sort = {
    fields,
    key: (doc) => keyBy((path) => doc.get(path.parts[0] as string)),
    rawKey: (bytes) => keyBy((path) => firstValue(bytes, path)),
    compareKeys(a, b) {
      for (let index = 0; index < fields.length; index++) {
        const order = compareValues(a[index] ?? null, b[index] ?? null, collation);
        if (order !== 0) return order * (fields[index] as SortField).direction;
      }
      return 0;
    },
  };
  return sort;
}

const mayHoldArray = (first: Maybe, path: Path): boolean => Array.isArray(first) || (first instanceof Doc && path.parts.length > 1);

/**
 * Of two fields below one array the values of one item count, as they do in an index: the least of all items by both.
 * @throws MongoError where two fields lead through different arrays
 */
function together({ fields, compareKeys }: Sort, first: (path: Path) => Maybe): Maybe[] {
  const parallel = (): MongoError => new MongoError('BadValue', 'cannot sort with keys that are parallel arrays');
  const { rows } = new Expansion(fields.map(({ path }) => path), parallel).run(first);
  return rows.reduce((least, row) => (compareKeys(row, least) < 0 ? row : least));
}

/** The value an array sorts by; a missing value sorts as null does, an empty array as undefined, below it. */
function extreme(first: Maybe, path: Path, direction: 1 | -1, collation: Collation | undefined): Maybe {
  if (!(first instanceof Doc) && !Array.isArray(first)) return path.parts.length === 1 ? first : undefined;
  let best: { value: Maybe } | undefined;
  walkPath(first, path, false, (value) => {
    const candidates: readonly Value[] = !Array.isArray(value) ? [value ?? null] : value.length === 0 ? [Undefined.value] : value;
    for (const candidate of candidates) {
      if (!best || compareValues(candidate, best.value, collation) * direction < 0) best = { value: candidate };
    }
    return false;
  });
  return best?.value;
}

/** Sorts documents of any kind, stably, keeping the first `limit` where one is given. */
export function sortBy<T>(items: readonly T[], sort: Sort, key: (item: T) => readonly Maybe[], limit?: number): T[] {
  const keyed = items.map((item) => ({ item, key: key(item) }));
  keyed.sort((a, b) => sort.compareKeys(a.key, b.key));
  return (limit === undefined ? keyed : keyed.slice(0, limit)).map(({ item }) => item);
}
