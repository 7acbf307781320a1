import { loadRegistry } from '../../registry.ts';
import { BsonSymbol, Doc, typeName, type Maybe, type Value } from './bson/value.ts';
import { MongoError } from './errors.ts';
import { bounded, gathering } from './expression-memory.ts';
import { splitPath } from './field-path.ts';
import { sizedText } from './text-size.ts';
import type { QueryContext, Scope } from './variables.ts';

/** A parsed expression: computes a value from a document and the variables bound; undefined is a missing value. */
export type Expression = (scope: Scope) => Maybe;

/** What an operator's parser may call back. */
export interface ExpressionTools {
  readonly context: QueryContext;
  /** Parses an operand, with further variables in sight where names are given. */
  parse(value: Value, bind?: readonly string[]): Expression;
  /** Parses an operand that may never be asked for: what is constant in it is not computed beforehand. */
  lazily(value: Value): Expression;
  /** Parses the argument as a list of operands: `[a, b]`, or `a` alone. */
  operands(argument: Value, least?: number, most?: number): Expression[];
  /** Parses `{ input: …, as: … }`; a name that is not known or a required one that lacks is an error. */
  named(argument: Value, required: readonly string[], optional?: readonly string[], codes?: NamedCodes): Map<string, Value>;
  /** The same, each parsed. */
  namedParts(argument: Value, required: readonly string[], optional: readonly string[], codes?: NamedCodes): Record<string, Expression | undefined>;
}

/** The codes of an operator's own for arguments that are no object, not known, or lacking. */
export interface NamedCodes {
  readonly object: number | 'FailedToParse';
  readonly unknown: number | 'FailedToParse';
  readonly missing: number | 'FailedToParse' | Readonly<Record<string, number>>;
}

export type ParseExpression = (argument: Value, tools: ExpressionTools, name: string) => Expression;

/** One file in `expressions/` exports `expressions`: a family, by name with the `$`. */
export type ExpressionFamily = Readonly<Record<string, ParseExpression>>;

const plainCodes: NamedCodes = { object: 'FailedToParse', unknown: 'FailedToParse', missing: 'FailedToParse' };

let operators: ReadonlyMap<string, ParseExpression> = new Map();

/** Loads the families; the engine awaits it before it listens, so that parsing is synchronous. */
export async function loadExpressions(): Promise<void> {
  if (operators.size > 0) return;
  const families = await loadRegistry<ExpressionFamily>(new URL('./expressions/', import.meta.url), 'expressions');
  operators = new Map([...families.values()].flatMap((family) => Object.entries(family)));
}

/**
 * Parses an expression; what is wrong in it is an error here.
 * https://www.mongodb.com/docs/manual/meta/aggregation-quick-reference/#expressions
 */
export function parseExpression(value: Value, context: QueryContext, bound: ReadonlySet<string> = new Set()): Expression {
  if (context.afterParsing) return new Parser(context, bound).parse(value);
  const afterParsing: (() => void)[] = [];
  const expression = new Parser({ ...context, afterParsing }, bound).parse(value);
  for (const fold of afterParsing) fold();
  return expression;
}

/** Computes an expression for a document. */
export function evaluate(expression: Expression, doc: Doc, context: QueryContext): Maybe {
  return expression({ root: doc, current: doc, bound: context.variables });
}

/** What `$redact` is told by its three variables; each is a value of its own. */
export const redactVerdict = { DESCEND: new BsonSymbol('$$DESCEND'), PRUNE: new BsonSymbol('$$PRUNE'), KEEP: new BsonSymbol('$$KEEP') } as const;

/** What differs each time, or looks at the document though no path says so. */
const inconstant = new Set(['$rand', '$getField', '$meta', '$function', '$accumulator']);

/** True where an expression's text names no field and no variable, nor a function that differs each time. */
export function isConstantValue(value: Value): boolean {
  if (typeof value === 'string') return !value.startsWith('$');
  if (Array.isArray(value)) return value.every(isConstantValue);
  if (!(value instanceof Doc)) return true;
  if (value.has('$literal') || value.has('$const')) return true;
  return ![...value.keys()].some((name) => inconstant.has(name)) && [...value.values()].every(isConstantValue);
}

/** True for a value that is no list, no document and no path: it stands for itself. */
const isPlain = (value: Value): boolean =>
  typeof value === 'string' ? !value.startsWith('$') && value.length < 1000 : !Array.isArray(value) && !(value instanceof Doc);

/** The same scope with further variables. */
export function bind(scope: Scope, entries: Iterable<readonly [string, Maybe]>): Scope {
  const bound = new Map(scope.bound);
  let { current } = scope;
  for (const [name, value] of entries) {
    if (name === 'CURRENT') current = value;
    else bound.set(name, value);
  }
  return { root: scope.root, current, bound };
}

class Parser implements ExpressionTools {
  readonly context: QueryContext;
  readonly #bound: ReadonlySet<string>;

  /** False where constants are computed only when they are asked for. */
  readonly #folds: boolean;

  constructor(context: QueryContext, bound: ReadonlySet<string>, folds = true) {
    this.context = context;
    this.#bound = bound;
    this.#folds = folds;
  }

  lazily(value: Value): Expression {
    return new Parser(this.context, this.#bound, false).parse(value);
  }

  parse(value: Value, names: readonly string[] = []): Expression {
    if (names.length > 0) return new Parser(this.context, new Set([...this.#bound, ...names]), this.#folds).parse(value);
    if (typeof value === 'string' && value.startsWith('$')) return this.#reference(value);
    if (Array.isArray(value)) {
      if (value.every(isPlain)) return () => value;
      const items = value.map((item) => this.parse(item));
      return (scope) => {
        const counted = gathering('An array');
        return items.map((item) => counted(item(scope) ?? null));
      };
    }
    if (value instanceof Doc) return this.#document(value);
    if (typeof value === 'string') sizedText(value);
    return () => value;
  }

  operands(argument: Value, least = 0, most = Infinity): Expression[] {
    const list = Array.isArray(argument) ? argument : [argument];
    if (list.length < least || list.length > most) throw wrongCount(this.#name, list.length, least, most);
    return list.map((item) => this.parse(item));
  }

  named(argument: Value, required: readonly string[], optional: readonly string[] = [], codes: NamedCodes = plainCodes): Map<string, Value> {
    if (!(argument instanceof Doc)) throw new MongoError(codes.object, `${this.#name} only supports an object as its argument, not ${typeName(argument)}`);
    for (const name of argument.keys()) {
      if (!required.includes(name) && !optional.includes(name)) throw new MongoError(codes.unknown, `${this.#name} found an unknown argument: ${name}`);
    }
    for (const name of required) {
      if (argument.has(name)) continue;
      const { missing } = codes;
      throw new MongoError(typeof missing === 'object' ? (missing[name] ?? 'FailedToParse') : missing, `Missing '${name}' parameter to ${this.#name}`);
    }
    return argument;
  }

  namedParts(argument: Value, required: readonly string[], optional: readonly string[], codes: NamedCodes = plainCodes): Record<string, Expression | undefined> {
    return Object.fromEntries([...this.named(argument, required, optional, codes)].map(([name, value]) => [name, this.parse(value)]));
  }

  #name = '';

  #document(doc: Doc): Expression {
    const first = doc.keys().next().value;
    if (first?.startsWith('$')) {
      if (doc.size > 1) throw new MongoError(15983, `an object representing an expression must have exactly one field: ${[...doc.keys()].join(', ')}`);
      return this.#operator(first, doc.get(first) as Value);
    }
    const fields = [...doc].map(([name, value]): [string, Expression] => {
      if (name.startsWith('$')) throw new MongoError(16410, "FieldPath field names may not start with '$'. Consider using $getField or $setField.");
      if (name === '') throw new MongoError(15998, 'FieldPath field names may not be empty strings.');
      if (name.includes('.')) throw new MongoError(16412, `FieldPath field names may not contain '.'. Consider using $getField or $setField.`);
      return [name, this.parse(value)];
    });
    return (scope) => {
      const counted = gathering('An object');
      return Doc.of(fields.map(([name, field]) => [name, counted(field(scope))] as const));
    };
  }

  #operator(name: string, argument: Value): Expression {
    if (name === '$literal' || name === '$const') return () => argument;
    const parse = operators.get(name);
    if (!parse) throw new MongoError('InvalidPipelineOperator', `Unrecognized expression '${name}'`);
    const isConstant = this.#folds && isConstantValue(new Doc([[name, argument]]));
    // Constants are computed before the slot-based engine gets to see them.
    const tools = new Parser(isConstant && this.context.slotBased ? { ...this.context, slotBased: false } : this.context, this.#bound, this.#folds);
    tools.#name = name;
    const whole = parse(argument, tools, name);
    const expression: Expression = (scope) => bounded(name, whole(scope));
    return isConstant ? this.#folded(expression) : expression;
  }

  /** The value of an operator on constants, computed once all is parsed: an error is one though no document ever asks for it. */
  #folded(expression: Expression): Expression {
    let folded: { value: Maybe } | undefined;
    this.context.afterParsing?.push(() => {
      folded = { value: evaluate(expression, new Doc(), this.context) };
    });
    return (scope) => (folded ? folded.value : expression(scope));
  }

  #reference(text: string): Expression {
    if (text === '$') throw new MongoError(16872, "'$' by itself is not a valid FieldPath");
    if (!text.startsWith('$$')) {
      const parts = splitPath(text.slice(1));
      const current = this.#current();
      return (scope) => follow(current(scope), parts, 0);
    }
    const [name = '', ...parts] = text.slice(2).split('.');
    if (name.startsWith('$')) throw new MongoError('FailedToParse', `'${name}' starts with an invalid character for a variable name`);
    const variable = this.#variable(name);
    if (parts.length === 0) return variable;
    if (parts.at(-1) === '') throw new MongoError(40353, "FieldPath must not end with a '.'.");
    splitPath(parts.join('.'));
    return (scope) => follow(variable(scope), parts, 0);
  }

  /** `$$CURRENT`: the document at hand, or what the operation's `let` has put in its place. */
  #current(): Expression {
    const given = this.context.variables;
    if (!given.has('CURRENT') || this.#bound.has('CURRENT')) return (scope) => scope.current;
    return () => given.get('CURRENT');
  }

  #variable(name: string): Expression {
    switch (name) {
      case '': throw new MongoError('FailedToParse', 'empty variable names are not allowed');
      case 'ROOT': return (scope) => scope.root;
      case 'CURRENT': return this.#current();
      case 'REMOVE': return () => undefined;
      case 'NOW':
        if (this.context.timeless) throw new MongoError(51144, "Builtin variable '$$NOW' is not available");
        return () => this.context.now;
      case 'CLUSTER_TIME': {
        const { clusterTime } = this.context;
        if (!clusterTime) throw new MongoError(10071200, 'system variable $$CLUSTER_TIME is not available in standalone mode');
        return () => clusterTime;
      }
      default:
    }
    if (!this.#bound.has(name) && !this.context.variables.has(name)) throw new MongoError(17276, `Use of undefined variable: ${name}`);
    return (scope) => scope.bound.get(name);
  }
}

function wrongCount(name: string, given: number, least: number, most: number): MongoError {
  if (least === most) return new MongoError(16020, `Expression ${name} takes exactly ${least} arguments. ${given} were passed in.`);
  return new MongoError(28667, `Expression ${name} takes at least ${least} arguments, and at most ${most}, but ${given} were passed in.`);
}

/** The value of a path as expressions see it: arrays of documents on the way give arrays, indexes are not followed. */
export function follow(value: Maybe, parts: readonly string[], at: number): Maybe {
  if (at === parts.length) return value;
  if (value instanceof Doc) return follow(value.get(parts[at] as string), parts, at + 1);
  if (!Array.isArray(value)) return undefined;
  return value.flatMap((item) => {
    const found = item instanceof Doc ? follow(item, parts, at) : undefined;
    return found === undefined ? [] : [found];
  });
}

/** @throws MongoError where a variable's name is not one that a user may give */
export function checkVariableName(name: string): void {
  if (name === '') throw new MongoError('FailedToParse', 'empty variable names are not allowed');
  if (!/^[a-z\u0080-\uffff]/.test(name) && name !== 'CURRENT') throw new MongoError('FailedToParse', `'${name}' starts with an invalid character for a user variable name`);
  if (!/^[\w\u0080-\uffff]*$/.test(name)) throw new MongoError('FailedToParse', `'${name}' contains an invalid character for a variable name`);
}

