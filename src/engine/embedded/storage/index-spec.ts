import type { Collation } from '../bson/collation.ts';
import { toDouble } from '../bson/number.ts';
import { isNumeric, type Doc } from '../bson/value.ts';
import { parsePath, type Path } from '../query/path.ts';
import type { WildcardScope } from './wildcard.ts';
import type { Filter } from '../query/filter.ts';

/** One field of an index's key pattern. */
export interface IndexField {
  readonly path: Path;
  readonly descending: boolean;
  /** Of a hashed field only equality is known. */
  readonly hashed: boolean;
}

/** What an index is made from; checked by the commands before it gets here. */
export interface IndexSpec {
  readonly name: string;
  /** The key pattern as it was given: `{ a: 1, b: -1 }`. */
  readonly pattern: Doc;
  readonly unique: boolean;
  /** It takes no new duplicates, so that it can be made unique. */
  readonly prepareUnique?: boolean;
  readonly sparse: boolean;
  readonly hidden: boolean;
  /** The order of a clustered collection, which is not stored apart from its documents. */
  readonly clustered?: boolean;
  /** A partial index holds the documents that match. */
  readonly partial: { readonly query: Doc; readonly filter: Filter } | undefined;
  readonly collation: { readonly options: Doc; readonly collation: Collation } | undefined;
  /** TTL: seconds after the date in the field. */
  readonly expireAfterSeconds: number | undefined;
  /** A wildcard index: what it is over. */
  readonly wildcard: WildcardScope | undefined;
  /** As `listIndexes` shows it: `v`, `key`, `name` and the options. */
  readonly shown: Doc;
}

/** The fields of a key pattern, without a wildcard. Any direction that is no negative number is ascending. */
export function indexFields(pattern: Doc): IndexField[] {
  return [...pattern].filter(([name]) => !isWildcard(name))
    .map(([name, direction]) => ({ path: parsePath(name), descending: isNumeric(direction) && toDouble(direction) < 0, hashed: direction === 'hashed' }));
}

/** `$**`, or `sub.$**`. */
export const isWildcard = (name: string): boolean => name === '$**' || name.endsWith('.$**');
