import { int32 } from './bson/decode.ts';
import { Doc, type Value } from './bson/value.ts';
import type { Work } from './command.ts';
import { errorCodes, MongoError } from './errors.ts';
import { writeError } from './reply.ts';

/** The most statements one write command may carry. */
export const maxBatch = 100_000;

/** @throws MongoError InvalidLength where there are none, or too many */
export function checkBatchSize(count: number): void {
  if (count < 1 || count > maxBatch) {
    throw new MongoError('InvalidLength', `Write batch sizes must be between 1 and ${maxBatch}. Got ${count} operations.`);
  }
}

/**
 * Does one statement that never pauses.
 * @returns its write error, where it fails
 */
export function errorOf<T>(statement: T, index: number, run: (statement: T) => void): Doc | undefined {
  try {
    run(statement);
    return undefined;
  } catch (error) {
    return asWriteError(error, index);
  }
}

/** @throws what ends the whole command */
function asWriteError(error: unknown, index: number): Doc {
  if (!(error instanceof MongoError) || error.code === errorCodes.WriteConflict) throw error;
  return writeError(index, error);
}

/**
 * Runs a command's statements in order. One that fails becomes a write error; with `ordered` the rest is left.
 * @param run does one statement; may pause. No generator made anew for each command: the compiler would know none of them
 * @param done told what a statement gave that may pause
 * @returns the write errors
 */
export function* runStatements<T, R>(statements: readonly T[], ordered: boolean, run: (statement: T) => Work<R> | void, done?: (result: R, index: number) => void): Work<Doc[]> {
  const errors: Doc[] = [];
  for (let index = 0; index < statements.length; index++) {
    try {
      const work = run(statements[index] as T);
      if (work) {
        const result = yield* work;
        done?.(result, index);
      }
    } catch (error) {
      errors.push(asWriteError(error, index));
      if (ordered) break;
    }
    if (index % 64 === 63) yield undefined;
  }
  return errors;
}

/** `{ n, …, writeErrors }` */
export function writeReply(n: number, errors: readonly Doc[], more: readonly (readonly [string, Value])[] = []): Doc {
  const reply = new Doc();
  reply.set('n', int32(n));
  for (const [name, value] of more) reply.set(name, value);
  if (errors.length > 0) reply.set('writeErrors', [...errors]);
  return reply;
}
