import { array, object, readArguments, required, text, wrongType } from '../arguments.ts';
import { hashKey } from '../bson/compare.ts';
import { repeatsNames } from '../bson/decode.ts';
import { Doc, type Maybe, type Value } from '../bson/value.ts';
import { MongoError } from '../errors.ts';
import { checkVariableName, parseExpression } from '../expression.ts';
import { splitPath } from '../field-path.ts';
import { parsePipeline, type CollectionAccess, type Pipeline, type PipelineContext, type StageDefinition } from '../pipeline.ts';
import { parsePath, valuesAt, walkPath } from '../query/path.ts';

const fields = { from: text, as: required(text), localField: text, foreignField: text, let: object, pipeline: { ...array, takesNull: true } };

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/lookup/ */
export const stage: StageDefinition = {
  parse(argument, context) {
    if (!(argument instanceof Doc)) throw wrong('the $lookup specification must be an object');
    if (repeatsNames(argument)) throw new MongoError(40413, "a BSON field of '$lookup' is a duplicate field");
    const from = readFrom(argument);
    const { as, localField, foreignField, let: variables, pipeline } = readArguments('$lookup', argument, fields);
    const [target, local, foreign] = [splitPath(as), present(localField), present(foreignField)];
    if ((local === undefined) !== (foreign === undefined)) throw wrong("$lookup requires both or neither of 'localField' and 'foreignField' to be specified");
    if (local === undefined && pipeline === undefined) throw wrong("$lookup requires either 'pipeline' or both 'localField' and 'foreignField' to be specified");
    if (variables && !pipeline) throw wrong("$lookup with a 'let' argument must also specify 'pipeline'");
    const join = local !== undefined && foreign !== undefined ? equality(local, foreign, context.query.collation) : undefined;
    const inner = pipeline && nested(pipeline, variables ?? new Doc(), from, context);
    return { run: (input) => withOthers(input, context.access, { from, join, inner, target }) };
  },
};

interface Joined {
  readonly from: string | undefined;
  readonly join: Equality | undefined;
  readonly inner: Nested | undefined;
  readonly target: readonly string[];
}

function* withOthers(input: Iterable<Doc>, access: CollectionAccess, { from, join, inner, target }: Joined): Iterable<Doc> {
  const others = from === undefined ? [] : [...access.documents(from)];
  let found = from === undefined ? undefined : join?.over(others);
  for (const doc of input) {
    let results: Iterable<Doc>;
    if (from === undefined && inner) {
      const made = [...inner.source(doc)];
      found = join?.over(made);
      results = inner.rest(found ? found(doc) : made);
    } else {
      const matched = found ? found(doc) : others;
      results = inner ? inner.run(doc, matched) : matched;
    }
    const result = new Doc(doc);
    setPath(result, target, [...results]);
    yield result;
  }
}

const wrong = (message: string): MongoError => new MongoError('FailedToParse', message);

/** An empty name is none. */
const present = (path: string | undefined): string | undefined => {
  if (path === undefined || path === '') return undefined;
  splitPath(path);
  return path;
};

/** The collection joined; undefined where the pipeline makes the documents. */
function readFrom(argument: Doc): string | undefined {
  const [from, pipeline] = [argument.get('from'), argument.get('pipeline')];
  const first = Array.isArray(pipeline) ? pipeline[0] : undefined;
  const makes = first instanceof Doc && first.has('$documents');
  if (from === undefined) {
    if (makes) return undefined;
    throw wrong("must specify 'pipeline' when 'from' is empty, with $documents as its first stage");
  }
  if (from instanceof Doc) {
    for (const [name, value] of from) {
      if (name !== 'db' && name !== 'coll') throw new MongoError(40415, `BSON field '$lookup.from.${name}' is an unknown field.`);
      if (typeof value !== 'string') throw wrongType(`$lookup.from.${name}`, value, ['string']);
    }
    throw wrong('$lookup with syntax {from: {db:<>, coll:<>},..} is not supported');
  }
  if (typeof from !== 'string' || from.length === 0) {
    if (from === '') throw new MongoError('InvalidNamespace', "Invalid namespace specified: ''");
    throw wrong("$lookup argument 'from' must be a string");
  }
  if (from.startsWith('.') || from.includes('\0')) throw new MongoError('InvalidNamespace', `Invalid namespace specified: '${from}'`);
  if (makes) throw new MongoError('InvalidNamespace', "$lookup with 'from' may not begin its pipeline with $documents");
  return from;
}

interface Nested {
  run(doc: Doc, input: Iterable<Doc>): Iterable<Doc>;
  /** What its first stage makes, for one document. */
  source(doc: Doc): Iterable<Doc>;
  /** The stages behind the first; the variables are those of the last document. */
  rest(input: Iterable<Doc>): Iterable<Doc>;
}

function nested(pipeline: Value[], variables: Doc, from: string | undefined, context: PipelineContext): Nested {
  const bound = [...variables].map(([name, value]) => {
    checkVariableName(name);
    return [name, parseExpression(value, context.query)] as const;
  });
  // Parsed once for errors; the variables' values change with each document.
  const outer = context.query.variables;
  const values = new Map(outer);
  for (const [name] of bound) values.set(name, undefined);
  const origin = context.origin && from !== undefined ? { ...context.origin, name: from, asked: from, collectionless: false } : context.origin;
  const parsed: Pipeline = parsePipeline(pipeline, { ...context, ...(origin ? { origin } : {}), query: { ...context.query, variables: values }, nested: '$lookup' });
  const setVariables = (doc: Doc): void => {
    for (const [name, value] of outer) values.set(name, value);
    for (const [name, expression] of bound) values.set(name, expression({ root: doc, current: doc, bound: outer }));
  };
  return {
    run(doc, input) {
      setVariables(doc);
      return parsed.run(input);
    },
    source(doc) {
      setVariables(doc);
      return parsed.stages[0]?.run([]) ?? [];
    },
    rest: (input) => parsed.runFrom(1, input),
  };
}

interface Equality {
  over(others: readonly Doc[]): (doc: Doc) => Doc[];
}

/** Documents whose foreign field equals the local one, as a query by equality would find them: null meets missing. */
function equality(local: string, foreign: string, collation: PipelineContext['query']['collation']): Equality {
  const [localPath, foreignPath] = [parsePath(local), parsePath(foreign)];
  const keysOf = (values: Maybe[]): Set<string> => new Set(values.map((value) => hashKey(value ?? null, collation)));
  return {
    over(others) {
      const byKey = new Map<string, number[]>();
      others.forEach((other, index) => {
        for (const key of keysOf(valuesAt(other, foreignPath))) {
          const list = byKey.get(key);
          if (list) list.push(index);
          else byKey.set(key, [index]);
        }
      });
      return (doc) => {
        const wanted = localValues(doc, localPath);
        const indexes = new Set([...keysOf(wanted)].flatMap((key) => byKey.get(key) ?? []));
        return [...indexes].sort((a, b) => a - b).map((index) => others[index] as Doc);
      };
    },
  };
}

/** A local field's values: of an array its items, and null where there is none. */
function localValues(doc: Doc, path: ReturnType<typeof parsePath>): Maybe[] {
  const values: Maybe[] = [];
  walkPath(doc.get(path.parts[0] as string), path, false, (value) => {
    if (Array.isArray(value)) values.push(...value);
    else values.push(value ?? null);
    return false;
  });
  // What leads nowhere, or to no item, is as good as missing.
  return values.length > 0 ? values : [null];
}

function setPath(doc: Doc, parts: readonly string[], value: Value): void {
  const [first = '', ...rest] = parts;
  if (rest.length === 0) {
    doc.set(first, value);
    return;
  }
  const inner = doc.get(first);
  const copy = inner instanceof Doc ? new Doc(inner) : new Doc();
  setPath(copy, rest, value);
  doc.set(first, copy);
}
