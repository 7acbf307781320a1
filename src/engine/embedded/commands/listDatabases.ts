import { anything, bool, object, readArguments, strictBool, type ArgumentFields } from '../arguments.ts';
import { Doc } from '../bson/value.ts';
import type { CommandDefinition } from '../command.ts';
import { isGeneric } from '../generic-arguments.ts';
import { operationContext } from '../operation.ts';
import { parseFilter } from '../query/filter.ts';

const fields = { listDatabases: anything, filter: object, nameOnly: bool, authorizedDatabases: strictBool } satisfies ArgumentFields;

/** https://www.mongodb.com/docs/manual/reference/command/listDatabases/ */
export const command: CommandDefinition = {
  stable: true, adminOnly: true, fields,
  run({ server, body }) {
    const args = readArguments('listDatabases', body, fields, isGeneric);
    const filter = args.filter && parseFilter(args.filter, { ...operationContext({}), timeless: true }, { unindexed: true });
    const databases: Doc[] = [];
    let total = 0;
    for (const database of server.store.databases()) {
      let size = 0;
      for (const collection of database.collections.values()) size += 4096 * Math.ceil(1 + collection.bytes / 4096);
      const full = Doc.of({ name: database.name, sizeOnDisk: BigInt(size), empty: false });
      const shown = args.nameOnly ? Doc.of({ name: database.name }) : full;
      if (filter && !filter.matchesDoc(shown)) continue;
      databases.push(shown);
      total += size;
    }
    if (args.nameOnly) return Doc.of({ databases });
    return Doc.of({ databases, totalSize: BigInt(total), totalSizeMb: BigInt(Math.floor(total / 1024 / 1024)) });
  },
};
