import { Doc, typeName, type Value } from '../bson/value.ts';
import { MongoError } from '../errors.ts';
import type { StageDefinition } from '../pipeline.ts';

const matchedModes = ['replace', 'keepExisting', 'merge', 'fail'];
const unmatchedModes = ['insert', 'discard', 'fail'];

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/merge/ */
export const stage: StageDefinition = {
  parse(argument, { access }) {
    const spec = typeof argument === 'string' ? Doc.of({ into: argument }) : argument;
    if (!(spec instanceof Doc)) throw new MongoError(51178, `$merge requires a string or object argument, but found ${typeName(argument)}`);
    const into = spec.get('into');
    if (typeof into !== 'string') throw new MongoError('NotImplemented', '$merge into another database is not supported by this server');
    const on = names(spec.get('on') ?? '_id');
    const [matched, unmatched] = [mode(spec.get('whenMatched') ?? 'merge', matchedModes), mode(spec.get('whenNotMatched') ?? 'insert', unmatchedModes)];
    return {
      writes: true,
      run(input) {
        for (const doc of input) {
          const there = access.find(into, on, doc);
          if (!there && unmatched === 'insert') access.insert(into, doc);
          else if (!there && unmatched === 'fail') throw new MongoError('MergeStageNoMatchingDocument', '$merge could not find a matching document in the target collection for at least one document in the source collection');
          else if (there && matched === 'fail') throw new MongoError('DuplicateKey', 'E11000 duplicate key error: $merge found a document that is there already');
          else if (there && matched !== 'keepExisting') access.update(into, matched === 'replace' ? replaced(there, doc) : new Doc([...there, ...doc, ['_id', there.get('_id') as Value]]));
        }
        return [];
      },
    };
  },
};

const replaced = (there: Doc, doc: Doc): Doc => Doc.of([['_id', there.get('_id')] as const, ...[...doc].filter(([name]) => name !== '_id')]);

function names(value: Value): string[] {
  const list = Array.isArray(value) ? value : [value];
  if (list.length === 0 || !list.every((name) => typeof name === 'string')) throw new MongoError(51186, '$merge \'on\' must be a string or an array of strings');
  return list as string[];
}

function mode(value: Value, allowed: readonly string[]): string {
  if (Array.isArray(value)) throw new MongoError('NotImplemented', '$merge with a pipeline in whenMatched is not supported by this server');
  if (typeof value !== 'string' || !allowed.includes(value)) throw new MongoError('BadValue', `Enumeration value '${String(value)}' for field '$merge' is not a valid value.`);
  return value;
}
