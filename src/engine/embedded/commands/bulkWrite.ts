import { anything, bool, integer, object, hint, objects, readArguments, required, strictBool, text, type ArgumentFields, type Arguments } from '../arguments.ts';
import { decodeDocument, int32 } from '../bson/decode.ts';
import { encodeDocument } from '../bson/encode.ts';
import { Doc } from '../bson/value.ts';
import type { CommandContext, CommandDefinition, Reply, Work } from '../command.ts';
import { firstBatchSize } from '../cursors.ts';
import { deleteMatching } from '../delete-documents.ts';
import { errorCodes, MongoError } from '../errors.ts';
import { isGeneric, transactionOf } from '../generic-arguments.ts';
import { readCursorOptions } from '../list-cursor.ts';
import { prepareInsert } from '../new-document.ts';
import { cursorReply } from '../reply.ts';
import { checkCollectionUuid, uuid } from '../collection-uuid.ts';
import { updateArgument } from '../update-argument.ts';
import { updateDocuments } from '../update-documents.ts';
import { WriteTarget } from '../write-access.ts';
import { checkBatchSize } from '../write-batch.ts';

const fields = {
  bulkWrite: anything, ops: anything, nsInfo: anything, ordered: strictBool, bypassDocumentValidation: bool, errorsOnly: strictBool, let: object,
  cursor: object, stmtId: anything, stmtIds: anything,
} satisfies ArgumentFields;

const nsFields = { ns: required(text), collectionUUID: uuid, encryptionInformation: anything, isTimeseriesNamespace: bool } satisfies ArgumentFields;
const index = required(integer({ min: 0 }));
const insertFields = { insert: index, document: required(object) } satisfies ArgumentFields;
const updateFields = {
  update: index, filter: required(object), updateMods: required({ ...updateArgument, takesNull: true }), multi: strictBool, upsert: strictBool, arrayFilters: objects,
  hint, collation: object, constants: object, sort: object, upsertSupplied: bool, sampleId: anything,
} satisfies ArgumentFields;
const deleteFields = { delete: index, filter: required(object), multi: strictBool, hint, collation: object, sampleId: anything } satisfies ArgumentFields;

type Op =
  | { kind: 'insert'; ns: number; document: Buffer }
  | { kind: 'update'; ns: number; args: Arguments<typeof updateFields> }
  | { kind: 'delete'; ns: number; args: Arguments<typeof deleteFields> };

/** Writes to many collections in one command. https://www.mongodb.com/docs/manual/reference/command/bulkWrite/ */
export const command: CommandDefinition = { stable: true, adminOnly: true, writes: true, fields, run: bulkWrite };

function* bulkWrite(context: CommandContext): Work<Reply> {
  const { server, body, generic } = context;
  const args = readArguments('bulkWrite', body, fields, isGeneric);
  const documents = context.documents('ops');
  const namespaces = context.documents('nsInfo');
  if (!documents) throw new MongoError(40414, "BSON field 'bulkWrite.ops' is missing but a required field");
  if (!namespaces) throw new MongoError(40414, "BSON field 'bulkWrite.nsInfo' is missing but a required field");
  checkBatchSize(documents.length);
  const targets = namespaces.map((bytes) => readTarget(context, decodeDocument(bytes), args.bypassDocumentValidation));
  const target = (ns: number): WriteTarget => (targets[ns] as () => WriteTarget)();
  const ops = documents.map((bytes) => readOp(bytes, targets.length));
  const totals = { nErrors: 0, nInserted: 0, nMatched: 0, nModified: 0, nUpserted: 0, nDeleted: 0 };
  const results: Buffer[] = [];
  for (const [idx, op] of ops.entries()) {
    try {
      const result = yield* run(op, target(op.ns), args.let, totals);
      if (!args.errorsOnly) results.push(encodeDocument(new Doc([['ok', 1], ['idx', int32(idx)], ...result])));
    } catch (error) {
      if (!(error instanceof MongoError) || error.code === errorCodes.WriteConflict) throw error;
      totals.nErrors++;
      results.push(encodeDocument(new Doc([['ok', 0], ['idx', int32(idx)], ['code', int32(error.code)], ['errmsg', error.message], ...(error.extra ?? []), ['n', int32(0)], ...(op.kind === 'update' ? [['nModified', int32(0)] as const] : [])])));
      if (args.ordered ?? true) break;
    }
    if (idx % 64 === 63) yield undefined;
  }
  const cursor = server.cursors.create({ namespace: 'admin.$cmd.bulkWrite', source: results.values(), session: generic.session, transaction: transactionOf(generic), openedBy: 'bulkWrite' });
  const batch = yield* cursor.batch(readCursorOptions('bulkWrite', args.cursor) ?? Math.max(results.length, firstBatchSize));
  if (!cursor.exhausted && batch.length < results.length) server.cursors.keep(cursor);
  else cursor.close();
  const more = Doc.of(Object.fromEntries(Object.entries(totals).map(([name, count]) => [name, int32(count)])));
  return cursorReply('firstBatch', batch, cursor.exhausted ? 0n : cursor.id, 'admin.$cmd.bulkWrite', undefined, more);
}

function readTarget({ server }: CommandContext, doc: Doc, bypassDocumentValidation: boolean | undefined): () => WriteTarget {
  const { ns, collectionUUID } = readArguments('bulkWrite.nsInfo', doc, nsFields);
  const dot = ns.indexOf('.');
  if (dot <= 0 || dot === ns.length - 1) throw new MongoError('InvalidNamespace', `Invalid namespace specified for bulkWrite: '${ns}'`);
  const [database, name] = [ns.slice(0, dot), ns.slice(dot + 1)];
  return () => {
    checkCollectionUuid(server, database, name, collectionUUID);
    return new WriteTarget(server, database, name, { bypassDocumentValidation });
  };
}

function readOp(bytes: Buffer, namespaces: number): Op {
  const doc = decodeDocument(bytes);
  const kind = doc.keys().next().value;
  const op = parseOp(kind, doc);
  if (op.ns >= namespaces) throw new MongoError('BadValue', `BulkWrite ops entry ${String(kind)} has an invalid nsInfo index.`);
  return op;
}

function parseOp(kind: string | undefined, doc: Doc): Op {
  if (kind === 'insert') {
    const args = readArguments('bulkWrite.ops', doc, insertFields);
    return { kind, ns: args.insert, document: encodeDocument(args.document) };
  }
  if (kind === 'update') {
    const args = readArguments('bulkWrite.ops', doc, updateFields);
    return { kind, ns: args.update, args };
  }
  if (kind === 'delete') {
    const args = readArguments('bulkWrite.ops', doc, deleteFields);
    return { kind, ns: args.delete, args };
  }
  throw new MongoError(40415, `BSON field 'bulkWrite.ops.${String(kind)}' is an unknown field.`);
}

function* run(op: Op, target: WriteTarget, variables: Doc | undefined, totals: Record<string, number>): Work<Doc> {
  const count = (name: string, by: number): void => { totals[name] = (totals[name] ?? 0) + by; };
  if (op.kind === 'insert') {
    const waiting = target.insertWhenFree(prepareInsert(op.document));
    if (waiting) yield* waiting;
    count('nInserted', 1);
    return Doc.of({ n: int32(1) });
  }
  if (op.kind === 'delete') {
    const n = yield* deleteMatching(target, { let: variables, ...op.args }, op.args.multi !== true);
    count('nDeleted', n);
    return Doc.of({ n: int32(n) });
  }
  const { updateMods, ...rest } = op.args;
  const result = yield* updateDocuments(target, { let: variables, ...rest, update: updateMods });
  count('nMatched', result.matched);
  count('nModified', result.modified);
  if (result.upserted === undefined) return Doc.of({ n: int32(result.matched), nModified: int32(result.modified) });
  count('nUpserted', 1);
  return Doc.of({ n: int32(1), nModified: int32(0), upserted: Doc.of({ _id: result.upserted }) });
}
