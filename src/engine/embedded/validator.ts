import { text, type Argument } from './arguments.ts';
import type { Collation } from './bson/collation.ts';
import { int32 } from './bson/decode.ts';
import { Doc, typeName, type Maybe, type Value } from './bson/value.ts';
import { MongoError } from './errors.ts';
import { operationContext } from './operation.ts';
import { parseFilter, type Filter, type FilterNode } from './query/filter.ts';
import { valuesAt } from './query/path.ts';
import type { Validator } from './storage/collection.ts';

/** When documents are validated. */
export const validationLevels = oneOf(['off', 'strict', 'moderate']);
/** What becomes of one that does not match. */
export const validationActions = oneOf(['error', 'warn', 'errorAndLog']);

/** @throws MongoError where collections of that name have no validators */
export function checkValidated(database: string, collection: string): void {
  if (['admin', 'config', 'local'].includes(database)) throw new MongoError('InvalidOptions', `Document validators are not allowed on collections in the ${database} database`);
  if (collection.startsWith('system.')) throw new MongoError('InvalidOptions', `Document validators are not allowed on system collection ${database}.${collection}`);
}

/** A collection's validator: https://www.mongodb.com/docs/manual/core/schema-validation/ */
export function parseValidator(query: Doc, level: Validator['level'] | undefined, action: Validator['action'] | undefined, collation: Collation | undefined): Validator | undefined {
  if (query.size === 0) return undefined;
  const filter = parseFilter(query, { ...operationContext({}), collation }, { unindexed: true });
  return { query, filter, level: level ?? 'strict', action: action ?? 'error', explain: (doc) => explainMismatch(query, filter, doc) };
}

function oneOf<T extends string>(choices: readonly T[]): Argument<T> {
  return {
    parse(value, field) {
      const given = text.parse(value, field);
      const found = choices.find((known) => known === given);
      if (!found) throw new MongoError('BadValue', `Enumeration value '${given}' for field '${field}' is not a valid value.`);
      return found;
    },
  };
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
