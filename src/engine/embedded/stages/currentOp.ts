import { hostname } from 'node:os';
import { readArguments, strictBool } from '../arguments.ts';
import { Doc, UtcDate } from '../bson/value.ts';
import { currentOperations } from '../current-operations.ts';
import type { Cursor } from '../cursors.ts';
import { MongoError } from '../errors.ts';
import type { StageDefinition } from '../pipeline.ts';
import { serverOrigin } from '../pipeline-origin.ts';

const flag = { ...strictBool, takesNull: true };
const fields = { allUsers: flag, idleConnections: flag, idleCursors: flag, idleSessions: flag, localOps: flag, backtrace: flag, targetAllNodes: flag, truncateOps: flag };

/** Who is connected, and what they do. https://www.mongodb.com/docs/manual/reference/operator/aggregation/currentOp/ */
export const stage: StageDefinition = {
  parse(argument, context) {
    if (!(argument instanceof Doc)) throw new MongoError('TypeMismatch', '$currentOp options must be specified in an object');
    const args = readArguments('$currentOp', argument, fields);
    if (args.targetAllNodes) throw new MongoError('FailedToParse', "The 'targetAllNodes' parameter of $currentOp is only supported on servers with shards");
    const { server, database, client } = serverOrigin('$currentOp', context);
    if (database !== 'admin') throw new MongoError('InvalidNamespace', "$currentOp must be run against the 'admin' database with {aggregate: 1}");
    return {
      source: true,
      *run() {
        if (client) yield* currentOperations(server, client, { idle: args.idleConnections ?? false, everyones: args.allUsers ?? false });
        if (args.idleCursors) for (const cursor of server.cursors.idle()) yield shownCursor(cursor);
      },
    };
  },
};

/** A cursor that no command reads from just now. */
const shownCursor = ({ id, namespace, noTimeout, tailable, awaitData, lastUsed, openedAt }: Cursor): Doc => Doc.of({
  type: 'idleCursor', host: hostname(), ns: namespace, cursor: Doc.of({
    cursorId: id, createdDate: new UtcDate(BigInt(openedAt)), lastAccessDate: new UtcDate(BigInt(Math.round(Date.now() - (performance.now() - lastUsed)))),
    noCursorTimeout: noTimeout, tailable, awaitData,
  }),
});
