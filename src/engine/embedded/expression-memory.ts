import { weightOf } from './bson/weight.ts';
import { Doc, type Maybe } from './bson/value.ts';
import { MongoError } from './errors.ts';

/** What one value that an expression makes may take, in bytes: MongoDB's `internalQueryMaxMapFilterReduceBytes`. */
const mostBytes = 100 * 1024 * 1024;

function check(name: string, bytes: number): void {
  if (bytes > mostBytes) throw new MongoError('ExceededMemoryLimit', `${name} would use too much memory (${bytes} bytes) and cannot spill to disk. Memory limit: ${mostBytes} bytes`);
}

/** The value. @throws MongoError ExceededMemoryLimit where it takes too much */
export function bounded(name: string, value: Maybe): Maybe {
  if (Array.isArray(value) || value instanceof Doc) check(name, weightOf(value));
  return value;
}

/** Counts in what is gathered for one value. @throws MongoError ExceededMemoryLimit as soon as it is too much together */
export function gathering(name: string): <T extends Maybe>(value: T) => T {
  let bytes = 0;
  return (value) => {
    bytes += value === undefined ? 0 : weightOf(value);
    check(name, bytes);
    return value;
  };
}
