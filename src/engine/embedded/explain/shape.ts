import { createHash } from 'node:crypto';
import { toDouble } from '../bson/number.ts';
import { Doc, isNumeric, typeName, type Value } from '../bson/value.ts';
import { clausesOf, type Clause } from './clauses.ts';

/** What of a command is in its shape. */
export interface Shaped {
  readonly command: string;
  readonly namespace: string;
  readonly filter: Doc;
  readonly sort?: Doc | undefined;
  readonly projection?: Doc | undefined;
  readonly collation?: Doc | undefined;
  readonly skip?: number | undefined;
  readonly limit?: number | undefined;
  /** All of a pipeline's stages, and those behind what the planner takes over. */
  readonly pipeline?: readonly Value[] | undefined;
  readonly rest?: readonly Value[] | undefined;
}

/** A part of a shape, which is hashed as JSON. */
type Shape = string | number | boolean | null | undefined | Shape[];

const hash = (shape: Shape): string => createHash('sha256').update(JSON.stringify(shape)).digest('hex').toUpperCase();

/** Alike for commands that differ in their values alone: `queryShapeHash`. */
export function queryShape(shaped: Shaped): string {
  const { command, namespace, pipeline } = shaped;
  const what: Shape = pipeline ? pipeline.map(stageShape) : [clausesOf(shaped.filter).map(clauseShape), asIs(shaped.sort), asIs(shaped.projection), shaped.skip !== undefined, shaped.limit !== undefined];
  return hash([namespace, command, what, asIs(shaped.collation)]);
}

/** Alike for queries that are planned alike: `planCacheShapeHash`. The order in which conditions and fields are named is nothing to it. */
export function planShape(shaped: Shaped): string {
  return hash(planned(shaped)).slice(0, 8);
}

/** The same, and of an index: `planCacheKey`. */
export function planKey(shaped: Shaped, index: string): string {
  return hash([planned(shaped), index]).slice(0, 8);
}

/** Behind a query these decide how it is planned: which fields are needed, or in which order. */
const deciding = new Set(['$group', '$lookup', '$bucket', '$replaceRoot', '$replaceWith', '$project', '$count', '$sortByCount', '$densify', '$setWindowFields']);

function planned({ filter, sort, projection, collation, rest }: Shaped): Shape {
  const next = rest?.[0];
  const decides = next instanceof Doc && [...next.keys()].some((name) => deciding.has(name));
  return [sorted(clausesOf(filter).map(planClause)), asIs(sort), projection ? sorted([...projection].map(([name, value]) => [name, literal(value)])) : null, asIs(collation), decides ? stageShape(next) : null];
}

const sorted = (shapes: Shape[]): Shape[] => shapes.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));

const asIs = (doc: Doc | undefined): Shape => (doc ? [...doc].map(([name, value]) => [name, literal(value)]) : null);

/** A value that is kept as it is. */
function literal(value: Value): Shape {
  if (value instanceof Doc) return asIs(value);
  if (Array.isArray(value)) return value.map(literal);
  if (isNumeric(value)) return toDouble(value);
  return typeof value === 'object' ? typeName(value) : value;
}

/** What stands for a value. */
function placeholder(value: Value): string {
  if (!Array.isArray(value)) return `?${isNumeric(value) ? 'number' : typeName(value)}`;
  const kinds = new Set(value.map(placeholder));
  return kinds.size === 0 ? '[]' : `?array<${kinds.size === 1 ? [...kinds][0] : ''}>`;
}

function clauseShape(clause: Clause): Shape {
  switch (clause.kind) {
    case 'field':
      if (clause.among) return [clause.path, '$in', placeholder(clause.among)];
      return [clause.path, clause.op, clause.inside ? clause.inside.map(clauseShape) : clause.op === '$type' ? types(clause.value) : placeholder(clause.value)];
    case 'not': return ['$not', clauseShape(clause.child)];
    case 'list': return [clause.op, ...clause.children.map(clauseShape)];
    case 'whole': return [clause.op, clause.op === '$expr' ? expressionShape(clause.value) : argumentShape(clause.value)];
  }
}

const types = (value: Value): Shape => (Array.isArray(value) ? value.map(literal) : [literal(value)]);

function planClause(clause: Clause): Shape {
  switch (clause.kind) {
    // An equality to null, or to an array, may use an index in another way.
    case 'field': return [clause.path, clause.op, clause.inside ? sorted(clause.inside.map(planClause)) : clause.op === '$eq' && (clause.value === null || Array.isArray(clause.value)) ? placeholder(clause.value) : '?'];
    case 'not': return ['$not', planClause(clause.child)];
    case 'list': return [clause.op, ...sorted(clause.children.map(planClause))];
    case 'whole': return clause.op === '$expr' ? [clause.op] : [clause.op, argumentShape(clause.value)];
  }
}

/** A stage: names and paths are kept, and what else it is told is not. */
function stageShape(stage: Value): Shape {
  if (!(stage instanceof Doc)) return null;
  return [...stage].map(([name, argument]) => [name, name === '$match' && argument instanceof Doc ? clausesOf(argument).map(clauseShape) : argumentShape(argument)]);
}

/** Of an expression the operators and paths. */
function expressionShape(value: Value): Shape {
  if (value instanceof Doc) return [...value].map(([name, item]) => [name, expressionShape(item)]);
  if (Array.isArray(value)) return value.map(expressionShape);
  return typeof value === 'string' && value.startsWith('$') ? value : placeholder(value);
}

/** Of a stage or a schema: the names, and strings, which may be paths, fields or types. */
function argumentShape(value: Value): Shape {
  if (value instanceof Doc) return [...value].map(([name, item]) => [name, argumentShape(item)]);
  if (Array.isArray(value)) return value.map(argumentShape);
  return typeof value === 'string' ? value : placeholder(value);
}
