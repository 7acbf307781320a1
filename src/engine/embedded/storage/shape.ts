import type { Collation } from '../bson/collation.ts';
import { int32 } from '../bson/decode.ts';
import { Doc } from '../bson/value.ts';
import type { IndexSpec } from './index-spec.ts';

/** What a collection is from its making on. */
export interface CollectionShape {
  /** Of its strings, where an operation says nothing else; the `_id` index has it too. */
  readonly collation?: { readonly options: Doc; readonly collation: Collation } | undefined;
  /** Set for a clustered one, whose documents are in the order of `_id` and which has no `_id` index beside: how that order is named and shown. */
  readonly clustered?: { readonly name: string; readonly shown: Doc } | undefined;
}

const idPattern = Doc.of({ _id: int32(1) });

const idIndex: IndexSpec = {
  name: '_id_', pattern: idPattern, unique: true, sparse: false, hidden: false, partial: undefined, collation: undefined,
  expireAfterSeconds: undefined, wildcard: undefined, shown: Doc.of({ v: int32(2), key: idPattern, name: '_id_' }),
};

/** The index on `_id` of a collection of that shape; a clustered collection's order. */
export function idSpec({ collation, clustered }: CollectionShape): IndexSpec {
  const spec = clustered ? { ...idIndex, name: clustered.name, clustered: true, shown: clustered.shown } : idIndex;
  return collation ? { ...spec, collation, shown: new Doc([...spec.shown, ['collation', collation.options]]) } : spec;
}
