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

/** Trimmed first, then counted. */
const text = (most: number) => z.string('Expected a text.').trim().min(1, 'May not be empty.').max(most, `May have ${most} characters at most.`);

/** A text with date, time and zone, or a Date. */
const instant = z.union([z.date(), z.iso.datetime({ offset: true }).transform((written) => new Date(written))], 'Expected a date and time with its zone, such as 2026-01-31T09:30:00Z.');

/** A whole number, or one written in digits. `z.int()` takes safe integers only. */
const integer = z.union([z.int(), z.string().regex(/^[^a-z]+$/i).transform(Number).pipe(z.int())], 'Expected a whole number.');

/** z.object drops every field that is not named here, `_id` too. */
const fields = z.object({
  message: text(255),
  timestamp: instant.nullable().optional(),
  source: text(50).optional(),
  value: integer.nullable().optional(),
  status: text(50).nullable().optional(),
  updated_at: instant.nullable().optional(),
}, 'Expected an object.');

const someFields = fields.partial();

/** Looks at what came from outside: either all of it is right, or all that is wrong is told at once. */
export function deserialize(input: unknown, options: { partial: true }): Deserialized<Partial<LogInput>>;
export function deserialize(input: unknown, options?: { partial?: false }): Deserialized<LogInput>;
export function deserialize(input: unknown, { partial = false }: { partial?: boolean } = {}): Deserialized<Partial<LogInput>> {
  const result = (partial ? someFields : fields).safeParse(input);
  if (result.success) return { ok: true, value: result.data as Partial<LogInput> };
  const errors: FieldErrors = {};
  for (const { path, message } of result.error.issues) {
    const field = path.length === 0 ? 'non_field_errors' : String(path[0]);
    (errors[field] ??= []).push(message);
  }
  return { ok: false, errors };
}

const shown = ['message', 'timestamp', 'source', 'value', 'status', 'updated_at'];

/** What the world sees of a log: these fields only, the _id as hex digits, dates as ISO strings in UTC. */
export function serialize(doc: LogDocument): Record<string, unknown> {
  const result: Record<string, unknown> = { _id: doc._id.toHexString() };
  for (const field of shown) {
    const value = doc[field];
    if (value !== undefined) result[field] = value instanceof Date ? value.toISOString() : value;
  }
  return result;
}

export function serializeMany(docs: readonly LogDocument[]): Record<string, unknown>[] {
  return docs.map((doc) => serialize(doc));
}
