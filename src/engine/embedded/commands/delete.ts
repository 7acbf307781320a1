import { anything, bool, integer, object, hint, readArguments, required, strictBool, type ArgumentFields } from '../arguments.ts';
import { Doc } from '../bson/value.ts';
import type { CommandContext, CommandDefinition, Reply, Work } from '../command.ts';
import { MongoError } from '../errors.ts';
import { deleteMatching } from '../delete-documents.ts';
import { isGeneric } from '../generic-arguments.ts';
import { collectionName } from '../namespace.ts';
import { WriteTarget } from '../write-access.ts';
import { checkBatchSize, runStatements, writeReply } from '../write-batch.ts';
import { statementsOf } from '../statements.ts';

const fields = {
  delete: anything, deletes: anything, ordered: strictBool, let: object, bypassDocumentValidation: bool, stmtId: anything, isTimeseriesNamespace: bool,
} satisfies ArgumentFields;

const statement = {
  q: required(object), limit: required(integer()), collation: object, hint, sampleId: anything,
} satisfies ArgumentFields;

/** https://www.mongodb.com/docs/manual/reference/command/delete/ */
export const command: CommandDefinition = { stable: true, writes: true, fields, run: remove };

function* remove(context: CommandContext): Work<Reply> {
  const { server, database, body } = context;
  const name = collectionName('delete', database, body.get('delete'));
  const args = readArguments('delete', body, fields, isGeneric);
  const deletes = statementsOf(context, 'deletes');
  checkBatchSize(deletes.length);
  const target = new WriteTarget(server, database, name);
  const parsed = deletes.map((doc) => readArguments('delete.deletes', doc, statement));
  for (const { limit } of parsed) {
    if (limit !== 0 && limit !== 1) throw new MongoError('FailedToParse', `The limit field in delete objects must be 0 or 1. Got ${limit}`);
  }
  let n = 0;
  const errors = yield* runStatements(parsed, args.ordered ?? true, ({ q, limit, collation, hint }) =>
    deleteMatching(target, { filter: q, collation, hint, let: args.let }, limit === 1), (deleted) => { n += deleted; });
  server.counters.delete += parsed.length;
  if (context.generic.writeConcern?.w === 0) return new Doc();
  return writeReply(n, errors);
}
