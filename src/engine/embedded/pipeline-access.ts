import { decodeDocument } from './bson/decode.ts';
import { Doc, type Value } from './bson/value.ts';
import { MongoError } from './errors.ts';
import { operationContext } from './operation.ts';
import { outputTarget } from './output-target.ts';
import { parsePipeline, type CollectionAccess } from './pipeline.ts';
import type { Filter } from './query/filter.ts';
import type { Server } from './server-state.ts';
import type { Collection } from './storage/collection.ts';

/** A collection's documents behind a view: the collection it is over, and the stages to run first. */
export interface Resolved {
  name: string;
  pipeline: Value[];
}

const deepestView = 20;

/** Follows views to the collection they are over. @throws MongoError ViewDepthLimitExceeded */
export function resolveView(server: Server, database: string, name: string): Resolved {
  let resolved: Resolved = { name, pipeline: [] };
  for (let depth = 0; ; depth++) {
    const view = server.store.view(database, resolved.name);
    if (!view) return resolved;
    if (depth >= deepestView) throw new MongoError('ViewDepthLimitExceeded', `View depth too deep or view cycle detected; maximum depth is ${deepestView}`);
    resolved = { name: view.on, pipeline: [...view.pipeline, ...resolved.pipeline] };
  }
}

/** How the stages of a pipeline reach other collections of a database. */
export function pipelineAccess(server: Server, database: string, bypassDocumentValidation: boolean): CollectionAccess {
  const access: CollectionAccess = {
    documents: (name, filter) => documentsOf(server, database, access, name, filter),
    output: (name, other = database) => outputTarget(server, other, name, bypassDocumentValidation),
  };
  return access;
}

function* documentsOf(server: Server, database: string, access: CollectionAccess, name: string, filter: Filter | undefined): Iterable<Doc> {
  const { name: base, pipeline } = resolveView(server, database, name);
  const collection = server.store.collection(database, base);
  const stored = collection ? storedDocuments(collection, filter && pipeline.length === 0 ? filter : undefined) : [];
  if (pipeline.length === 0) return yield* stored;
  // A view compares as it was made to, whatever its collection does.
  const collation = server.store.view(database, name)?.options.get('collation');
  const query = operationContext({ collation: collation instanceof Doc ? collation : undefined, clusterTime: server.replicaSet?.oplog.time });
  yield* parsePipeline(pipeline, { query, access }).run(stored);
}

function* storedDocuments(collection: Collection, filter: Filter | undefined): Iterable<Doc> {
  collection.scans++;
  for (const [, bytes] of collection.records()) {
    if (!filter || filter.matches(bytes)) yield decodeDocument(bytes);
  }
}
