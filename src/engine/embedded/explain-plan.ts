import { int32 } from './bson/decode.ts';
import { Doc, type Value } from './bson/value.ts';
import type { PreparedFind } from './find-documents.ts';
import type { IndexPlan } from './storage/planner.ts';

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

function accessStage({ plan }: PreparedFind, filter: Doc): Doc {
  const shown = filter.size > 0 ? { filter } : {};
  if (plan.kind === 'scan') return Doc.of({ stage: 'COLLSCAN', ...shown, direction: plan.backward ? 'backward' : 'forward' });
  return Doc.of({ stage: 'FETCH', ...shown, inputStage: indexStage(plan) });
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
