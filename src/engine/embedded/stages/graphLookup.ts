import { hashKey } from '../bson/compare.ts';
import { isWhole, toDouble } from '../bson/number.ts';
import { Doc, isNumeric, typeName, type Maybe, type Value } from '../bson/value.ts';
import { MongoError } from '../errors.ts';
import { follow, parseExpression } from '../expression.ts';
import { splitPath } from '../field-path.ts';
import { setNested } from '../nested.ts';
import type { StageDefinition } from '../pipeline.ts';
import { parseFilter } from '../query/filter.ts';
import { parsePath, valuesAt } from '../query/path.ts';

const known = ['from', 'startWith', 'connectFromField', 'connectToField', 'as', 'maxDepth', 'depthField', 'restrictSearchWithMatch'];

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/graphLookup/ */
export const stage: StageDefinition = {
  parse(argument, { query, access }) {
    if (!(argument instanceof Doc)) throw new MongoError('FailedToParse', `the $graphLookup stage specification must be an object, but found ${typeName(argument)}`);
    for (const name of argument.keys()) if (!known.includes(name)) throw new MongoError(40104, `Unknown argument to $graphLookup: ${name}`);
    const text = (name: string): string => {
      const value = argument.get(name);
      if (value === undefined) throw new MongoError(40105, '$graphLookup requires \'from\', \'as\', \'startWith\', \'connectFromField\', and \'connectToField\' to be specified.');
      if (typeof value !== 'string') throw new MongoError(name === 'from' ? 'FailedToParse' : 40103, `expected string as argument for ${name}, found: ${typeName(value)}`);
      return value;
    };
    const start = argument.get('startWith');
    const [from, as, connectFrom, connectTo] = [text('from'), splitPath(text('as')), splitPath(text('connectFromField')), text('connectToField')];
    if (start === undefined) throw new MongoError(40105, "$graphLookup requires 'startWith' to be specified.");
    splitPath(connectTo);
    const depthField = argument.has('depthField') ? splitPath(text('depthField')) : undefined;
    const deepest = readDepth(argument.get('maxDepth'));
    const restriction = argument.get('restrictSearchWithMatch');
    if (restriction !== undefined && !(restriction instanceof Doc)) throw new MongoError(40185, `restrictSearchWithMatch must be an object, found ${typeName(restriction)}`);
    const filter = restriction && parseFilter(restriction, query);
    const first = parseExpression(start, query);
    const toPath = parsePath(connectTo);
    const key = (value: Maybe): string => hashKey(value ?? null, query.collation);
    return {
      *run(input) {
        const byKey = new Map<string, Doc[]>();
        for (const doc of access.documents(from)) {
          if (filter && !filter.matchesDoc(doc)) continue;
          for (const one of new Set(valuesAt(doc, toPath).map(key))) {
            const list = byKey.get(one);
            if (list) list.push(doc);
            else byKey.set(one, [doc]);
          }
        }
        for (const doc of input) {
          const found = new Map<Doc, bigint>();
          const asked = new Set<string>();
          let frontier = valuesOf(first({ root: doc, current: doc, bound: query.variables }) ?? null);
          for (let depth = 0n; frontier.length > 0 && depth <= deepest; depth++) {
            const next: Value[] = [];
            for (const value of frontier) {
              const wanted = key(value);
              if (asked.has(wanted)) continue;
              asked.add(wanted);
              for (const other of byKey.get(wanted) ?? []) {
                if (found.has(other)) continue;
                found.set(other, depth);
                const onward = follow(other, connectFrom, 0);
                if (onward !== undefined) next.push(...valuesOf(onward));
              }
            }
            frontier = next;
          }
          const results = [...found].map(([other, depth]) => (depthField ? setNested(other, depthField, depth) : other));
          yield setNested(doc, as, results) as Doc;
        }
      },
    };
  },
};

const valuesOf = (value: Value): Value[] => (Array.isArray(value) ? value : [value]);

function readDepth(value: Maybe): number {
  if (value === undefined) return Infinity;
  if (!isNumeric(value)) throw new MongoError(40100, `maxDepth requires numeric argument, found: ${typeName(value)}`);
  if (toDouble(value) < 0) throw new MongoError(40101, 'maxDepth requires a nonnegative argument');
  if (!isWhole(value)) throw new MongoError(40102, 'maxDepth could not be represented as a long long');
  return toDouble(value);
}
