import { Doc, Regex, type Value } from '../bson/value.ts';
import { isOperatorDoc } from '../query/filter.ts';

/** A part of a query as the planner sees it: what is written in two ways is one clause. */
export type Clause =
  /** An operator on a path. `inside` are an `$elemMatch`'s own clauses, `among` is the list of an `$in` of one value. */
  | { kind: 'field'; path: string; op: string; value: Value; inside?: Clause[]; among?: Value[] }
  | { kind: 'not'; child: Clause }
  | { kind: 'list'; op: '$and' | '$or' | '$nor'; children: Clause[] }
  /** About the whole document: `$expr`, `$jsonSchema`. */
  | { kind: 'whole'; op: string; value: Value };

/** The clauses that all must hold. The query was checked before. */
export function clausesOf(filter: Doc): Clause[] {
  return [...filter].flatMap(([name, value]): Clause[] => {
    if (name === '$comment') return [];
    if (!name.startsWith('$')) return fieldClauses(name, value);
    const entries = Array.isArray(value) ? value.filter((entry) => entry instanceof Doc) : [];
    if (name === '$and') return entries.flatMap(clausesOf);
    if (name === '$or' && entries.length === 1) return clausesOf(entries[0] as Doc);
    if (name === '$or' || name === '$nor') return [{ kind: 'list', op: name, children: entries.map((entry) => all(clausesOf(entry))) }];
    return [{ kind: 'whole', op: name, value }];
  });
}

/** One clause for all of these. */
const all = (children: Clause[]): Clause => (children.length === 1 ? (children[0] as Clause) : { kind: 'list', op: '$and', children });

function fieldClauses(path: string, value: Value): Clause[] {
  if (value instanceof Regex) return [{ kind: 'field', path, op: '$regex', value }];
  if (!isOperatorDoc(value)) return [{ kind: 'field', path, op: '$eq', value }];
  return [...value].flatMap(([op, operand]) => operatorClauses(path, op, operand));
}

function operatorClauses(path: string, op: string, value: Value): Clause[] {
  const field = (name: string): Clause => ({ kind: 'field', path, op: name, value });
  switch (op) {
    case '$comment': case '$options': return [];
    case '$ne': return [{ kind: 'not', child: field('$eq') }];
    case '$nin': return [{ kind: 'not', child: field('$in') }];
    case '$not': return [{ kind: 'not', child: all(fieldClauses(path, value)) }];
    case '$exists': return value === false ? [{ kind: 'not', child: { kind: 'field', path, op, value: true } }] : [field(op)];
    case '$in': return Array.isArray(value) && value.length === 1 ? fieldClauses(path, value[0] as Value).map((clause) => ({ ...clause, among: value })) : [field(op)];
    case '$all': return Array.isArray(value) ? [all(value.flatMap((item) => fieldClauses(path, item)))] : [field(op)];
    case '$elemMatch': {
      const inside = !(value instanceof Doc) ? [] : isOperatorDoc(value) ? fieldClauses('', value) : clausesOf(value);
      return [{ kind: 'field', path, op, value, inside }];
    }
    default: return [field(op)];
  }
}

/** The order in which the planner keeps what must hold together. */
const order = ['$and', '$or', '$elemMatch', '$size', '$eq', '$lte', '$lt', '$gt', '$gte', '$regex', '$mod', '$exists', '$in', '$bitsAllSet', '$bitsAllClear', '$bitsAnySet', '$bitsAnyClear', '$not', '$nor', '$type'];

/** Clauses in the planner's order: by operator, then by path. */
export function planOrder(clauses: readonly Clause[]): Clause[] {
  const rank = (clause: Clause): number => {
    const at = order.indexOf(clause.kind === 'not' ? '$not' : clause.op);
    return at === -1 ? order.length : at;
  };
  const path = (clause: Clause): string => (clause.kind === 'field' ? clause.path : clause.kind === 'not' ? path(clause.child) : '');
  return clauses.toSorted((a, b) => rank(a) - rank(b) || (path(a) < path(b) ? -1 : path(a) > path(b) ? 1 : 0));
}

/** These clauses as a query, each with its operator: what `parsedQuery` and a stage's `filter` show. */
export function showClauses(clauses: readonly Clause[]): Doc {
  if (clauses.length === 0) return new Doc();
  return clauses.length === 1 ? show(clauses[0] as Clause) : Doc.of({ $and: planOrder(clauses).map(show) });
}

function show(clause: Clause): Doc {
  if (clause.kind === 'field') return new Doc([[clause.path, new Doc([[clause.op, clause.value]])]]);
  if (clause.kind === 'whole') return new Doc([[clause.op, clause.value]]);
  if (clause.kind === 'list') return new Doc([[clause.op, planOrder(clause.children).map(show)]]);
  const { child } = clause;
  if (child.kind === 'field') return new Doc([[child.path, Doc.of({ $not: new Doc([[child.op, child.value]]) })]]);
  return Doc.of({ $nor: [show(child)] });
}
