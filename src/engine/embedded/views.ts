import { Doc, type Value } from './bson/value.ts';
import type { CommandContext } from './command.ts';
import { MongoError } from './errors.ts';
import { fullCollation } from './index-specs.ts';

/** Makes a view: a pipeline under a name. https://www.mongodb.com/docs/manual/core/views/ */
export function createView({ server, database }: CommandContext, name: string, on: string, pipeline: Value[], collation: Doc | undefined): Doc {
  if (on === '') throw new MongoError('BadValue', "'viewOn' cannot be empty");
  if (server.store.collection(database, name)) throw new MongoError('NamespaceExists', `Collection ${database}.${name} already exists.`);
  const options = Doc.of({ viewOn: on, pipeline, ...(collation ? { collation: fullCollation(collation) } : {}) });
  server.store.createView(database, { name, on, pipeline, options });
  return new Doc();
}
