import { integer, readArguments, strictBool, text } from './arguments.ts';
import { createCollation, type Collation } from './bson/collation.ts';
import { Doc, UtcDate, type Maybe, type Timestamp, type Value } from './bson/value.ts';
import { MongoError } from './errors.ts';
import { checkVariableName, evaluate, parseExpression } from './expression.ts';
import type { Collection } from './storage/collection.ts';
import type { QueryContext } from './variables.ts';

interface OperationOptions {
  collation?: Doc | undefined;
  let?: Doc | undefined;
  collection?: Collection | undefined;
  /** `$$NOW`, where it is not the present. */
  now?: UtcDate | undefined;
  /** `$$CLUSTER_TIME`, where there is one. */
  clusterTime?: Timestamp | undefined;
}

const none: ReadonlyMap<string, Maybe> = new Map();

/**
 * What one operation's queries and expressions are evaluated in: the collation given, else the collection's, and the
 * variables of `let`, which are computed once.
 */
export function operationContext(options: OperationOptions): QueryContext {
  const collation = options.collation && options.collation.size > 0 ? parseCollation(options.collation) : options.collection?.collation?.collation;
  const base: QueryContext = { variables: none, collation, now: options.now ?? present(), clusterTime: options.clusterTime };
  if (!options.let || options.let.size === 0) return base;
  const variables = new Map<string, Maybe>();
  const context = { ...base, variables };
  const nothing = new Doc();
  for (const [name, value] of options.let) {
    if (name === 'NOW' || name === 'CLUSTER_TIME') throw new MongoError(4738901, `Invalid let variable name: ${name}`);
    if (name === 'ROOT' || name === 'REMOVE') throw new MongoError('FailedToParse', `'${name}' cannot be used as a user variable name`);
    checkVariableName(name);
    checkConstant(value);
    variables.set(name, evaluate(parseExpression(value, context), nothing, context));
  }
  return context;
}

let [presentMs, presentDate] = [0, new UtcDate(0n)];

/** The present. Operations of one millisecond share it. */
function present(): UtcDate {
  const ms = Date.now();
  if (ms !== presentMs) [presentMs, presentDate] = [ms, new UtcDate(BigInt(ms))];
  return presentDate;
}

/** The values of `let` may not look at documents, nor at the clock. */
function checkConstant(value: Value): void {
  if (typeof value === 'string' && value.startsWith('$')) {
    if (!value.startsWith('$$') || /^\$\$(ROOT|CURRENT)\b/.test(value)) throw new MongoError(4890500, 'Command let Expression tried to access a field, but this is not allowed because Command let Expressions run before the query examines any documents.');
    if (/^\$\$(NOW|CLUSTER_TIME)\b/.test(value)) throw new MongoError(51144, `Builtin variable '${value}' is not available`);
  } else if (Array.isArray(value)) {
    value.forEach(checkConstant);
  } else if (value instanceof Doc && !value.has('$literal')) {
    for (const item of value.values()) checkConstant(item);
  }
}

/** The version of Unicode's collations that MongoDB 8.2 has. */
export const collationVersion = '57.1';

const strengths = [1, 2, 3, 4, 5];

/**
 * Reads a collation. https://www.mongodb.com/docs/manual/reference/collation/
 * @throws MongoError where it is wrong
 */
export function parseCollation(doc: Doc): Collation | undefined {
  const args = readArguments('collation', doc, {
    locale: { ...text, required: true }, strength: integer(), caseLevel: strictBool, caseFirst: text, numericOrdering: strictBool, alternate: text,
    maxVariable: text, normalization: strictBool, backwards: { ...strictBool, takesNull: true }, version: text,
  });
  if (args.strength !== undefined && !strengths.includes(args.strength)) {
    throw new MongoError('BadValue', `Enumeration value '${args.strength}' for field 'collation.strength' is not a valid value.`);
  }
  if (args.version !== undefined && args.version !== collationVersion) throw new MongoError('IncompatibleCollationVersion', `Requested collation version ${args.version} is not that of this server, ${collationVersion}`);
  checkChoice('caseFirst', args.caseFirst, ['upper', 'lower', 'off']);
  checkChoice('alternate', args.alternate, ['non-ignorable', 'shifted']);
  checkChoice('maxVariable', args.maxVariable, ['punct', 'space']);
  return createCollation({ ...given(args), locale: args.locale });
}

/** The arguments that were given: an absent one is not the same as undefined. */
function given<T extends object>(args: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(args).filter(([, value]) => value !== undefined)) as { [K in keyof T]?: Exclude<T[K], undefined> };
}

function checkChoice(field: string, value: string | undefined, choices: readonly string[]): void {
  if (value !== undefined && !choices.includes(value)) {
    throw new MongoError('BadValue', `Enumeration value '${value}' for field 'collation.${field}' is not a valid value.`);
  }
}

