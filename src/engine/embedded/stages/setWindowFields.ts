import { compareValues, hashKey } from '../bson/compare.ts';
import { Doc, typeName, type Maybe, type Value } from '../bson/value.ts';
import { MongoError } from '../errors.ts';
import { parseExpression } from '../expression.ts';
import { splitPath } from '../field-path.ts';
import { setNested } from '../nested.ts';
import type { StageDefinition } from '../pipeline.ts';
import { parseSort, sortBy, type Sort } from '../query/sort.ts';
import type { QueryContext, Scope } from '../variables.ts';
import { parseFrame, type Frame } from '../window-frame.ts';
import { parseWindow, type WindowFunction } from '../window.ts';

interface Output {
  path: string[];
  compute: WindowFunction;
  frame: Frame;
}

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/setWindowFields/ */
export const stage: StageDefinition = {
  parse(argument, { query }) {
    if (!(argument instanceof Doc)) throw new MongoError('FailedToParse', `the $setWindowFields stage specification must be an object, found ${typeName(argument)}`);
    for (const name of argument.keys()) {
      if (!['partitionBy', 'sortBy', 'output'].includes(name)) throw new MongoError(40415, `BSON field '$setWindowFields.${name}' is an unknown field.`);
    }
    const [by, order, output] = [argument.get('partitionBy'), argument.get('sortBy'), argument.get('output')];
    if (output === undefined) throw new MongoError(40414, "BSON field '$setWindowFields.output' is missing but a required field");
    for (const [name, value] of [['sortBy', order ?? undefined], ['output', output]] as const) {
      if (value !== undefined && !(value instanceof Doc)) throw new MongoError('TypeMismatch', `BSON field '$setWindowFields.${name}' is the wrong type '${typeName(value)}', expected type 'object'`);
    }
    const sort = order instanceof Doc ? parseSort(order, query.collation) : undefined;
    const outputs = [...(output as Doc)].map(([name, spec]) => parseOutput(name, spec, sort, query));
    const partition = by === undefined || by === null ? undefined : parseExpression(by, query);
    return {
      *run(input) {
        let parts: { key: Maybe; docs: Doc[] }[] = [{ key: undefined, docs: [...input] }];
        if (partition) parts = partitioned(parts[0]?.docs ?? [], (doc) => partition({ root: doc, current: doc, bound: query.variables }), query);
        for (const { docs } of parts) yield* computed(docs, sort, outputs, query);
      },
    };
  },
};

function parseOutput(name: string, spec: Value, sort: Sort | undefined, query: QueryContext): Output {
  const path = splitPath(name);
  if (!(spec instanceof Doc)) throw new MongoError('FailedToParse', `The field '${name}' must be an object`);
  const called = [...spec.keys()].find((key) => key.startsWith('$'));
  if (called === undefined) throw new MongoError('FailedToParse', 'Expected a $-prefixed window function');
  const compute = parseWindow(spec.get(called) as Value, { context: query, name: called, sort, spec });
  const extra = [...spec.keys()].find((key) => key !== called && key !== 'window');
  if (extra !== undefined) throw new MongoError('FailedToParse', `Window function found an unknown argument: ${extra}`);
  return { path, compute, frame: parseFrame(spec.get('window'), sort) };
}

/** Groups documents by a key, null and missing together, ordered by it. */
function partitioned(docs: readonly Doc[], keyOf: (doc: Doc) => Maybe, query: QueryContext): { key: Maybe; docs: Doc[] }[] {
  const parts = new Map<string, { key: Maybe; docs: Doc[] }>();
  for (const doc of docs) {
    const key = keyOf(doc) ?? null;
    if (Array.isArray(key)) throw new MongoError('TypeMismatch', "An expression used to partition cannot evaluate to value of type array");
    const hash = hashKey(key, query.collation);
    const part = parts.get(hash);
    if (part) part.docs.push(doc);
    else parts.set(hash, { key, docs: [doc] });
  }
  return [...parts.values()].sort((a, b) => compareValues(a.key, b.key, query.collation));
}

function computed(unsorted: readonly Doc[], sort: Sort | undefined, outputs: readonly Output[], query: QueryContext): Doc[] {
  const docs = sort ? sortBy(unsorted, sort, (doc) => sort.key(doc)) : unsorted;
  const scopes = docs.map((doc): Scope => ({ root: doc, current: doc, bound: query.variables }));
  const keys = sort ? docs.map((doc) => sort.key(doc)) : [];
  const results = outputs.map(({ compute, frame }) => compute({ scopes, keys, frame: frame.over(keys, docs.length), slides: frame.slides }));
  return docs.map((doc, index) => outputs.reduce((made, { path }, at) => {
    const value = results[at]?.[index];
    return value === undefined ? made : (setNested(made, path, value) as Doc);
  }, doc));
}
