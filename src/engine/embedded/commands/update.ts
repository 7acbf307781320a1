import { anything, bool, object, hint, objects, readArguments, required, strictBool, type Argument, type ArgumentFields } from '../arguments.ts';
import { int32 } from '../bson/decode.ts';
import { Doc, UtcDate, type Value } from '../bson/value.ts';
import type { CommandContext, CommandDefinition, Reply, Work } from '../command.ts';
import { MongoError } from '../errors.ts';
import { isGeneric } from '../generic-arguments.ts';
import { collectionName } from '../namespace.ts';
import { statementsOf } from '../statements.ts';
import { updateDocuments } from '../update-documents.ts';
import { updateArgument } from '../update-argument.ts';
import { WriteTarget } from '../write-access.ts';
import { checkBatchSize, runStatements, writeReply } from '../write-batch.ts';

const fields = {
  update: anything, updates: anything, ordered: strictBool, bypassDocumentValidation: bool, let: object, runtimeConstants: anything, stmtId: anything,
  isTimeseriesNamespace: bool,
} satisfies ArgumentFields;

const statement = {
  q: required(object), u: required(updateArgument), c: object, upsert: strictBool, multi: strictBool, collation: object, arrayFilters: objects,
  hint, sort: object, upsertSupplied: strictBool, sampleId: anything,
} satisfies Record<string, Argument<unknown>>;

/** https://www.mongodb.com/docs/manual/reference/command/update/ */
export const command: CommandDefinition = { stable: true, writes: true, fields, run: update };

function* update(context: CommandContext): Work<Reply> {
  const { server, database, body } = context;
  const name = collectionName('update', database, body.get('update'));
  const args = readArguments('update', body, fields, isGeneric);
  const updates = statementsOf(context, 'updates');
  checkBatchSize(updates.length);
  const target = new WriteTarget(server, database, name, args);
  const parsed = updates.map((doc) => readArguments('update.updates', doc, statement));
  for (const { sort, multi } of parsed) {
    if (sort && multi) throw new MongoError('FailedToParse', 'Cannot specify sort with multi=true');
  }
  let [n, nModified] = [0, 0];
  const now = new UtcDate(BigInt(Date.now()));
  const upserted: Value[] = [];
  const errors = yield* runStatements(parsed, args.ordered ?? true, ({ q, u, c, upsert, multi, collation, arrayFilters, hint, sort }) =>
    updateDocuments(target, { filter: q, update: u, constants: c, let: args.let, now, upsert, multi, collation, arrayFilters, hint, sort }), (result, index) => {
    n += result.matched + (result.upserted === undefined ? 0 : 1);
    nModified += result.modified;
    if (result.upserted !== undefined) upserted.push(Doc.of({ index: int32(index), _id: result.upserted }));
  });
  server.counters.update += parsed.length;
  if (context.generic.writeConcern?.w === 0) return new Doc();
  return writeReply(n, errors, [...(upserted.length > 0 ? [['upserted', upserted] as const] : []), ['nModified', int32(nModified)]]);
}
