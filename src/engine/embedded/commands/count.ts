import { anything, bool, integer, object, hint, readArguments, type Argument, type ArgumentFields, type Arguments } from '../arguments.ts';
import { int32 } from '../bson/decode.ts';
import { isWhole, smallestInteger, toDouble } from '../bson/number.ts';
import { showValue } from '../bson/show.ts';
import { Doc, isNumeric } from '../bson/value.ts';
import type { CommandContext, CommandDefinition, Reply, Work } from '../command.ts';
import { MongoError } from '../errors.ts';
import { findMatches, prepareFind } from '../find-documents.ts';
import { readLevels } from '../concerns.ts';
import { isGeneric } from '../generic-arguments.ts';
import { collectionName } from '../namespace.ts';
import { pipelineResults, preparePipeline } from '../pipeline-run.ts';
import { operationContext } from '../operation.ts';

/** Stricter than elsewhere: a whole number that fits 64 bits. */
const limitArgument: Argument<number> = {
  takesNull: true,
  parse(value) {
    if (!isNumeric(value)) throw new MongoError('BadValue', 'limit value is not a valid number');
    if (!isWhole(value) || toDouble(value) < -(2 ** 63) || toDouble(value) > 2 ** 63) throw new MongoError('FailedToParse', `limit value ${showValue(value)} cannot be represented as an exact 64-bit integer`);
    if (toDouble(value) === -(2 ** 63)) throw new MongoError('BadValue', 'Limit value for count cannot be min long');
    return toDouble(value);
  },
};

const fields = {
  count: anything, query: object, limit: limitArgument, skip: integer({ min: 0 }), hint, collation: object, fields: anything,
  includeQueryStatsMetrics: bool,
} satisfies ArgumentFields;

/** https://www.mongodb.com/docs/manual/reference/command/count/ */
export const command: CommandDefinition = {
  stable: true, reads: true, readConcerns: () => readLevels.filter((level) => level !== 'snapshot'), fields, run: count,
};

function* count(command: CommandContext): Work<Reply> {
  const { server, database, body } = command;
  const target = body.get('count');
  const name = collectionName('count', database, target);
  const args = readArguments('count', body, fields, isGeneric);
  if (server.store.view(database, name)) {
    let n = 0;
    for (const document of viewOver(command, name, args)) {
      if (document) n++;
      else yield undefined;
    }
    return Doc.of({ n: int32(n) });
  }
  const collection = server.store.collection(database, name);
  const context = { ...operationContext({ collation: args.collation, collection }), timeless: true };
  const prepared = prepareFind(collection, { filter: args.query ?? new Doc(), hint: args.hint }, context, `${database}.${name}`);
  const limit = args.limit ? Math.abs(args.limit) : Infinity;
  const skip = args.skip ?? 0;
  let found = 0;
  if (collection && (args.query?.size ?? 0) === 0 && args.hint === undefined) {
    found = collection.size;
  } else {
    for (const match of findMatches(prepared)) {
      if (!match) yield undefined;
      else if (++found >= limit + skip) break;
    }
  }
  return Doc.of({ n: smallestInteger(BigInt(Math.min(Math.max(found - skip, 0), limit))) });
}

/** The pipeline that counting on a view is: a limit of 0, none elsewhere, is an error there. */
function viewOver(command: CommandContext, name: string, { query, hint, collation, skip, limit }: Arguments<typeof fields>): Iterable<Buffer | undefined> {
  const pipeline = [
    ...(query && query.size > 0 ? [Doc.of({ $match: query })] : []), ...(skip ? [Doc.of({ $skip: BigInt(skip) })] : []),
    ...(limit !== undefined ? [Doc.of({ $limit: BigInt(limit) })] : []),
  ];
  return pipelineResults(preparePipeline(command, name, { pipeline, hint, collation }, false));
}
