import { anything, bool, readArguments, strictBool, type ArgumentFields } from '../arguments.ts';
import { MongoError } from '../errors.ts';
import { Doc } from '../bson/value.ts';
import type { CommandContext, CommandDefinition, Reply, Work } from '../command.ts';
import { isGeneric } from '../generic-arguments.ts';
import { collectionName } from '../namespace.ts';
import { prepareInsert } from '../new-document.ts';
import { WriteTarget } from '../write-access.ts';
import { checkBatchSize, errorOf, runStatements, writeReply } from '../write-batch.ts';

const fields = { insert: anything, documents: anything, ordered: strictBool, bypassDocumentValidation: bool, stmtId: anything, isTimeseriesNamespace: bool } satisfies ArgumentFields;

/** https://www.mongodb.com/docs/manual/reference/command/insert/ */
export const command: CommandDefinition = { stable: true, writes: true, fields, run: insert };

function insert(context: CommandContext): Reply | Work<Reply> {
  const { server, database, body } = context;
  const name = collectionName('insert', database, body.get('insert'));
  const args = readArguments('insert', body, fields, isGeneric);
  const documents = context.documents('documents');
  if (!documents) throw new MongoError(40414, "BSON field 'insert.documents' is missing but a required field");
  checkBatchSize(documents.length);
  const target = new WriteTarget(server, database, name, args);
  const [first] = documents;
  if (documents.length > 1 || !first || target.mayWait) return insertMany(context, target, documents, args.ordered ?? true);
  const error = errorOf(first, 0, (document) => target.insert(prepareInsert(document)));
  return replied(context, error ? 0 : 1, error ? [error] : []);
}

function* insertMany(context: CommandContext, target: WriteTarget, documents: readonly Buffer[], ordered: boolean): Work<Reply> {
  let n = 0;
  const errors = yield* runStatements(documents, ordered, (document) => {
    const waiting = target.insertWhenFree(prepareInsert(document));
    if (!waiting) n++;
    return waiting;
  }, () => { n++; });
  return replied(context, n, errors);
}

function replied(context: CommandContext, n: number, errors: readonly Doc[]): Reply {
  context.server.counters.insert += n;
  if (context.generic.writeConcern?.w === 0) return new Doc();
  return writeReply(n, errors);
}
