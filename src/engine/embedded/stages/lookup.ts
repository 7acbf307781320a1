import { hashKey } from '../bson/compare.ts';
import { Doc, typeName, type Maybe, type Value } from '../bson/value.ts';
import { MongoError } from '../errors.ts';
import { checkVariableName, parseExpression, splitPath } from '../expression.ts';
import { parsePipeline, type PipelineContext, type StageDefinition } from '../pipeline.ts';
import { parsePath, valuesAt, walkPath } from '../query/path.ts';

const options = ['from', 'as', 'localField', 'foreignField', 'let', 'pipeline'];

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/lookup/ */
export const stage: StageDefinition = {
  parse(argument, context) {
    if (!(argument instanceof Doc)) throw new MongoError('FailedToParse', `the $lookup specification must be an object`);
    for (const name of argument.keys()) if (!options.includes(name)) throw new MongoError('FailedToParse', `unknown argument to $lookup: ${name}`);
    const text = (name: string, required: boolean): string | undefined => {
      const value = argument.get(name);
      if (value === undefined && !required) return undefined;
      if (typeof value !== 'string') throw new MongoError('FailedToParse', value === undefined ? `missing '${name}' option to $lookup stage specification: ${[...argument.keys()].join(', ')}` : `$lookup argument '${name}' must be a string, found ${typeName(value)}`);
      return value;
    };
    const [from, as, local, foreign] = [text('from', false), text('as', true) as string, text('localField', false), text('foreignField', false)];
    const pipeline = argument.get('pipeline');
    if ((local === undefined) !== (foreign === undefined)) throw new MongoError('FailedToParse', '$lookup requires both or neither of \'localField\' and \'foreignField\' to be specified');
    if (local === undefined && pipeline === undefined) throw new MongoError('FailedToParse', "$lookup requires either 'pipeline' or both 'localField' and 'foreignField' to be specified");
    if (from === undefined && pipeline === undefined) throw new MongoError('FailedToParse', "missing 'from' option to $lookup stage specification");
    const inner = pipeline === undefined ? undefined : nested(pipeline, argument.get('let'), context);
    splitPath(as);
    for (const path of [local, foreign]) if (path !== undefined) splitPath(path);
    const join = local !== undefined && foreign !== undefined ? equality(local, foreign, context.query.collation) : undefined;
    return {
      *run(input) {
        const others = from === undefined ? [] : [...context.access.documents(from)];
        const found = join?.over(others);
        for (const doc of input) {
          const matched = found ? found(doc) : others;
          const result = new Doc(doc);
          setPath(result, as.split('.'), inner ? [...inner(doc, matched)] : [...matched]);
          yield result;
        }
      },
    };
  },
};

function nested(pipeline: Value, variables: Value | undefined, context: PipelineContext): (doc: Doc, input: Iterable<Doc>) => Iterable<Doc> {
  if (!Array.isArray(pipeline)) throw new MongoError('TypeMismatch', "'pipeline' option must be specified as an array");
  if (variables !== undefined && !(variables instanceof Doc)) throw new MongoError('FailedToParse', "$lookup argument 'let' must be an object");
  const bound = [...(variables ?? new Doc())].map(([name, value]) => {
    checkVariableName(name);
    return [name, parseExpression(value, context.query)] as const;
  });
  // Parsed once for errors; the variables' values change with each document.
  const values = new Map(context.query.variables);
  for (const [name] of bound) values.set(name, undefined);
  const parsed = parsePipeline(pipeline, { ...context, query: { ...context.query, variables: values }, nested: '$lookup' });
  return (doc, input) => {
    for (const [name, expression] of bound) values.set(name, expression({ root: doc, current: doc, bound: context.query.variables }));
    return parsed.run(input);
  };
}

/** Documents whose foreign field equals the local one, as a query by equality would find them: null meets missing. */
function equality(local: string, foreign: string, collation: PipelineContext['query']['collation']): { over(others: readonly Doc[]): (doc: Doc) => Doc[] } {
  const [localPath, foreignPath] = [parsePath(local), parsePath(foreign)];
  const keysOf = (values: Maybe[]): Set<string> => new Set(values.map((value) => hashKey(value ?? null, collation)));
  return {
    over(others) {
      const byKey = new Map<string, number[]>();
      others.forEach((other, index) => {
        for (const key of keysOf(valuesAt(other, foreignPath))) byKey.set(key, [...(byKey.get(key) ?? []), index]);
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
  return values;
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
