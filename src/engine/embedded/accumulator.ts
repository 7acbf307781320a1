import { loadRegistry } from '../../registry.ts';
import { Doc, type Maybe, type Value } from './bson/value.ts';
import { MongoError } from './errors.ts';
import { parseExpression, type Expression } from './expression.ts';
import type { QueryContext, Scope } from './variables.ts';

/** Collects one group's values. */
export interface Accumulation {
  add(value: Maybe, scope: Scope): void;
  result(): Value;
}

/** A parsed accumulator: what it computes of each document, and a fresh collection for each group. */
export interface Accumulator {
  expression: Expression;
  /** @param group what `n` may look at: the group's `_id`, where that is a document */
  begin(group: Scope): Accumulation;
}

export interface ParseAccumulator {
  (argument: Value, context: QueryContext, name: string, bound?: ReadonlySet<string>): Accumulator;
  /** It takes one expression: of a group it may not be given a list. */
  unary?: boolean;
}

/** One file in `accumulators/` exports `accumulators`: a family, by name with the `$`. */
export type AccumulatorFamily = Readonly<Record<string, ParseAccumulator>>;

let known: ReadonlyMap<string, ParseAccumulator> = new Map();

/** Loads the families; awaited before the engine listens. */
export async function loadAccumulators(): Promise<void> {
  if (known.size > 0) return;
  const families = await loadRegistry<AccumulatorFamily>(new URL('./accumulators/', import.meta.url), 'accumulators');
  known = new Map([...families.values()].flatMap((family) => Object.entries(family)));
}

/** The parser of an accumulator, by name with the `$`. */
export const findAccumulator = (name: string): ParseAccumulator | undefined => known.get(name);

/** Parses `{ $sum: "$n" }`. */
export function parseAccumulator(field: string, spec: Value, context: QueryContext): Accumulator {
  if (!(spec instanceof Doc)) throw new MongoError(40234, `The field '${field}' must be an accumulator object`);
  if (spec.size !== 1) throw new MongoError(spec.size === 0 ? 40234 : 40238, `The field '${field}' must specify one accumulator`);
  const [name, argument] = spec.entries().next().value as [string, Value];
  if (!name.startsWith('$')) throw new MongoError(40234, `The field '${field}' must be an accumulator object`);
  const parse = known.get(name);
  if (Array.isArray(argument) && (!parse || parse.unary || name === '$count')) throw new MongoError(40237, `The ${name} accumulator is a unary operator`);
  if (!parse) throw new MongoError(15952, `unknown group operator '${name}'`);
  return parse(argument, context, name);
}

/** An accumulator of one expression. */
export function simple(begin: (context: QueryContext, name: string) => Accumulation): ParseAccumulator {
  const parse: ParseAccumulator = (argument, context, name, bound) => ({ expression: parseExpression(argument, context, bound), begin: () => begin(context, name) });
  return Object.assign(parse, { unary: true });
}
