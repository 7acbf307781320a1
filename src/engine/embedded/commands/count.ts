import { anything, bool, integer, object, hint, readArguments, wrongType, type ArgumentFields, type Arguments } from '../arguments.ts';
import { smallestInteger } from '../bson/number.ts';
import { Doc } from '../bson/value.ts';
import type { CommandContext, CommandDefinition, Reply, Work } from '../command.ts';
import { findMatches, prepareFind } from '../find-documents.ts';
import { isGeneric } from '../generic-arguments.ts';
import { collectionName } from '../namespace.ts';
import { pipelineResults, preparePipeline } from '../pipeline-run.ts';
import { operationContext } from '../operation.ts';

const fields = {
  count: anything, query: object, limit: integer(), skip: integer({ min: 0 }), hint, collation: object, fields: anything,
  includeQueryStatsMetrics: bool,
} satisfies ArgumentFields;

/** https://www.mongodb.com/docs/manual/reference/command/count/ */
export const command: CommandDefinition = { stable: true, reads: true, fields, run: count };

function* count(command: CommandContext): Work<Reply> {
  const { server, database, body } = command;
  const target = body.get('count');
  const name = collectionName('count', database, target);
  const args = readArguments('count', body, fields, isGeneric);
  if (args.fields !== undefined && !(args.fields instanceof Doc)) throw wrongType('count.fields', args.fields, ['object']);
  const collection = server.store.collection(database, name);
  const context = operationContext({ collation: args.collation, collection });
  const prepared = prepareFind(collection, { filter: args.query ?? new Doc(), hint: args.hint }, context, `${database}.${name}`);
  const limit = args.limit ? Math.abs(args.limit) : Infinity;
  const skip = args.skip ?? 0;
  let found = 0;
  if (collection && (args.query?.size ?? 0) === 0 && args.hint === undefined) {
    found = collection.size;
  } else {
    const view = server.store.view(database, name) && viewOver(command, name, args);
    for (const match of view ?? findMatches(prepared)) {
      if (!match) yield undefined;
      else if (++found >= limit + skip) break;
    }
  }
  return Doc.of({ n: smallestInteger(BigInt(Math.min(Math.max(found - skip, 0), limit))) });
}

function viewOver(command: CommandContext, name: string, { query, hint, collation }: Arguments<typeof fields>): Iterable<Buffer | undefined> {
  const pipeline = query && query.size > 0 ? [Doc.of({ $match: query })] : [];
  return pipelineResults(preparePipeline(command, name, { pipeline, hint, collation }, false));
}
