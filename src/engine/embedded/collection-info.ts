import { Doc } from './bson/value.ts';
import type { Collection } from './storage/collection.ts';
import type { Store, View } from './storage/store.ts';

/** What is in a database, as `listCollections` shows it: collections, then views. */
export function describedCollections(store: Store, database: string): Doc[] {
  const known = store.database(database);
  return [...[...(known?.collections.values() ?? [])].map(describe), ...[...(known?.views.values() ?? [])].map(describeView)];
}

function describe(collection: Collection): Doc {
  return Doc.of({
    name: collection.name, type: 'collection', options: collection.options, info: Doc.of({ readOnly: false, uuid: collection.uuid }),
    ...(collection.clustered ? {} : { idIndex: collection.idIndex.spec.shown }),
  });
}

function describeView(view: View): Doc {
  return Doc.of({ name: view.name, type: 'view', options: view.options, info: Doc.of({ readOnly: true }) });
}
