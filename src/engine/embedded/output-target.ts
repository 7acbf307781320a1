import { encodeDocument } from './bson/encode.ts';
import type { Doc } from './bson/value.ts';
import { MongoError } from './errors.ts';
import { prepareInsert, storable } from './new-document.ts';
import type { Server } from './server-state.ts';
import type { Collection } from './storage/collection.ts';
import { updateDocuments, type UpdateResult, type UpdateSpec } from './update-documents.ts';
import { WriteTarget, createCollection } from './write-access.ts';

/** A collection that a pipeline writes to: `$out` and `$merge`. */
export interface OutputTarget {
  readonly namespace: string;
  readonly collection: Collection | undefined;
  /** @throws MongoError CommandNotSupportedOnView, and what else forbids that it is written to */
  check(): void;
  insert(doc: Doc): void;
  update(spec: UpdateSpec): UpdateResult;
  /** Puts documents in the collection's place: all or none; it keeps its options and indexes. */
  replaceAll(documents: Iterable<Doc>): void;
}

/** How often a write may wait in vain for a transaction that has written the document. */
const mostPauses = 10_000;

const conflict = (): MongoError => new MongoError('WriteConflict', 'Caused by :: Write conflict during plan execution and yielding is disabled.');

export function outputTarget(server: Server, database: string, name: string, bypassDocumentValidation: boolean): OutputTarget {
  const into = (): WriteTarget => new WriteTarget(server, database, name, { bypassDocumentValidation });
  return {
    namespace: `${database}.${name}`,
    get collection() {
      return server.store.collection(database, name);
    },
    check: () => void into(),
    insert(doc) {
      const target = into();
      const document = prepareInsert(encodeDocument(storable(doc)));
      if (target.mustWait(document)) throw conflict();
      target.insert(document);
    },
    update(spec) {
      const target = into();
      const work = updateDocuments(target, spec);
      for (let pauses = 0; ; pauses++) {
        const step = work.next();
        if (step.done) return step.value;
        // Nobody else has a turn here, so what another transaction holds would never be let go.
        if (pauses > mostPauses && target.mayWait) throw conflict();
      }
    },
    replaceAll(documents) {
      into();
      replaceCollection(server, database, name, documents, bypassDocumentValidation);
    },
  };
}

function replaceCollection(server: Server, database: string, name: string, documents: Iterable<Doc>, bypassDocumentValidation: boolean): void {
  const old = server.store.collection(database, name);
  if (old?.capped) throw new MongoError(17152, `namespace '${database}.${name}' is capped so it can't be used for $out`);
  const temporary = `tmp.agg_out.${performance.now()}`;
  const made = createCollection(server, database, temporary, old?.shape);
  try {
    if (old) {
      made.options = old.options;
      made.validator = old.validator;
      for (const index of old.indexes.values()) if (index.spec.name !== '_id_') drain(made.buildIndex(index.spec));
    }
    const target = new WriteTarget(server, database, temporary, { bypassDocumentValidation });
    for (const doc of documents) target.insert(prepareInsert(encodeDocument(storable(doc))));
  } catch (error) {
    server.store.drop(database, temporary);
    throw error;
  }
  server.store.rename(made, server.store.ensureDatabase(database), database, name);
}

function drain(work: Iterator<unknown>): void {
  while (!work.next().done);
}
