import type { ObjectId } from 'mongodb';
import { z } from 'zod';

/** Input that has been looked at: only known fields, each of the right type. Absent ones are not there at all. */
export interface LogInput {
  message: string;
  timestamp?: Date | null;
  source?: string;
  value?: number | null;
  status?: string | null;
  updated_at?: Date | null;
}

/** A log as it lies in the database, with whatever other fields somebody gave it. */
export type LogDocument = { _id: ObjectId } & Record<string, unknown>;

/** What is wrong, by field: `{ message: ['…'], value: ['…'] }`. */
export type FieldErrors = Record<string, string[]>;

export type Deserialized<T> = { ok: true; value: T } | { ok: false; errors: FieldErrors };

/**
 * The rules of the fields, for Zod (https://zod.dev) to apply. You may as well write the rules without any library.
 * `fields.safeParse(input)` gives `{ success: true, data }`, or `{ success: false, error }` with all `error.issues`:
 * each has a `path`, such as `['message']`, and a `message`. `fields.partial()` are the same rules with nothing required.
 */
const fields = z.object({
  message: z.string(),
  // the other fields: see the table in the task
});

/** Looks at what came from outside: either all of it is right, or all that is wrong is told at once. */
export function deserialize(input: unknown, options: { partial: true }): Deserialized<Partial<LogInput>>;
export function deserialize(input: unknown, options?: { partial?: false }): Deserialized<LogInput>;
export function deserialize(input: unknown, { partial = false }: { partial?: boolean } = {}): Deserialized<Partial<LogInput>> {
  throw new Error(`deserialize is still to be written: ${partial ? 'some' : 'all'} of ${Object.keys(fields.shape).join(', ')} in a ${typeof input}`);
}

/** What the world sees of a log: these fields only, the _id as hex digits, dates as ISO strings in UTC. */
export function serialize(doc: LogDocument): Record<string, unknown> {
  throw new Error(`serialize is still to be written: ${doc._id}`);
}

export function serializeMany(docs: readonly LogDocument[]): Record<string, unknown>[] {
  throw new Error(`serializeMany is still to be written: ${docs.length} documents`);
}
