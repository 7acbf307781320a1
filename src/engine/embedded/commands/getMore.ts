import { anything, integer, readArguments, required, something, type Argument, type ArgumentFields } from '../arguments.ts';
import { wrongType } from '../arguments.ts';
import { Doc, type Value } from '../bson/value.ts';
import type { CommandContext, CommandDefinition, Reply, Work } from '../command.ts';
import { readLevels } from '../concerns.ts';
import type { Cursor } from '../cursors.ts';
import { wait } from '../dispatch.ts';
import { ErrorCodeLookup } from '../error-names.ts';
import { MongoError } from '../errors.ts';
import { isGeneric, transactionOf, type GenericArguments } from '../generic-arguments.ts';
import { collectionName } from '../namespace.ts';
import { cursorReply } from '../reply.ts';
import type { Server } from '../server-state.ts';

const long: Argument<bigint> = {
  parse(value: Value, field) {
    if (typeof value !== 'bigint') throw wrongType(field, value, ['long']);
    return value;
  },
};

const fields = {
  getMore: required(long), collection: required(something), batchSize: integer({ min: 0 }), term: long, lastKnownCommittedOpTime: anything,
  includeQueryStatsMetrics: anything,
} satisfies ArgumentFields;

/**
 * https://www.mongodb.com/docs/manual/reference/command/getMore/
 * The drivers' snapshot sessions send their read concern with it; a cursor goes on reading as it began all the same.
 */
export const command: CommandDefinition = { stable: true, fields, readConcerns: () => readLevels, run: getMore };

function getMore({ server, database, body, generic }: CommandContext): Work<Reply> | Promise<Reply> {
  const args = readArguments('getMore', body, fields, isGeneric);
  if (typeof args.collection !== 'string') throw wrongType('getMore.collection', args.collection, ['string']);
  const namespace = `${database}.${collectionName('getMore', database, args.collection)}`;
  server.counters.getmore++;
  const cursor = server.cursors.get(args.getMore);
  if (cursor.killed !== undefined) throw killed(server, cursor, cursor.killed);
  if (cursor.namespace !== namespace) {
    throw new MongoError('Unauthorized', `Requested getMore on namespace '${namespace}', but cursor belongs to a different namespace ${cursor.namespace}`);
  }
  checkOwner(cursor, generic);
  const injected = server.failPoints.hitGetMore();
  if (injected !== undefined) throw failedStream(injected, cursor);
  if (cursor.busy) throw new MongoError('BadValue', `cursor id ${cursor.id} is already in use`);
  if (generic.maxTimeMS !== undefined && !cursor.awaitData) throw new MongoError('BadValue', 'cannot set maxTimeMS on getMore command for a non-awaitData cursor');
  if (cursor.timed && server.failPoints.timeIsOver()) {
    server.cursors.close(cursor);
    throw new MongoError('MaxTimeMSExpired', 'operation exceeded time limit');
  }
  const size = args.batchSize || Infinity;
  if (!cursor.awaitData && !server.failPoints.timeNeverEnds()) generic.deadline = cursor.wake();
  return cursor.awaitData ? awaited(server, cursor, size, performance.now() + (generic.maxTimeMS ?? defaultAwaitMs)) : nextBatch(server, cursor, size);
}

/** @throws MongoError where another session or transaction opened it, or none did and one asks, or the other way round */
function checkOwner(cursor: Cursor, generic: GenericArguments): void {
  const differs = <T>(codes: readonly [number, number, number], what: string, own: T | undefined, asked: T | undefined, none: string): void => {
    if (own === asked) return;
    const [code, created, now] = own === undefined ? [codes[0], `not created in a ${what}`, `in ${what} ${asked}`]
      : [asked === undefined ? codes[1] : codes[2], `created in ${what} ${own}`, asked === undefined ? `without ${none}` : `in ${what} ${asked}`];
    throw new MongoError(code, `Cannot run getMore on cursor ${cursor.id}, which was ${created}, ${now}`);
  };
  differs([50736, 50737, 50738], 'session', cursor.session, generic.session, 'an lsid');
  differs([50739, 50740, 50741], 'transaction', cursor.transaction, transactionOf(generic), 'a txnNumber');
}

/** The errors after which a driver opens its change stream anew. */
const resumable = new Set([6, 7, 43, 63, 89, 91, 133, 150, 189, 234, 262, 9001, 10107, 11600, 11602, 13388, 13435, 13436]);

function failedStream(code: number, { resumeToken }: Cursor): MongoError {
  const labels = resumeToken && resumable.has(code) ? Doc.of({ errorLabels: ['ResumableChangeStreamError'] }) : undefined;
  return new MongoError(ErrorCodeLookup.get(code) ?? code, "Failing command via 'failGetMoreAfterCursorCheckout' failpoint", labels);
}

function killed(server: Server, cursor: Cursor, reason: string): MongoError {
  server.cursors.close(cursor);
  return new MongoError('QueryPlanKilled', reason);
}

/** How long a cursor that awaits data does so, where the client does not say. */
const defaultAwaitMs = 1000;
const pollMs = 10;

async function awaited(server: Server, cursor: Cursor, size: number, until: number): Promise<Reply> {
  for (;;) {
    if (cursor.killed !== undefined) throw killed(server, cursor, cursor.killed);
    if (cursor.closed) throw new MongoError('CursorKilled', 'operation was interrupted');
    const documents = firstOf(server, cursor, size);
    if (documents.length > 0 || cursor.exhausted || performance.now() > until || server.stopping.signal.aborted) return batchReply(server, cursor, documents);
    await wait(pollMs, server);
  }
}

function firstOf(server: Server, cursor: Cursor, size: number): Buffer[] {
  try {
    const work = cursor.batch(size);
    for (;;) {
      const step = work.next();
      if (step.done) return step.value;
    }
  } catch (error) {
    server.cursors.close(cursor);
    throw error;
  }
}

function* nextBatch(server: Server, cursor: Cursor, size: number): Work<Reply> {
  cursor.busy = true;
  try {
    return batchReply(server, cursor, yield* cursor.batch(size));
  } catch (error) {
    server.cursors.close(cursor);
    throw error;
  } finally {
    cursor.busy = false;
  }
}

/** What a cursor says of where it is, or of the moment that it reads. */
function inCursor({ resumeToken, snapshot }: Cursor): Record<string, Value> | undefined {
  if (resumeToken) return { postBatchResumeToken: resumeToken() };
  return snapshot && { atClusterTime: snapshot };
}

function batchReply(server: Server, cursor: Cursor, documents: readonly Buffer[]): Buffer {
  cursor.rest();
  if (cursor.exhausted) server.cursors.close(cursor);
  return cursorReply('nextBatch', documents, cursor.exhausted ? 0n : cursor.id, cursor.namespace, inCursor(cursor));
}
