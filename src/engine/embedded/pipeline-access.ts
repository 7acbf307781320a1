import { decodeDocument } from './bson/decode.ts';
import { encodeDocument } from './bson/encode.ts';
import { Doc, type Value } from './bson/value.ts';
import { MongoError } from './errors.ts';
import { prepareFind } from './find-documents.ts';
import { prepareInsert, storable } from './new-document.ts';
import { operationContext } from './operation.ts';
import { parsePipeline, type CollectionAccess } from './pipeline.ts';
import type { Filter } from './query/filter.ts';
import type { Server } from './server-state.ts';
import type { Collection } from './storage/collection.ts';
import { runPlan } from './storage/scan.ts';
import { WriteTarget, createCollection } from './write-access.ts';

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
  const target = (name: string): WriteTarget => new WriteTarget(server, database, name, { bypassDocumentValidation });
  const access: CollectionAccess = {
    *documents(name, filter) {
      const { name: base, pipeline } = resolveView(server, database, name);
      const collection = server.store.collection(database, base);
      const stored = collection ? storedDocuments(collection, filter && pipeline.length === 0 ? filter : undefined) : [];
      if (pipeline.length === 0) return yield* stored;
      yield* parsePipeline(pipeline, { query: operationContext({ collection }), access }).run(stored);
    },
    replace(name, documents) {
      target(name);
      replaceCollection(server, database, name, documents, bypassDocumentValidation);
    },
    find(name, fields, like) {
      const { collection, namespace } = target(name);
      if (!collection) return undefined;
      const query = new Doc(fields.map((field) => [field, Doc.of({ $eq: like.get(field) ?? null })]));
      const context = operationContext({});
      const prepared = prepareFind(collection, { filter: query }, context, namespace);
      for (const match of runPlan(collection, prepared.plan, (bytes) => prepared.filter.matches(bytes))) {
        if (match) return decodeDocument(match.document);
      }
      return undefined;
    },
    insert(name, doc) {
      target(name).insert(prepareInsert(encodeDocument(storable(doc))));
    },
    update(name, doc) {
      const into = target(name);
      const bytes = encodeDocument(doc);
      const id = into.collection?.findById(bytes);
      const before = id === undefined ? undefined : into.collection?.get(id);
      if (id !== undefined && before) into.replace(id, bytes, before);
    },
  };
  return access;
}

function* storedDocuments(collection: Collection, filter: Filter | undefined): Iterable<Doc> {
  collection.scans++;
  for (const [, bytes] of collection.records()) {
    if (!filter || filter.matches(bytes)) yield decodeDocument(bytes);
  }
}

/** `$out`: all documents or none; the collection keeps its options and indexes. */
function replaceCollection(server: Server, database: string, name: string, documents: Iterable<Doc>, bypassDocumentValidation: boolean): void {
  const old = server.store.collection(database, name);
  const temporary = `tmp.agg_out.${performance.now()}`;
  const made = createCollection(server, database, temporary, old?.shape);
  if (old) {
    made.options = old.options;
    made.validator = old.validator;
    for (const index of old.indexes.values()) if (index.spec.name !== '_id_') drain(made.buildIndex(index.spec));
  }
  try {
    const into = new WriteTarget(server, database, temporary, { bypassDocumentValidation });
    for (const doc of documents) into.insert(prepareInsert(encodeDocument(storable(doc))));
  } catch (error) {
    server.store.drop(database, temporary);
    throw error;
  }
  server.store.rename(made, server.store.ensureDatabase(database), database, name);
}

function drain(work: Iterator<unknown>): void {
  while (!work.next().done);
}
