import { integer, readArguments } from './arguments.ts';
import type { Doc, Value } from './bson/value.ts';
import type { CommandContext, Work } from './command.ts';
import { firstBatchSize, type DocumentSource } from './cursors.ts';
import { transactionOf } from './generic-arguments.ts';
import { cursorReply } from './reply.ts';

const cursorFields = { batchSize: integer({ min: 0 }) };

/** The batch size of a command's `cursor: { batchSize }`. */
export function readCursorOptions(command: string, cursor: Doc | undefined): number | undefined {
  return cursor && readArguments(`${command}.cursor`, cursor, cursorFields).batchSize;
}

/** What a cursor says of the moment that it reads. */
export const snapshotOf = ({ generic }: CommandContext): Record<string, Value> | undefined => generic.snapshot && { atClusterTime: generic.snapshot };

/**
 * The first batch of a command's results, and a cursor where there are more.
 * @param lists true for a command that lists things, which knows whether there are more; others find out by the next batch
 */
export function* firstReply(context: CommandContext, namespace: string, source: DocumentSource, batchSize: number | undefined, lists = false): Work<Buffer> {
  const { server, generic, name } = context;
  const cursor = server.cursors.create({ namespace, source, session: generic.session, transaction: transactionOf(generic), openedBy: name, clock: generic, snapshot: generic.snapshot });
  const documents = yield* cursor.batch(batchSize ?? firstBatchSize);
  if (lists && documents.length > 0) yield* cursor.look();
  if (cursor.exhausted) cursor.close();
  else server.cursors.keep(cursor);
  return cursorReply('firstBatch', documents, cursor.exhausted ? 0n : cursor.id, namespace, snapshotOf(context));
}
