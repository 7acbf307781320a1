import { anything, array, readArguments, required, wrongType, type ArgumentFields } from '../arguments.ts';
import { Doc } from '../bson/value.ts';
import type { CommandDefinition } from '../command.ts';
import { isGeneric } from '../generic-arguments.ts';
import { collectionName } from '../namespace.ts';

const fields = { killCursors: anything, cursors: required(array) } satisfies ArgumentFields;

/** https://www.mongodb.com/docs/manual/reference/command/killCursors/ */
export const command: CommandDefinition = {
  stable: true, fields,
  run({ server, database, body }) {
    collectionName('killCursors', database, body.get('killCursors'));
    const args = readArguments('killCursors', body, fields, isGeneric);
    const killed: bigint[] = [];
    const notFound: bigint[] = [];
    const ids = args.cursors.flatMap((id, index) => {
      if (id === null) return [];
      if (typeof id !== 'bigint') throw wrongType(`killCursors.cursors.${index}`, id, ['long']);
      return [id];
    });
    for (const id of ids) {
      const cursor = server.cursors.peek(id);
      if (cursor) {
        server.cursors.close(cursor);
        killed.push(id);
      } else {
        notFound.push(id);
      }
    }
    return Doc.of({ cursorsKilled: killed, cursorsNotFound: notFound, cursorsAlive: [], cursorsUnknown: [] });
  },
};
