import type { Collation } from './bson/collation.ts';
import { int32 } from './bson/decode.ts';
import { Doc, typeName, type Maybe, type Value } from './bson/value.ts';
import { MongoError } from './errors.ts';
import { operationContext } from './operation.ts';
import { parseFilter, type Filter, type FilterNode } from './query/filter.ts';
import { valuesAt } from './query/path.ts';
import type { Validator } from './storage/collection.ts';

const levels = ['off', 'strict', 'moderate'] as const;
const actions = ['error', 'warn', 'errorAndLog'] as const;

/** A collection's validator: https://www.mongodb.com/docs/manual/core/schema-validation/ */
export function parseValidator(query: Doc, level: string | undefined, action: string | undefined, collation: Collation | undefined): Validator | undefined {
  const known = { level: choice('validationLevel', level ?? 'strict', levels), action: choice('validationAction', action ?? 'error', actions) };
  if (query.size === 0) return undefined;
  for (const name of query.keys()) {
    if (['$near', '$geoNear', '$nearSphere', '$text', '$where'].includes(name)) throw new MongoError(17017, `${name} is not allowed in a validator`);
  }
  const filter = parseFilter(query, { ...operationContext({}), collation });
  return { query, filter, ...known, explain: (doc) => explainMismatch(query, filter, doc) };
}

function choice<T extends string>(field: string, value: string, choices: readonly T[]): T {
  const found = choices.find((known) => known === value);
  if (!found) throw new MongoError('BadValue', `Enumeration value '${value}' for field '${field}' is not a valid value.`);
  return found;
}

/** Which part of the validator the document does not match, and why. */
function explainMismatch(query: Doc, filter: Filter, doc: Doc): Doc {
  return explainNode(filter.tree, query, doc) ?? Doc.of({ operatorName: '$and', reason: 'validation failed' });
}

function explainNode(node: FilterNode, query: Doc, doc: Doc): Doc | undefined {
  switch (node.kind) {
    case 'schema': return Doc.of({ operatorName: '$jsonSchema', schemaRulesNotSatisfied: node.schema.violations(doc) });
    case 'path': return explainPath(node, query, doc);
    case 'expr': return Doc.of({ operatorName: '$expr', specifiedAs: query, reason: 'expression did not match', expressionResult: false });
    case 'not': return Doc.of({ operatorName: '$not', reason: 'child expression matched' });
    case 'and': case 'or': case 'nor': {
      const parts = clausesOf(query, node.kind);
      const clauses = node.children.flatMap((child, index) => {
        const details = explainNode(child, parts[index] ?? query, doc);
        return details ? [Doc.of({ index: int32(index), details })] : [];
      });
      return Doc.of({ operatorName: `$${node.kind}`, clausesNotSatisfied: clauses });
    }
    case 'always': return undefined;
  }
}

function clausesOf(query: Doc, kind: string): Doc[] {
  const list = query.get(`$${kind}`);
  if (query.size === 1 && Array.isArray(list)) return list.filter((item) => item instanceof Doc);
  return [...query].map(([name, value]) => new Doc([[name, value]]));
}

function explainPath({ path, predicate }: Extract<FilterNode, { kind: 'path' }>, query: Doc, doc: Doc): Doc | undefined {
  const values = valuesAt(doc, path).filter((value) => value !== undefined);
  if (values.some((value) => predicate.test(value))) return undefined;
  const details = Doc.of({ operatorName: `$${predicate.op}`, specifiedAs: query });
  if (values.length === 0) return details.set('reason', 'field was missing') as Doc;
  details.set('reason', predicate.op === 'type' ? 'type did not match' : predicate.op === 'in' ? 'no matching value found in array' : predicate.op === 'regex' ? 'regular expression did not match' : 'comparison failed');
  return withConsidered(details, values);
}

function withConsidered(details: Doc, values: readonly Maybe[]): Doc {
  const known = values as Value[];
  if (known.length === 1) {
    details.set('consideredValue', known[0] as Value);
    if (details.get('operatorName') === '$type') details.set('consideredType', typeName(known[0]));
  } else {
    details.set('consideredValues', known);
  }
  return details;
}
