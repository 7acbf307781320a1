import { anything, bool, object, hint, objects, readArguments, required, strictBool, type ArgumentFields } from '../arguments.ts';
import { toDouble } from '../bson/number.ts';
import { Doc, isNumeric } from '../bson/value.ts';
import type { CommandContext, CommandDefinition, Reply, Work } from '../command.ts';
import { MongoError } from '../errors.ts';
import { readLevels } from '../concerns.ts';
import { explainCommand } from '../explain/command.ts';
import { isGeneric } from '../generic-arguments.ts';
import { firstReply, readCursorOptions } from '../list-cursor.ts';
import { collectionName } from '../namespace.ts';
import { openChangeStream } from '../replication/change-stream.ts';
import { pipelineResults, preparePipeline } from '../pipeline-run.ts';

const fields = {
  aggregate: anything, pipeline: required({ ...objects, takesNull: true }), explain: { ...strictBool, takesNull: true }, allowDiskUse: { ...strictBool, takesNull: true }, cursor: { ...object, takesNull: true }, bypassDocumentValidation: bool, collation: object,
  hint, let: object, needsMerge: bool, fromMongos: bool, fromRouter: bool, runtimeConstants: anything, exchange: anything,
  requestReshardingResumeToken: bool, collectionUUID: anything, passthroughToShard: anything, encryptionInformation: anything, mergeByPBRT: bool,
  isMapReduceCommand: bool, querySettings: anything, isHybridSearch: bool, isRankFusion: bool,
} satisfies ArgumentFields;

/** https://www.mongodb.com/docs/manual/reference/command/aggregate/ */
export const command: CommandDefinition = { stable: true, reads: true, readConcerns, writes: true, fields, run: aggregate };

const aboutTheServer = new Set(['$currentOp', '$listLocalSessions', '$planCacheStats']);

/** What tells of the server reads no data, and what writes cannot wait for others to have read. */
function readConcerns(body: Doc): readonly string[] {
  const pipeline = body.get('pipeline');
  const names = (Array.isArray(pipeline) ? pipeline : []).flatMap((stage) => (stage instanceof Doc ? [...stage.keys()] : []));
  if (names.some((name) => aboutTheServer.has(name))) return ['local'];
  return names.some((name) => name === '$out' || name === '$merge') ? readLevels.filter((level) => level !== 'linearizable') : readLevels;
}

function* aggregate(context: CommandContext): Work<Reply> {
  const { server, database, body, generic } = context;
  const target = body.get('aggregate');
  const collectionless = isNumeric(target);
  if (collectionless && toDouble(target) !== 1) throw new MongoError('BadValue', `Invalid command format: the 'aggregate' field must specify a collection name or 1`);
  const name = collectionless ? '$cmd.aggregate' : collectionName('aggregate', database, target);
  const args = readArguments('aggregate', body, fields, isGeneric);
  if (args.cursor === undefined && !args.explain) {
    throw new MongoError('FailedToParse', "The 'cursor' option is required, except for aggregate with the explain argument");
  }
  if (body.get('apiStrict') === true) checkStable(args.pipeline, args.explain === true);
  const batchSize = readCursorOptions('aggregate', args.cursor);
  if (args.explain) return yield* explainCommand(context, body, 'queryPlanner');
  if (generic.autocommit === false) checkTransactional(args.pipeline);
  server.counters.query++;
  const level = generic.readConcern?.level;
  if (args.pipeline[0]?.has('$changeStream') && level !== undefined && level !== 'majority') {
    throw new MongoError('InvalidOptions', `Command aggregate does not support { readConcern: { level: "${level}" } } :: caused by :: Aggregation stage $changeStream requires read concern majority but found ${level}`);
  }
  if (args.pipeline[0]?.has('$changeStream')) return yield* openChangeStream(context, collectionless ? undefined : name, args.pipeline, { collation: args.collation, batchSize });
  const prepared = preparePipeline(context, name, args, collectionless);
  return yield* firstReply(context, `${database}.${name}`, pipelineResults(prepared), prepared.pipeline.writes ? undefined : batchSize);
}

const notInTransactions = new Set(['$changeStream', '$collStats', '$currentOp', '$indexStats', '$listLocalSessions', '$listSessions', '$merge', '$out', '$planCacheStats', '$unionWith']);

/** @throws MongoError OperationNotSupportedInTransaction */
function checkTransactional(pipeline: readonly Doc[]): void {
  const found = pipeline.flatMap((stage) => [...stage.keys()]).find((name) => notInTransactions.has(name));
  if (found !== undefined) throw new MongoError('OperationNotSupportedInTransaction', `Stage not supported inside of a multi-document transaction: ${found}`);
}

const unstable = new Set(['$currentOp', '$indexStats', '$listLocalSessions', '$listSessions', '$planCacheStats', '$search', '$searchMeta', '$vectorSearch', '$queryStats', '$listClusterCatalog']);

/** @throws MongoError APIStrictError for what API version 1 does not have */
function checkStable(pipeline: readonly Doc[], explain: boolean): void {
  const stages = pipeline.flatMap((stage) => [...stage]);
  const found = stages.find(([name, argument]) => unstable.has(name) || (name === '$collStats' && argument instanceof Doc && !(argument.size === 1 && argument.has('count'))));
  if (explain || found) throw new MongoError('APIStrictError', `${found?.[0] ?? 'explain'} is not allowed with 'apiStrict: true' in API Version 1`);
}
