import { loadRegistry } from '../../registry.ts';
import { Doc, type Value } from './bson/value.ts';
import type { Client } from './client.ts';
import { MongoError } from './errors.ts';
import type { OutputTarget } from './output-target.ts';
import type { Filter } from './query/filter.ts';
import type { Sort } from './query/sort.ts';
import { outOfSlots } from './slot-values.ts';
import type { Server } from './server-state.ts';
import type { QueryContext } from './variables.ts';

/** How a pipeline reaches other collections of its database. */
export interface CollectionAccess {
  /** Stored documents of a collection, those that a filter lets through where one is given; none where it does not exist. */
  documents(collection: string, filter?: Filter): Iterable<Doc>;
  /** A collection to write to, of another database where one is named. */
  output(collection: string, database?: string): OutputTarget;
}

/** Where a pipeline runs. */
export interface PipelineOrigin {
  readonly server: Server;
  /** Whose command it is; absent where a pipeline is only checked. */
  readonly client?: Client;
  readonly database: string;
  /** The collection's name, behind views. */
  readonly name: string;
  /** The name asked for: it may be a view's. */
  readonly asked: string;
  /** `{ aggregate: 1 }` */
  readonly collectionless: boolean;
}

/** What a pipeline is parsed and run in. */
export interface PipelineContext {
  readonly query: QueryContext;
  readonly access: CollectionAccess;
  /** For stages that tell of the server itself. */
  readonly origin?: PipelineOrigin | undefined;
  /** What one stage may hold, in bytes, where the disk may not be used. */
  readonly memoryLimit?: number | undefined;
  /** How many pipelines this one is in. */
  readonly depth?: number | undefined;
  /** Inside `$lookup`, `$facet` and the like, some stages are not allowed. */
  readonly nested?: '$lookup' | '$facet' | '$unionWith' | undefined;
  /** Inside `$facet`, however deep. */
  readonly inFacet?: boolean | undefined;
}

/** Whether a stage makes its own documents: from nothing, or about its collection. */
type Source = boolean | 'collection';

/** A parsed stage. */
export interface Stage {
  /** Calls a generator function of its module, not one made while parsing: the compiler would take each for another function. */
  run(input: Iterable<Doc>): Iterable<Doc>;
  /** Set where the planner may take the stage over, when it stands in front. */
  readonly filter?: Filter;
  readonly sort?: Sort;
  readonly limit?: number;
  /** It makes documents of its own and must come first; `collection` where it tells of the collection. */
  readonly source?: Source;
  /** It writes, and must come last. */
  readonly writes?: boolean;
}

/** One file in `stages/` exports `stage`, one of these; its name is the stage's, without the `$`. */
export interface StageDefinition {
  parse(argument: Value, context: PipelineContext): Stage;
}

export interface Pipeline {
  readonly stages: readonly Stage[];
  /** True where the last stage writes and there is nothing to return. */
  readonly writes: boolean;
  /** Set where the first stage makes its own documents. */
  readonly source: Source;
  run(input: Iterable<Doc>): Iterable<Doc>;
  /** The filter that begins the pipeline, for the planner; run the rest with `from` 1. */
  readonly leadingFilter: Filter | undefined;
  runFrom(first: number, input: Iterable<Doc>): Iterable<Doc>;
}

let stages: ReadonlyMap<string, StageDefinition> = new Map();

/** Loads the stages; the engine awaits it before it listens, so that parsing is synchronous. */
export async function loadStages(): Promise<void> {
  if (stages.size === 0) stages = await loadRegistry<StageDefinition>(new URL('./stages/', import.meta.url), 'stage');
}

const unsupported = new Set(['geoNear', 'search', 'searchMeta', 'vectorSearch', 'listSearchIndexes', 'rankFusion', 'scoreFusion', 'shardedDataDistribution', 'listSampledQueries']);

/** Stages of the server's own. */
const hidden = new Set(['$listCatalog', '$changeStreamSplitLargeEvent']);

/** True for the name of a stage that MongoDB has. */
export const isStage = (name: string): boolean => name.startsWith('$') && (stages.has(name.slice(1)) || unsupported.has(name.slice(1)));

const nestedWriteCodes = { $facet: 40600, $lookup: 51047, $unionWith: 31441 };
const mostStages = 1000;
/** Pipelines within pipelines, the outermost counted. */
const deepest = 21;

/** Parses a pipeline; whatever is wrong in it is an error here. https://www.mongodb.com/docs/manual/reference/operator/aggregation-pipeline/ */
export function parsePipeline(list: readonly Value[], context: PipelineContext): Pipeline {
  if (list.length > mostStages) throw new MongoError(7749501, `Pipeline length must be no longer than ${mostStages} stages.`);
  const depth = (context.depth ?? 0) + 1;
  if (depth > deepest) throw new MongoError(232, `Maximum number of nested sub-pipelines exceeded. Limit is ${deepest}`);
  const afterParsing = context.query.afterParsing ?? [];
  const pushed = context.nested ? 0 : pushedDown(list);
  const slots = pushed > 0 ? within(context, depth, afterParsing, true) : undefined;
  const plain = pushed < list.length ? within(context, depth, afterParsing, context.query.slotBased) : undefined;
  const parsed = list.map((item, index) => parseStage(item, (index < pushed ? slots : plain) as PipelineContext));
  for (let index = 0; index < parsed.length; index++) {
    const stage = parsed[index] as Stage;
    const name = (list[index] as Doc).keys().next().value as string;
    if (stage.source && index > 0) throw new MongoError(40602, `${name} is only valid as the first stage in a pipeline.`);
    if (stage.writes && index < parsed.length - 1) throw new MongoError(40601, `${name} can only be the final stage in the pipeline`);
    if (stage.writes && context.nested) throw new MongoError(nestedWriteCodes[context.nested], `${name} is not allowed to be used within a ${context.nested} stage`);
  }
  if (!context.query.afterParsing) for (const fold of afterParsing) fold();
  const leaves = pushed < parsed.length && list.slice(0, pushed).some((item) => item instanceof Doc && item.has('$group'));
  const runFrom = (first: number, input: Iterable<Doc>): Iterable<Doc> => {
    let documents = input;
    for (let index = first; index < parsed.length; index++) {
      documents = (parsed[index] as Stage).run(documents);
      if (leaves && index === pushed - 1) documents = leaving(documents);
    }
    return documents;
  };
  return {
    stages: parsed, writes: parsed.at(-1)?.writes ?? false, source: parsed[0]?.source ?? false, leadingFilter: parsed[0]?.filter,
    run: (input) => runFrom(0, input), runFrom,
  };
}

/** The context of a pipeline's stages. Field by field: a copy by spread costs more than parsing a stage. */
function within({ query, access, origin, memoryLimit, nested, inFacet }: PipelineContext, depth: number, afterParsing: (() => void)[], slotBased: boolean | undefined): PipelineContext {
  const { variables, collation, now, timeless, clusterTime } = query;
  return { query: { variables, collation, now, timeless, clusterTime, afterParsing, slotBased }, access, origin, memoryLimit, depth, nested, inFacet };
}

function* leaving(documents: Iterable<Doc>): Iterable<Doc> {
  for (const doc of documents) yield outOfSlots(doc);
}

/** How many stages, `$group` among them, the server's slot-based engine takes over: it has codes of its own for what fails there. */
function pushedDown(list: readonly Value[]): number {
  const end = list.findIndex((item) => !(item instanceof Doc) || !['$match', '$sort', '$group'].some((name) => item.has(name)));
  return end === -1 ? list.length : end;
}

function parseStage(item: Value, context: PipelineContext): Stage {
  if (!(item instanceof Doc)) throw new MongoError('TypeMismatch', "Each element of the 'pipeline' array must be an object");
  if (item.size !== 1) throw new MongoError(40323, 'A pipeline stage specification object must contain exactly one field.');
  const [name, argument] = item.entries().next().value as [string, Value];
  const definition = name.startsWith('$') ? stages.get(name.slice(1)) : undefined;
  if (!definition) {
    if (context.inFacet && (unsupported.has(name.slice(1)) || hidden.has(name))) throw new MongoError(40600, `${name} is not allowed to be used within a $facet stage`);
    if (unsupported.has(name.slice(1))) throw new MongoError('CommandNotSupported', `${name} is not supported by this server`);
    if (name === '$changeStreamSplitLargeEvent') throw new MongoError('IllegalOperation', `${name} can only be used in a $changeStream pipeline`);
    throw new MongoError(40324, `Unrecognized pipeline stage name: '${name}'`);
  }
  return definition.parse(argument, context);
}
