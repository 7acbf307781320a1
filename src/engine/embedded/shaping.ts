import { showValue } from './bson/show.ts';
import { Doc, typeName, type Maybe, type Value } from './bson/value.ts';
import { MongoError } from './errors.ts';
import { evaluate, parseExpression, type Expression } from './expression.ts';
import { splitPath } from './field-path.ts';
import { readFill } from './fill-spec.ts';
import type { StageDefinition } from './pipeline.ts';
import { parseProjection } from './query/projection.ts';
import type { QueryContext } from './variables.ts';

/** A stage that makes one document of one: what an update by pipeline may use. */
export type Shape = (doc: Doc) => Doc;
export type ParseShape = (argument: Value, context: QueryContext) => Shape;

interface Added {
  children: Map<string, Added>;
  compute: Expression | undefined;
}

/** `$addFields`, `$set`: https://www.mongodb.com/docs/manual/reference/operator/aggregation/addFields/ */
const addFields = (name: string): ParseShape => (argument, context) => {
  if (!(argument instanceof Doc)) throw new MongoError(40272, `${name} specification stage must be an object, got ${typeName(argument)}`);
  const root: Added = { children: new Map(), compute: undefined };
  const add = (path: string, value: Value): void => {
    const parts = splitPath(path);
    const operator = value instanceof Doc ? [...value.keys()].find((key) => key.startsWith('$')) : undefined;
    if (operator !== undefined && (value as Doc).size > 1) throw new MongoError(40181, `Invalid ${name} :: caused by :: an object representing an expression must have exactly one field: ${operator}`);
    if (value instanceof Doc && value.size > 0 && operator === undefined) {
      for (const [inner, item] of value) {
        if (inner.includes('.')) throw new MongoError(40183, `Invalid ${name} :: caused by :: cannot use dotted field name '${inner}' in a sub object`);
        add(`${path}.${inner}`, item);
      }
      return;
    }
    let node = root;
    for (const part of parts) {
      if (node.compute) throw collision(name, path);
      let next = node.children.get(part);
      if (!next) node.children.set(part, (next = { children: new Map(), compute: undefined }));
      node = next;
    }
    if (node.compute || node.children.size > 0) throw collision(name, path);
    node.compute = value instanceof Doc && value.size === 0 ? () => new Doc() : parseExpression(value, context);
  };
  for (const [path, value] of argument) add(path, value);
  return (doc) => addTo(doc, root, doc, context) as Doc;
};

const collision = (name: string, path: string): MongoError =>
  new MongoError(40176, `Invalid ${name} :: caused by :: specification contains two conflicting paths. Cannot specify both '${path}' and a path above or below it`);

function addTo(value: Maybe, node: Added, root: Doc, context: QueryContext): Maybe {
  if (node.compute) return evaluate(node.compute, root, context);
  if (Array.isArray(value)) return value.map((item) => addTo(item, node, root, context) ?? null);
  const result = value instanceof Doc ? new Doc(value) : new Doc();
  for (const [name, child] of node.children) {
    const made = addTo(result.get(name), child, root, context);
    if (made === undefined) result.delete(name);
    else result.set(name, made);
  }
  return result;
}

const project: ParseShape = (argument, context) => {
  if (!(argument instanceof Doc)) throw new MongoError(15969, '$project specification must be an object');
  if (argument.size === 0) throw new MongoError(51272, 'Invalid $project :: caused by :: projection specification must have at least one field');
  const projection = parseProjection(argument, context, { find: false });
  return (doc) => projection.apply(doc);
};

const unset: ParseShape = (argument, context) => {
  const names = Array.isArray(argument) ? argument : [argument];
  if (names.length === 0) throw new MongoError(31119, '$unset specification must be a string or an array with at least one field');
  const spec = new Doc();
  for (const name of names) {
    if (typeof name !== 'string') throw new MongoError(Array.isArray(argument) ? 31120 : 31002, `$unset specification must be a string or an array${Array.isArray(argument) ? ' containing only string values' : ''}`);
  }
  if ((names as string[]).some((name) => name.includes('\0'))) throw new MongoError(9527900, 'Field paths of $unset may not contain null bytes');
  for (const name of names as string[]) {
    // A positional `$` has a code of its own, which the projection knows.
    if (!name.includes('.$')) splitPath(name);
    if (spec.has(name)) throw new MongoError(31250, `Invalid $unset :: caused by :: Path collision at ${name}`);
    spec.set(name, false);
  }
  const projection = parseProjection(spec, context, { find: false });
  return (doc) => projection.apply(doc);
};

/** `$fill` of constants alone, which looks at no other document. */
const fill: ParseShape = (argument, context) => {
  const { values, windows } = readFill(argument);
  if (windows.size > 0) throw new MongoError('InvalidOptions', '$fill with a method is not allowed to be used within an update');
  return addFields('$fill')(values, context);
};

const replaceWith = (name: string): ParseShape => (argument, context) => {
  let expression = argument;
  if (name === '$replaceRoot') {
    if (!(argument instanceof Doc)) throw new MongoError(40229, `expected an object as specification for $replaceRoot stage, got ${typeName(argument)}`);
    const unknown = [...argument.keys()].find((key) => key !== 'newRoot');
    if (unknown !== undefined) throw new MongoError(40415, `BSON field '$replaceRoot.${unknown}' is an unknown field.`);
    const root = argument.get('newRoot');
    if (root === undefined) throw new MongoError(40414, "BSON field '$replaceRoot.newRoot' is missing but a required field");
    expression = root;
  }
  const compute = parseExpression(expression, context);
  return (doc) => {
    const made = evaluate(compute, doc, context);
    if (!(made instanceof Doc)) {
      throw new MongoError(40228, `'${name === '$replaceRoot' ? 'newRoot' : 'replacement document'}' expression must evaluate to an object, but resulting value was: ${made === undefined ? 'MISSING' : showValue(made)}. Type of resulting value: '${typeName(made)}'. Input document: ${showValue(doc)}`);
    }
    return made;
  };
};

/** Stages that shape one document, by name. */
export const shapingStages: Readonly<Record<string, ParseShape>> = {
  $set: addFields('$set'), $addFields: addFields('$addFields'), $project: project, $unset: unset, $replaceRoot: replaceWith('$replaceRoot'), $replaceWith: replaceWith('$replaceWith'), $fill: fill,
};

/** A stage of a pipeline that shapes each document on its own. */
export function shapingStage(name: string): StageDefinition {
  return {
    parse(argument, { query }) {
      const shape = (shapingStages[name] as ParseShape)(argument, query);
      return { run: (input) => shaped(input, shape) };
    },
  };
}

function* shaped(input: Iterable<Doc>, shape: Shape): Iterable<Doc> {
  for (const doc of input) yield shape(doc);
}
