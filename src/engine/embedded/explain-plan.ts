import { compareValues } from './bson/compare.ts';
import { int32 } from './bson/decode.ts';
import { Doc, type Value } from './bson/value.ts';
import type { PreparedFind } from './find-documents.ts';
import type { FilterNode } from './query/filter.ts';
import { conditionsOf, type IndexPlan } from './storage/planner.ts';

/** What stands around the documents that a plan finds. */
export interface Around {
  filter: Doc;
  sort?: Doc | undefined;
  skip?: number | undefined;
  limit?: number | undefined;
  projection?: Doc | undefined;
}

/** A plan as `explain` shows it: stages from the last to the first. https://www.mongodb.com/docs/manual/reference/explain-results/ */
export function explainPlan(prepared: PreparedFind, around: Around): Doc {
  let stage = prepared.collection ? accessStage(prepared, around.filter) : Doc.of({ stage: 'EOF' });
  if (prepared.collection && prepared.sort && !prepared.plan.sorted) {
    stage = Doc.of({
      stage: 'SORT', sortPattern: around.sort, memLimit: int32(104_857_600), ...(around.limit ? { limitAmount: int32(around.limit + (around.skip ?? 0)) } : {}),
      type: 'simple', inputStage: stage,
    });
  }
  if (around.skip) stage = Doc.of({ stage: 'SKIP', skipAmount: int32(around.skip), inputStage: stage });
  if (around.limit) stage = Doc.of({ stage: 'LIMIT', limitAmount: int32(around.limit), inputStage: stage });
  if (around.projection && around.projection.size > 0) {
    const simple = [...around.projection].every(([name, value]) => !name.includes('.') && !(value instanceof Doc));
    stage = Doc.of({ stage: simple ? 'PROJECTION_SIMPLE' : 'PROJECTION_DEFAULT', transformBy: around.projection, inputStage: stage });
  }
  return stage;
}

function accessStage({ plan, filter: { tree } }: PreparedFind, filter: Doc): Doc {
  const shown = filter.size > 0 ? { filter } : {};
  if (plan.kind === 'scan') return Doc.of({ stage: 'COLLSCAN', ...shown, direction: plan.backward ? 'backward' : 'forward' });
  if (plan.index.spec.clustered) return Doc.of({ stage: 'CLUSTERED_IXSCAN', ...shown, direction: plan.backward ? 'backward' : 'forward', ...recordBounds(tree) });
  return Doc.of({ stage: 'FETCH', ...shown, inputStage: indexStage(plan) });
}

/** The first and the last `_id` that a clustered collection is read between. */
function recordBounds(tree: FilterNode): { minRecord?: Value; maxRecord?: Value } {
  const found: { minRecord?: Value; maxRecord?: Value } = {};
  const from = (value: Value): void => { if (found.minRecord === undefined || compareValues(value, found.minRecord) > 0) found.minRecord = value; };
  const to = (value: Value): void => { if (found.maxRecord === undefined || compareValues(value, found.maxRecord) < 0) found.maxRecord = value; };
  for (const { path, predicate: { op, operand } } of conditionsOf(tree)) {
    if (path.text !== '_id' || operand === undefined) continue;
    const values = op === 'in' && Array.isArray(operand) ? operand.toSorted(compareValues) : [operand];
    if (['eq', 'in', 'gt', 'gte'].includes(op)) from(values[0] ?? null);
    if (['eq', 'in', 'lt', 'lte'].includes(op)) to(values.at(-1) ?? null);
  }
  return found;
}

function indexStage({ index, backward, bounds, names: own }: IndexPlan): Doc {
  const names = own ?? index.fields.map(({ path }) => path.text);
  const byField = (value: (at: number) => Value): Doc => new Doc(names.map((name, at) => [name, value(at)]));
  return Doc.of({
    stage: 'IXSCAN', keyPattern: own ? byField((at) => index.spec.pattern.get(own[at] as string) ?? int32(1)) : index.spec.pattern, indexName: index.spec.name,
    ...(index.spec.collation ? { collation: index.spec.collation.options } : {}),
    isMultiKey: index.multikey.size > 0, multiKeyPaths: byField((at) => (index.multikey.has(at) ? [names[at] as string] : [])),
    isUnique: index.spec.unique, isSparse: index.spec.sparse, isPartial: index.spec.partial !== undefined, indexVersion: int32(2),
    direction: backward ? 'backward' : 'forward', indexBounds: byField((at) => [...(bounds[at] ?? [])]),
  });
}
