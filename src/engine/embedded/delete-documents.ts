import type { Doc } from './bson/value.ts';
import type { Work } from './command.ts';
import { findMatches, prepareFind } from './find-documents.ts';
import { operationContext } from './operation.ts';
import { released, type WriteTarget } from './write-access.ts';

/** One delete of any command. */
export interface DeleteSpec {
  filter: Doc;
  hint?: Doc | string | undefined;
  collation?: Doc | undefined;
  let?: Doc | undefined;
}

/** Deletes what matches, one or all; says how many. */
export function* deleteMatching(target: WriteTarget, spec: DeleteSpec, one: boolean): Work<number> {
  const { collection } = target;
  const context = operationContext({ collation: spec.collation, let: spec.let, collection, clusterTime: target.server.replicaSet?.oplog.time });
  const prepared = prepareFind(collection, spec, context, target.namespace);
  if (!collection) return 0;
  let count = 0;
  for (const match of findMatches(prepared)) {
    if (!match) {
      yield undefined;
      continue;
    }
    if (collection.holders.has(match.id)) {
      yield* released(collection, match.id);
      const current = collection.get(match.id);
      if (!current || !prepared.filter.matches(current)) continue;
    }
    collection.remove(match.id);
    count++;
    if (one) break;
  }
  return count;
}
