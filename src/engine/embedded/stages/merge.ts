import { sameCollation } from '../bson/collation.ts';
import { object, readArguments, text, wrongType, type Argument } from '../arguments.ts';
import { Doc, typeName, Undefined, type Maybe, type Value } from '../bson/value.ts';
import { MongoError } from '../errors.ts';
import { checkVariableName, evaluate, parseExpression, type Expression } from '../expression.ts';
import { splitPath } from '../field-path.ts';
import { checkNewCollectionName } from '../namespace.ts';
import { newObjectId } from '../new-document.ts';
import type { OutputTarget } from '../output-target.ts';
import type { PipelineContext, StageDefinition } from '../pipeline.ts';
import type { UpdateSpec } from '../update-documents.ts';
import type { QueryContext } from '../variables.ts';

type Matched = 'replace' | 'keepExisting' | 'merge' | 'fail' | Value[];
type Unmatched = 'insert' | 'discard' | 'fail';

/** Which ways to treat matches go with which ways to treat the others. */
const combinations: Readonly<Record<string, readonly Unmatched[]>> = {
  replace: ['insert', 'fail', 'discard'], merge: ['insert', 'fail', 'discard'], pipeline: ['insert', 'fail', 'discard'], keepExisting: ['insert'], fail: ['insert'],
};

const fields = {
  into: { takesNull: true, required: true, parse: (value: Value) => value },
  on: { takesNull: true, parse: (value: Value) => readOn(value) },
  let: object,
  whenMatched: { takesNull: true, parse: readMatched },
  whenNotMatched: { parse: readUnmatched },
} satisfies Record<string, Argument<unknown>>;

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/merge/ */
export const stage: StageDefinition = {
  parse(argument, context) {
    if (typeof argument !== 'string' && !(argument instanceof Doc)) throw new MongoError('TypeMismatch', `$merge requires a string or object argument, but found ${typeName(argument)}`);
    const args = readArguments('$merge', typeof argument === 'string' ? Doc.of({ into: argument }) : argument, fields);
    const { whenMatched = 'merge', whenNotMatched = 'insert' } = args;
    const mode = Array.isArray(whenMatched) ? 'pipeline' : whenMatched;
    if (!combinations[mode]?.includes(whenNotMatched)) {
      throw new MongoError(51181, `Combination of $merge modes 'whenMatched: ${mode}' and 'whenNotMatched: ${whenNotMatched}' is not supported`);
    }
    const variables = readLet(args.let, mode, context.query);
    if (args.into === '' && argument !== '') throw new MongoError(5786800, "$merge 'into' is an empty collection name");
    const target = readInto(args.into, context);
    const on = args.on ?? ['_id'];
    const { sparse } = checkUnique(target, on, context.query);
    return {
      writes: true,
      run(input) {
        target.check();
        mergeAll(target, [...input], { on, sparse, whenMatched, whenNotMatched, variables }, context.query);
        return [];
      },
    };
  },
};

interface Merging {
  on: readonly string[];
  /** The index on these fields leaves out documents without them. */
  sparse: boolean;
  whenMatched: Matched;
  whenNotMatched: Unmatched;
  variables: ReadonlyMap<string, Expression>;
}

/** Writes all documents; the first that could not be written is reported after the others are. */
function mergeAll(target: OutputTarget, documents: readonly Doc[], how: Merging, query: QueryContext): void {
  let first: unknown;
  for (const doc of documents) {
    try {
      mergeOne(target, doc, how, query);
    } catch (error) {
      if (!(error instanceof MongoError)) throw error;
      first ??= error;
    }
  }
  if (first !== undefined) throw first;
}

function mergeOne(target: OutputTarget, doc: Doc, how: Merging, query: QueryContext): void {
  const { whenMatched, whenNotMatched, on } = how;
  if (on.includes('_id') && !doc.has('_id')) doc.set('_id', newObjectId());
  const filter = new Doc(on.map((path) => [path, Doc.of({ $eq: keyAt(doc, path, how.sparse) })]));
  if (whenMatched === 'fail') return target.insert(doc);
  const { matched, upserted } = target.update({ filter, upsert: whenNotMatched === 'insert' && !Array.isArray(whenMatched), ...change(doc, how, query) });
  if (matched > 0 || upserted !== undefined || whenNotMatched === 'discard') return;
  if (whenNotMatched === 'insert') return target.insert(doc);
  throw new MongoError('MergeStageNoMatchingDocument', '$merge could not find a matching document in the target collection for at least one document in the source collection');
}

function change(doc: Doc, { whenMatched, variables }: Merging, query: QueryContext): Pick<UpdateSpec, 'update' | 'context'> {
  if (whenMatched === 'replace') return { update: doc, context: query };
  if (!Array.isArray(whenMatched)) return { update: Doc.of({ [whenMatched === 'merge' ? '$set' : '$setOnInsert']: doc }), context: query };
  const bound = new Map<string, Maybe>(query.variables);
  for (const [name, expression] of variables) {
    const value = evaluate(expression, doc, query);
    if (value === undefined) bound.delete(name);
    else bound.set(name, value);
  }
  return { update: whenMatched, context: { ...query, variables: bound } };
}

/** The value that a document is known by. @throws MongoError where it is none that could be found again */
function keyAt(doc: Doc, path: string, sparse: boolean): Value {
  let value: Maybe = doc;
  for (const part of path.split('.')) {
    value = value instanceof Doc ? value.get(part) : undefined;
    if (Array.isArray(value)) throw new MongoError(51185, `$merge write error: 'on' field '${path}' cannot be an array`);
  }
  const missing = value === undefined || value === null || value instanceof Undefined;
  if (missing && sparse) throw new MongoError(51132, "$merge write error: 'on' field cannot be missing, null or undefined if supporting index is sparse");
  return value ?? null;
}

function readInto(into: Value, { access, origin }: PipelineContext): OutputTarget {
  if (typeof into !== 'string' && !(into instanceof Doc)) throw new MongoError(51178, `$merge 'into' field must be either a string or an object, but found ${typeName(into)}`);
  const { db, coll } = typeof into === 'string' ? { db: undefined, coll: into } : readArguments('$merge.into', into, { db: text, coll: text });
  if (coll === undefined) throw new MongoError(5786801, "$merge 'into' has no collection name");
  if (coll === '' && typeof into !== 'string') throw new MongoError(5786800, "$merge 'into' is an empty collection name");
  const database = db === undefined || db === '' ? origin?.database ?? '' : db;
  if (coll.startsWith('system.')) throw new MongoError(31319, `Cannot $merge to special collection: ${coll}`);
  if (['admin', 'config', 'local'].includes(database)) throw new MongoError(31320, `Cannot $merge to internal database: ${database}`);
  checkNewCollectionName(database, coll);
  return access.output(coll, database);
}

function readOn(value: Value): string[] {
  if (typeof value !== 'string' && !Array.isArray(value)) throw new MongoError(51186, `$merge 'on' field must be either a string or an array of strings, but found ${typeName(value)}`);
  const names = (Array.isArray(value) ? value : [value]).map((name) => {
    if (typeof name !== 'string') throw new MongoError(51134, `$merge 'on' array elements must be strings, but found ${typeName(name)}`);
    splitPath(name);
    return name;
  });
  if (names.length === 0) throw new MongoError(51187, 'If explicitly specifying $merge \'on\', must include at least one field');
  if (new Set(names).size < names.length) throw new MongoError(31465, `Found a duplicate field in $merge 'on': ${names.join(', ')}`);
  return names;
}

/** @throws MongoError where no unique index is on these fields, so that they would not name one document */
function checkUnique({ collection }: OutputTarget, on: readonly string[], query: QueryContext): { sparse: boolean } {
  const own = on.length === 1 && on[0] === '_id';
  if (!collection && own) return { sparse: false };
  const wanted = new Set(on);
  for (const { spec, fields: indexed } of [...(collection ? [collection.idIndex] : []), ...(collection?.indexes.values() ?? [])]) {
    const paths = indexed.map(({ path }) => path.text);
    const same = paths.length === wanted.size && paths.every((path) => wanted.has(path));
    const comparesSame = sameCollation(spec.collation?.collation, query.collation);
    if (same && spec.unique && !spec.partial && !spec.wildcard && comparesSame) return { sparse: spec.sparse };
  }
  throw new MongoError(51183, "Cannot find index to verify that join fields will be unique");
}

function readLet(spec: Doc | undefined, mode: string, query: QueryContext): ReadonlyMap<string, Expression> {
  const variables = new Map<string, Expression>();
  if (mode !== 'pipeline') {
    if (spec) throw new MongoError(51199, `Cannot use 'let' variables with 'whenMatched: ${mode}' mode`);
    return variables;
  }
  variables.set('new', parseExpression('$$ROOT', query));
  for (const [name, value] of spec ?? []) {
    if (name === 'new' && value !== '$$ROOT') throw new MongoError(51273, "'let' may not define a value for the reserved 'new' variable other than '$$ROOT'");
    checkVariableName(name);
    variables.set(name, parseExpression(value, query));
  }
  return variables;
}

function readMatched(value: Value, field: string): Matched {
  if (Array.isArray(value)) {
    for (const item of value) if (!(item instanceof Doc)) throw wrongType(field, item, ['object']);
    return value;
  }
  if (typeof value !== 'string') throw new MongoError(51191, `$merge 'whenMatched' field must be either a string or an array, but found ${typeName(value)}`);
  if (value !== 'replace' && value !== 'keepExisting' && value !== 'merge' && value !== 'fail') throw new MongoError('BadValue', `Enumeration value '${value}' for field 'whenMatched' is not a valid value.`);
  return value;
}

function readUnmatched(value: Value, field: string): Unmatched {
  const given = text.parse(value, field);
  if (given !== 'insert' && given !== 'discard' && given !== 'fail') throw new MongoError('BadValue', `Enumeration value '${given}' for field '${field}' is not a valid value.`);
  return given;
}
