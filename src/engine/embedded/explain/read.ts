import { clampedInteger, integer } from '../arguments.ts';
import { Doc, isNumeric, typeName, Undefined, type Value } from '../bson/value.ts';
import { MongoError } from '../errors.ts';
import { isTrue } from '../truth.ts';
import { leadingStages } from '../pipeline-run.ts';

/** A write whose query is explained. */
export interface ExplainedWrite {
  readonly kind: 'update' | 'delete';
  readonly multi: boolean;
  readonly upsert: boolean;
  readonly update: Doc | Value[];
  readonly arrayFilters: Doc[] | undefined;
  readonly constants: Doc | undefined;
  /** `findAndModify` returns the document. */
  readonly returns: boolean;
}

/** What finds the documents of a command that is explained, and what stands around them. */
export interface Explained {
  filter: Doc;
  sort?: Doc | undefined;
  skip?: number | undefined;
  limit?: number | undefined;
  projection?: Doc | undefined;
  hint?: Value | undefined;
  collation?: Doc | undefined;
  let?: Doc | undefined;
  /** More than the documents is asked for: of a look-up by `_id` in batches, or what it can't give at all. */
  asked?: 'batches' | 'other' | undefined;
  /** All stages of a pipeline, and those behind what the planner takes over. */
  pipeline?: Value[];
  stages?: Value[];
  write?: ExplainedWrite;
  /** How many there are is asked for, not which. */
  counts?: boolean;
}

const docOf = (value: Value | undefined): Doc | undefined => (value instanceof Doc ? value : undefined);
const docsOf = (value: Value | undefined): Doc[] | undefined => (Array.isArray(value) ? value.filter((item) => item instanceof Doc) : undefined);
/** Cut as the commands cut it; 0 is none. */
const count = (value: Value | undefined): number | undefined => (isNumeric(value) ? Math.abs(clampedInteger(value)) || undefined : undefined);
const natural = integer({ min: 0 });

/** What the command reads, and refuses: 0 is none. */
function cut(command: string, inner: Doc, field: string): number | undefined {
  const value = inner.get(field);
  return value === undefined || value === null || value instanceof Undefined ? undefined : natural.parse(value, `${command}.${field}`) || undefined;
}

/** What finds the documents of each command that can be explained. */
export const readers: Record<string, (inner: Doc) => Explained> = {
  find: (inner) => ({
    filter: docOf(inner.get('filter')) ?? new Doc(), sort: docOf(inner.get('sort')), skip: cut('find', inner, 'skip'), limit: cut('find', inner, 'limit'),
    projection: docOf(inner.get('projection')), hint: inner.get('hint'), ...around(inner),
    asked: ['showRecordId', 'tailable', 'min', 'max'].some((name) => isTrue(inner.get(name))) ? 'other' : inner.has('batchSize') || isTrue(inner.get('returnKey')) ? 'batches' : undefined,
  }),
  count: (inner) => ({
    filter: docOf(inner.get('query')) ?? new Doc(), skip: cut('count', inner, 'skip'), limit: count(inner.get('limit')), hint: inner.get('hint'), ...around(inner), asked: 'other', counts: true,
  }),
  distinct: (inner) => ({ filter: docOf(inner.get('query')) ?? new Doc(), hint: inner.get('hint'), ...around(inner), asked: 'other' }),
  findAndModify: (inner) => ({
    filter: docOf(inner.get('query')) ?? new Doc(), sort: docOf(inner.get('sort')), hint: inner.get('hint'), projection: docOf(inner.get('fields')), ...around(inner),
    write: write(isTrue(inner.get('remove')) ? 'delete' : 'update', inner, 'update', false, true),
  }),
  update: (inner) => {
    const statement = only(inner, 'updates');
    return { ...found(statement, inner), sort: docOf(statement.get('sort')), write: write('update', statement, 'u', isTrue(statement.get('multi')), false) };
  },
  delete: (inner) => {
    const statement = only(inner, 'deletes');
    return { ...found(statement, inner), write: write('delete', statement, 'u', count(statement.get('limit')) === undefined, false) };
  },
  aggregate: (inner) => {
    const pipeline = inner.get('pipeline');
    if (!Array.isArray(pipeline)) throw new MongoError('TypeMismatch', `BSON field 'aggregate.pipeline' is the wrong type '${typeName(pipeline)}', expected type 'array'`);
    if (!inner.has('cursor') && !inner.has('explain')) throw new MongoError('FailedToParse', "The 'cursor' option is required, except for aggregate with the explain argument");
    if (inner.has('writeConcern')) throw new MongoError('FailedToParse', "Aggregation explain does not support the 'writeConcern' option");
    return { ...ofPipeline(pipeline), hint: inner.get('hint'), ...around(inner) };
  },
};

function ofPipeline(pipeline: Value[]): Explained {
  const { filter, sort, count: taken } = leadingStages(pipeline);
  const { skip, limit, count: cuts } = leadingCuts(pipeline.slice(taken + (sort ? 1 : 0)));
  return { filter, sort, skip, limit, pipeline, stages: pipeline.slice(taken + (sort ? 1 : 0) + cuts) };
}

const around = (inner: Doc): Pick<Explained, 'collation' | 'let'> => ({ collation: docOf(inner.get('collation')), let: docOf(inner.get('let')) });

const found = (statement: Doc, inner: Doc): Explained => ({
  filter: docOf(statement.get('q')) ?? new Doc(), hint: statement.get('hint'), collation: docOf(statement.get('collation')), let: docOf(inner.get('let')),
});

/** Writes are explained one at a time. */
function only(inner: Doc, field: string): Doc {
  const list = inner.get(field);
  const first = Array.isArray(list) && list.length === 1 ? list[0] : undefined;
  if (!(first instanceof Doc)) throw new MongoError('InvalidLength', 'explained write batches must be of size 1');
  return first;
}

function write(kind: ExplainedWrite['kind'], statement: Doc, field: string, multi: boolean, returns: boolean): ExplainedWrite {
  const update = statement.get(field);
  return {
    kind, multi, returns, upsert: isTrue(statement.get('upsert')), update: update instanceof Doc || Array.isArray(update) ? update : new Doc(),
    arrayFilters: docsOf(statement.get('arrayFilters')), constants: docOf(statement.get('c')),
  };
}

/** A `$skip` and a `$limit` that a pipeline goes on with, which the planner takes over too. */
function leadingCuts(stages: readonly Value[]): { skip: number | undefined; limit: number | undefined; count: number } {
  const at = (index: number, name: string): number | undefined => {
    const stage = stages[index];
    return stage instanceof Doc ? count(stage.get(name)) : undefined;
  };
  const skip = at(0, '$skip');
  const taken = skip === undefined ? 0 : 1;
  const limit = at(taken, '$limit');
  return { skip, limit, count: taken + (limit === undefined ? 0 : 1) };
}

/** What is asked of a view: its own stages, and the command as stages behind them. */
export function throughView(stages: readonly Value[], { filter, sort, skip, limit, projection, pipeline, hint, collation, let: variables }: Explained, command: string, inner: Doc): Explained {
  const own = pipeline ?? [
    ...(filter.size > 0 ? [Doc.of({ $match: filter })] : []), ...(sort ? [Doc.of({ $sort: sort })] : []), ...(skip ? [Doc.of({ $skip: BigInt(skip) })] : []),
    ...(limit ? [Doc.of({ $limit: BigInt(limit) })] : []), ...(projection && projection.size > 0 ? [Doc.of({ $project: projection })] : []),
    ...(command === 'count' ? [Doc.of({ $count: 'count' })] : []), ...(command === 'distinct' ? [Doc.of({ $group: Doc.of({ _id: `$${String(inner.get('key'))}` }) })] : []),
  ];
  return { ...ofPipeline([...stages, ...own]), hint, collation, let: variables };
}
