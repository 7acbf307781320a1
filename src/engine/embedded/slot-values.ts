import { Code, Doc, MaxKey, MinKey, type Value } from './bson/value.ts';

/**
 * A document as it leaves the server's slot-based engine for a stage that runs outside of it: the keys below and above
 * all others come wrapped in a document, code as text. MongoDB 8.2 does so, wherever a $group is not the last stage.
 */
export const outOfSlots = (doc: Doc): Doc => (([...doc.values()].some(changes)) ? Doc.of([...doc].map(([name, value]) => [name, outside(value)] as const)) : doc);

const changes = (value: Value): boolean => value instanceof MinKey || value instanceof MaxKey || (value instanceof Code && !value.scope) || (Array.isArray(value) && value.some(changes));

function outside(value: Value): Value {
  if (value instanceof MinKey || value instanceof MaxKey) return new Doc([['', value]]);
  if (value instanceof Code && !value.scope) return value.code;
  return Array.isArray(value) ? value.map(outside) : value;
}
