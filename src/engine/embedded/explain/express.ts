import { sameCollation, type Collation } from '../bson/collation.ts';
import { showDoc } from '../bson/show.ts';
import { Doc, BsonSymbol, DbPointer, Regex, Undefined, type Value } from '../bson/value.ts';
import type { PreparedFind } from '../find-documents.ts';
import type { Collection } from '../storage/collection.ts';
import type { Index } from '../storage/index.ts';
import { isComplete, conditionsOf } from '../storage/planner.ts';
import { clausesOf } from './clauses.ts';
import type { Explained } from './read.ts';

/** How a query is answered that is planned no further: `idhack` where its one document is found by `_id` and more is asked of it. */
export type Lookup = { kind: 'express'; stage: string; index: Index | undefined } | { kind: 'idhack' };

/**
 * The look-up of one document by an equality that MongoDB plans no further: by `_id`, or by an index that can find one
 * document alone. https://www.mongodb.com/docs/manual/reference/explain-results/
 */
export function lookup({ collection, collation, filter }: PreparedFind & { readonly collation: Collation | undefined }, explained: Explained): Lookup | undefined {
  const equal = equality(explained.filter);
  if (!collection || !equal || explained.hint !== undefined || explained.skip !== undefined) return undefined;
  const { write, projection, asked } = explained;
  if (asked === 'other') return undefined;
  const isPlain = !asked && (!projection || (!write && isSimple(projection)));
  if (equal.path === '_id' && sameCollation(collection.collation?.collation, collation) && (!write?.returns || explained.sort === undefined)) {
    if (isPlain && !write?.upsert) return { kind: 'express', stage: collection.clustered ? 'EXPRESS_CLUSTERED_IXSCAN' : 'EXPRESS_IXSCAN', index: collection.clustered ? undefined : collection.idIndex };
    return collection.clustered ? undefined : { kind: 'idhack' };
  }
  if (write || !isPlain || explained.sort || collection.clustered) return undefined;
  const index = indexOf(collection, equal, collation, conditionsOf(filter.tree));
  const findsOne = index && ((index.spec.unique && index.fields.length === 1) || explained.limit === 1);
  return findsOne ? { kind: 'express', stage: 'EXPRESS_IXSCAN', index } : undefined;
}

interface Equality {
  path: string;
  value: Value;
}

/** The one equality that a query is, to a value whose place in an index is exactly known. */
function equality(filter: Doc): Equality | undefined {
  const [clause, ...others] = clausesOf(filter);
  if (others.length > 0 || clause?.kind !== 'field' || clause.op !== '$eq') return undefined;
  const { path, value } = clause;
  const vague = value === null || Array.isArray(value) || value instanceof Undefined || value instanceof Regex || value instanceof BsonSymbol || value instanceof DbPointer;
  return vague ? undefined : { path, value };
}

/** The index with the fewest fields that begins with the path and holds all that can match. */
function indexOf(collection: Collection, { path, value }: Equality, collation: Collation | undefined, conditions: Parameters<typeof isComplete>[1]): Index | undefined {
  const isText = typeof value === 'string' || value instanceof Doc;
  const same = (index: Index): boolean => sameCollation(index.spec.collation?.collation, collation);
  const usable = [...collection.indexes.values()].filter((index) => !index.spec.hidden && !index.spec.wildcard && index.fields.every(({ hashed }) => !hashed)
    && index.fields[0]?.path.text === path && (!isText || same(index)) && isComplete(index, conditions, same(index)));
  return usable.toSorted((a, b) => a.fields.length - b.fields.length || Number(b.spec.unique) - Number(a.spec.unique))[0];
}

const isSimple = (projection: Doc): boolean => [...projection].every(([name, value]) => !name.includes('.') && !name.includes('$') && !(value instanceof Doc) && typeof value !== 'string');

/** The plan of a look-up: one stage. */
export function lookupStage(found: Lookup, { projection, write }: Explained): Doc {
  if (found.kind === 'idhack') return Doc.of({ stage: 'IDHACK' });
  return Doc.of({
    stage: write ? `EXPRESS_${write.kind.toUpperCase()}` : found.stage,
    ...(found.index ? { keyPattern: showDoc(found.index.spec.pattern), indexName: found.index.spec.name } : {}),
    ...(projection && projection.size > 0 && !write ? { projection, projectionCovered: false } : {}),
  });
}
