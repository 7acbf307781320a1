import { compareValues } from '../bson/compare.ts';
import { int32 } from '../bson/decode.ts';
import { Doc, Regex, Undefined, type Value } from '../bson/value.ts';
import type { PreparedFind } from '../find-documents.ts';
import type { FilterNode } from '../query/filter.ts';
import { conditionsOf, type IndexPlan } from '../storage/planner.ts';
import type { ScanCounts } from '../storage/scan.ts';
import { clausesOf, showClauses, type Clause } from './clauses.ts';
import { lookupStage, type Lookup } from './express.ts';
import type { Explained } from './read.ts';
import { showWould, writeStage, type WouldWrite } from './writes.ts';

/** What came of running a plan. */
export interface Ran {
  readonly counts: ScanCounts;
  /** How many documents came out in the end. */
  readonly returned: number;
  readonly would?: WouldWrite | undefined;
}

/**
 * A plan as `explain` shows it: stages from the last to the first, with what came of each where it was run.
 * https://www.mongodb.com/docs/manual/reference/explain-results/
 */
export function explainPlan(prepared: PreparedFind, explained: Explained, look: Lookup | undefined, ran?: Ran): Doc {
  if (look?.kind === 'express') return expressPlan(look, explained, ran);
  if (explained.counts) return countPlan(prepared, explained, ran);
  const { write, skip, limit, sort, projection } = explained;
  let stage = !prepared.collection ? stageOf('EOF', ran && 0, {}) : look ? lookUp(look, explained, ran) : accessStage(prepared, explained.filter, ran);
  if (write) {
    const returned = ran && (write.returns ? ran.returned : 0);
    return withProjection(stageOf(writeStage(write), returned, { ...(ran?.would ? Object.fromEntries(showWould(write, ran.would, false)) : {}), inputStage: stage }), write.returns ? projection : undefined, returned);
  }
  // What is found by its `_id` is one document.
  if (prepared.collection && prepared.sort && !prepared.plan.sorted && !look) {
    stage = stageOf('SORT', ran && Math.min(ran.counts.matched, limit ? limit + (skip ?? 0) : Infinity), {
      sortPattern: sort, memLimit: int32(104_857_600), ...(limit ? { limitAmount: int32(limit + (skip ?? 0)) } : {}), type: 'simple', inputStage: stage,
    });
  }
  if (skip) stage = stageOf('SKIP', ran?.returned, { skipAmount: int32(skip), inputStage: stage });
  if (limit && !look) stage = stageOf('LIMIT', ran?.returned, { limitAmount: int32(limit), inputStage: stage });
  return withProjection(stage, projection, ran?.returned);
}

/** A count returns no documents; one of all is kept with the collection. */
function countPlan(prepared: PreparedFind, { filter, skip, hint }: Explained, ran: Ran | undefined): Doc {
  const counted = ran ? { nCounted: int32(ran.returned), nSkipped: int32(Math.min(skip ?? 0, ran.counts.matched)) } : {};
  if (!prepared.collection) return stageOf('COUNT', ran && 0, { ...counted, inputStage: stageOf('EOF', ran && 0, {}) });
  if (filter.size === 0 && hint === undefined) return stageOf('RECORD_STORE_FAST_COUNT', ran && 0, counted);
  return stageOf('COUNT', ran && 0, { ...counted, inputStage: accessStage(prepared, filter, ran) });
}

function stageOf(stage: string, returned: number | undefined, rest: Record<string, Value | undefined>): Doc {
  return Doc.of({ stage, ...(returned === undefined ? {} : { nReturned: int32(returned) }), ...rest });
}

function withProjection(stage: Doc, projection: Doc | undefined, returned: number | undefined): Doc {
  if (!projection || projection.size === 0) return stage;
  const simple = [...projection].every(([name, value]) => !name.includes('.') && !(value instanceof Doc));
  return stageOf(simple ? 'PROJECTION_SIMPLE' : 'PROJECTION_DEFAULT', returned, { transformBy: projection, inputStage: stage });
}

function expressPlan(look: Lookup, explained: Explained, ran: Ran | undefined): Doc {
  const stage = lookupStage(look, explained);
  if (!ran) return stage;
  const { write } = explained;
  return new Doc([
    ...stage, ['keysExamined', int32(ran.counts.keys)], ['docsExamined', int32(ran.counts.documents)], ['nReturned', int32(write && !write.returns ? 0 : ran.returned)],
    ...(write && ran.would ? showWould(write, ran.would, true) : []),
  ]);
}

function lookUp(look: Lookup, explained: Explained, ran: Ran | undefined): Doc {
  const [[, name] = ['', 'IDHACK']] = lookupStage(look, explained);
  return stageOf(name as string, ran?.counts.matched, ran ? { keysExamined: int32(ran.counts.keys), docsExamined: int32(ran.counts.documents) } : {});
}

function accessStage({ plan, filter: { tree } }: PreparedFind, filter: Doc, ran: Ran | undefined): Doc {
  const clauses = clausesOf(filter);
  const shown = (left: readonly Clause[]): { filter?: Doc } => (left.length > 0 ? { filter: showClauses(left) } : {});
  const examined = ran ? { docsExamined: int32(ran.counts.documents) } : {};
  if (plan.kind === 'scan') return stageOf('COLLSCAN', ran?.counts.matched, { ...shown(clauses), direction: plan.backward ? 'backward' : 'forward', ...examined });
  if (plan.index.spec.clustered) {
    return stageOf('CLUSTERED_IXSCAN', ran?.counts.matched, { ...shown(clauses), direction: plan.backward ? 'backward' : 'forward', ...recordBounds(tree), ...examined });
  }
  return stageOf('FETCH', ran?.counts.matched, { ...shown(clauses.filter((clause) => !isBound(plan, clause, clauses))), ...examined, inputStage: indexStage(plan, ran) });
}

const bounding = new Set(['$eq', '$in', '$gt', '$gte', '$lt', '$lte']);

/** True where the index's bounds let through exactly what the clause does: the document is not asked again. */
function isBound({ index, bounds, names }: IndexPlan, clause: Clause, all: readonly Clause[]): boolean {
  if (clause.kind !== 'field' || !bounding.has(clause.op) || names) return false;
  const at = index.fields.findIndex(({ path }) => path.text === clause.path);
  const own = bounds[at];
  if (!own || index.fields[at]?.hashed || own.some(({ text }) => text().includes('MinKey'))) return false;
  // Of several conditions on an array's items the bounds are those of one.
  if (index.multikey.has(at) && all.some((other) => other !== clause && other.kind === 'field' && other.path === clause.path)) return false;
  const values = clause.op === '$in' && Array.isArray(clause.value) ? clause.value : [clause.value];
  return values.every((value) => value !== null && !Array.isArray(value) && !(value instanceof Regex) && !(value instanceof Undefined));
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

function indexStage({ index, backward, bounds, names: own }: IndexPlan, ran: Ran | undefined): Doc {
  const names = own ?? index.fields.map(({ path }) => path.text);
  const byField = (value: (at: number) => Value): Doc => new Doc(names.map((name, at) => [name, value(at)]));
  return stageOf('IXSCAN', ran?.counts.documents, {
    keyPattern: own ? byField((at) => index.spec.pattern.get(own[at] as string) ?? int32(1)) : index.spec.pattern, indexName: index.spec.name,
    ...(index.spec.collation ? { collation: index.spec.collation.options } : {}),
    isMultiKey: index.multikey.size > 0, multiKeyPaths: byField((at) => (index.multikey.has(at) ? [names[at] as string] : [])),
    isUnique: index.spec.unique, isSparse: index.spec.sparse, isPartial: index.spec.partial !== undefined, indexVersion: int32(2),
    direction: backward ? 'backward' : 'forward', indexBounds: byField((at) => (bounds[at] ?? []).map(({ text }) => text())),
    ...(ran ? { keysExamined: int32(ran.counts.keys) } : {}),
  });
}
