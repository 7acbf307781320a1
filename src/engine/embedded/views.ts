import { compareValues } from './bson/compare.ts';
import { encodeDocument } from './bson/encode.ts';
import { Doc, typeName, type Value } from './bson/value.ts';
import type { CommandContext } from './command.ts';
import { MongoError } from './errors.ts';
import { fullCollation } from './index-specs.ts';
import { operationContext } from './operation.ts';
import { parsePipeline } from './pipeline.ts';
import { pipelineAccess } from './pipeline-access.ts';
import type { Server } from './server-state.ts';
import { writeTime } from './write-time.ts';

/** Makes a view: a pipeline under a name. https://www.mongodb.com/docs/manual/core/views/ */
export function createView({ server, database }: CommandContext, name: string, on: string, pipeline: Value[], collation: Doc | undefined): Doc {
  const existing = server.store.view(database, name);
  if (server.store.collection(database, name)) throw new MongoError('NamespaceExists', `Collection ${database}.${name} already exists.`);
  const stages = checkView(server, database, name, on, pipeline);
  const options = Doc.of({ viewOn: on, pipeline: stages, ...(collation ? { collation: fullCollation(collation) } : {}) });
  if (existing) {
    if (compareValues(existing.options, options) === 0) return new Doc();
    throw new MongoError('NamespaceExists', `A view already exists with different options. NS: ${database}.${name}`);
  }
  server.store.createView(database, { name, on, pipeline: stages, options });
  return new Doc();
}

const mostPipelineBytes = 16_000_000;

const ofServer = new Set(['$documents', '$currentOp', '$listSessions', '$listLocalSessions']);

/** Checks what a view is made of. @returns its stages. @throws MongoError where it cannot be one */
export function checkView(server: Server, database: string, name: string, on: string, pipeline: readonly Value[]): Doc[] {
  if (on === '') throw new MongoError('BadValue', "'viewOn' cannot be empty");
  if (on.startsWith('$') || on.startsWith('.') || on.includes('\0')) throw new MongoError('InvalidNamespace', `Invalid view namespace: ${database}.${on}`);
  const stages = pipeline.filter((stage) => stage !== null).map((stage) => {
    if (!(stage instanceof Doc)) throw new MongoError('TypeMismatch', `Each element of the 'pipeline' array must be an object, but found ${typeName(stage)}`);
    return stage;
  });
  const bytes = stages.reduce((sum, stage) => sum + encodeDocument(stage).length, 0);
  if (bytes > mostPipelineBytes) throw new MongoError('ViewPipelineMaxSizeExceeded', `View pipeline is too large: ${bytes} bytes, and ${mostPipelineBytes} at most`);
  for (const stage of stages) checkStage(server, stage);
  parsePipeline(stages, { query: { ...operationContext({}), clusterTime: writeTime(server) }, access: pipelineAccess(server, database, false), origin: { server, database, name: on, asked: on, collectionless: false } });
  const reached = new Set<string>();
  for (const next of [on, ...namedIn(stages)]) follow(server, database, next, name, reached);
  checkDepth(server, database, on);
  return stages;
}

const deepestView = 20;

/** @throws MongoError ViewDepthLimitExceeded */
function checkDepth(server: Server, database: string, on: string): void {
  let depth = 1;
  for (let view = server.store.view(database, on); view; view = server.store.view(database, view.on)) depth++;
  if (depth > deepestView) throw new MongoError('ViewDepthLimitExceeded', `View depth limit exceeded; maximum depth is ${deepestView}`);
}

function checkStage(server: Server, stage: Doc): void {
  const [name] = stage.keys();
  if (name === '$changeStream' && !server.replset) throw new MongoError(40573, 'The $changeStream stage is only supported on replica sets');
  if (name === '$out' || name === '$merge' || name === '$changeStream') throw new MongoError('OptionNotSupportedOnView', `${name} cannot be used in a view definition`);
  if (name !== undefined && ofServer.has(name)) throw new MongoError('InvalidNamespace', `'${name}' can only be run with {aggregate: 1}`);
}

/** @throws MongoError GraphContainsCycle where the view would be made of itself */
function follow(server: Server, database: string, at: string, name: string, reached: Set<string>): void {
  if (at === name) throw new MongoError('GraphContainsCycle', `View cycle detected: ${database}.${name}`);
  const view = server.store.view(database, at);
  if (!view || reached.has(at)) return;
  reached.add(at);
  for (const next of [view.on, ...namedIn(view.pipeline)]) follow(server, database, next, name, reached);
}

/** The collections that a pipeline's stages name. */
export function namedIn(value: Value): string[] {
  const names: string[] = [];
  addNames(value, names);
  return names;
}

function addNames(value: Value, names: string[]): void {
  if (Array.isArray(value)) {
    for (const item of value) addNames(item, names);
  } else if (value instanceof Doc) {
    for (const [key, inner] of value) {
      if (key === '$unionWith' && typeof inner === 'string') names.push(inner);
      const named = (key === '$lookup' || key === '$graphLookup') && inner instanceof Doc ? inner.get('from') : key === '$unionWith' && inner instanceof Doc ? inner.get('coll') : undefined;
      if (typeof named === 'string') names.push(named);
      addNames(inner, names);
    }
  }
}
