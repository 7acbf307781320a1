import { anything, object, hint, readArguments, required, text, type ArgumentFields, type Arguments } from '../arguments.ts';
import { compareValues, hashKey } from '../bson/compare.ts';
import { decodeDocument, int32 } from '../bson/decode.ts';
import { Doc, type Value } from '../bson/value.ts';
import type { CommandContext, CommandDefinition, Reply, Work } from '../command.ts';
import { MongoError } from '../errors.ts';
import { findMatches, prepareFind } from '../find-documents.ts';
import { isGeneric } from '../generic-arguments.ts';
import { snapshotOf } from '../list-cursor.ts';
import { collectionName } from '../namespace.ts';
import { pipelineResults, preparePipeline } from '../pipeline-run.ts';
import { operationContext } from '../operation.ts';
import { parsePath, walkPath } from '../query/path.ts';
import type { Match } from '../storage/scan.ts';

const fields = { distinct: anything, key: required(text), query: object, collation: object, hint, unwindArrays: anything } satisfies ArgumentFields;

/** https://www.mongodb.com/docs/manual/reference/command/distinct/ */
export const command: CommandDefinition = { reads: true, fields, run: distinct };

function* distinct(command: CommandContext): Work<Reply> {
  const { server, database, body } = command;
  const name = collectionName('distinct', database, body.get('distinct'));
  const args = readArguments('distinct', body, fields, isGeneric);
  const collection = server.store.collection(database, name);
  const context = { ...operationContext({ collation: args.collation, collection }), timeless: true };
  const prepared = prepareFind(collection, { filter: args.query ?? new Doc(), hint: args.hint }, context, `${database}.${name}`);
  if (args.key.includes('\0')) throw new MongoError(31032, 'Key field cannot contain an embedded null byte');
  const path = parsePath(args.key);
  const values = new Map<string, Value>();
  let size = 0;
  const add = (value: Value | undefined): void => {
    if (value === undefined) return;
    const key = hashKey(value, context.collation);
    if (values.has(key)) return;
    values.set(key, value);
    size += key.length;
    if (size > 16 * 1024 * 1024) throw new MongoError(17217, 'distinct too big, 16mb cap');
  };
  const source = server.store.view(database, name) ? viewOver(command, name, args) : stored(findMatches(prepared));
  for (const bytes of source) {
    if (!bytes) {
      yield undefined;
      continue;
    }
    const doc = decodeDocument(bytes);
    walkPath(doc.get(path.parts[0] as string), path, false, (value) => {
      if (Array.isArray(value)) value.forEach(add);
      else add(value);
      return false;
    });
  }
  const sorted = [...values.values()].sort((a, b) => compareValues(a, b, context.collation));
  // On a view MongoDB answers from an aggregation, whose ok is an int.
  return Doc.of({ values: sorted, ...(server.store.view(database, name) ? { ok: int32(1) } : {}), ...snapshotOf(command) });
}

function* stored(matches: Iterable<Match | undefined>): Iterable<Buffer | undefined> {
  for (const match of matches) yield match?.document;
}

function viewOver(command: CommandContext, name: string, { query, hint, collation }: Arguments<typeof fields>): Iterable<Buffer | undefined> {
  const pipeline = query && query.size > 0 ? [Doc.of({ $match: query })] : [];
  return pipelineResults(preparePipeline(command, name, { pipeline, hint, collation }, false));
}
