import { readArguments, strictBool } from '../arguments.ts';
import { Doc } from '../bson/value.ts';
import { describedCollections } from '../collection-info.ts';
import { MongoError } from '../errors.ts';
import type { StageDefinition } from '../pipeline.ts';

const flag = { ...strictBool, takesNull: true };

/** The collections of all databases, or of the one it is run on where that is not `admin`; none has shards. https://www.mongodb.com/docs/manual/reference/operator/aggregation/listClusterCatalog/ */
export const stage: StageDefinition = {
  parse(argument, { origin, nested, inFacet }) {
    if (inFacet) throw new MongoError(40600, '$listClusterCatalog is not allowed to be used within a $facet stage');
    if (!(argument instanceof Doc)) throw new MongoError(9621302, '$listClusterCatalog must take an object');
    readArguments('$listClusterCatalog', argument, { shards: flag, balancingConfiguration: flag, tracked: flag });
    if (!origin || nested || !origin.collectionless) throw new MongoError(9621301, 'The $listClusterCatalog stage must be run against a database, with {aggregate: 1}');
    const { server, database } = origin;
    return {
      source: true,
      *run() {
        for (const db of database === 'admin' ? server.store.databases().map((one) => one.name) : [database]) {
          for (const entry of describedCollections(server.store, db)) {
            const { name, ...rest } = Object.fromEntries(entry) as Record<string, never>;
            yield Doc.of({ db, ns: `${db}.${String(name)}`, ...rest, sharded: false });
          }
        }
      },
    };
  },
};
