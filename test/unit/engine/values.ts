import { int32 } from '../../../src/engine/embedded/bson/decode.ts';
import { Doc, Regex, UtcDate, type Value } from '../../../src/engine/embedded/bson/value.ts';
import type { Collation } from '../../../src/engine/embedded/bson/collation.ts';
import { MongoError } from '../../../src/engine/embedded/errors.ts';
import type { QueryContext } from '../../../src/engine/embedded/variables.ts';

/** What JavaScript writes, as BSON: whole numbers are int32, other numbers doubles, objects documents. */
export function bson(value: unknown): Value {
  if (typeof value === 'number') return Number.isInteger(value) && Math.abs(value) < 2 ** 31 && !Object.is(value, -0) ? int32(value) : value;
  if (Array.isArray(value)) return value.map(bson);
  if (value instanceof Date) return new UtcDate(BigInt(value.getTime()));
  if (value instanceof RegExp) return new Regex(value.source, value.flags);
  if (value !== null && typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype) return doc(value as Record<string, unknown>);
  return value as Value;
}

/** A document of what JavaScript writes. */
export function doc(fields: Record<string, unknown>): Doc {
  return Doc.of(Object.entries(fields).map(([name, value]) => [name, bson(value)] as const));
}

/** What an operation's queries are evaluated in. */
export function context(collation?: Collation): QueryContext {
  return { variables: new Map(), collation, now: new UtcDate(0n) };
}

/** The error of MongoDB's that something throws, as `code: message`. */
export function refusal(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof MongoError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'nothing was refused';
}
