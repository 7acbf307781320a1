import { ObjectId } from 'mongodb';
import { z } from 'zod';

const datetime = z.iso.datetime({ offset: true });
const nothing = Symbol('nothing');
type Reader = (given: unknown) => unknown;

const text = (most: number): Reader => (given) => (typeof given === 'string' && given.trim() && given.trim().length <= most ? given.trim() : nothing);
const date: Reader = (given) => (given instanceof Date ? (isNaN(given.valueOf()) ? nothing : given) : datetime.safeParse(given).success ? new Date(given as string) : nothing);
const integer: Reader = (given) => {
  const value = typeof given === 'string' && given.match(/^-?\d+$/) ? +given : given;
  return Number.isSafeInteger(value) ? value : nothing;
};
const orNull = (reader: Reader): Reader => (given) => (given === null ? null : reader(given));

const readers: [string, Reader][] = [
  ['message', text(255)], ['timestamp', orNull(date)], ['source', text(50)], ['value', orNull(integer)], ['status', orNull(text(50))], ['updated_at', orNull(date)],
];

class Value {
  [field: string]: unknown;
}

export function deserialize(input: any, { partial }: { partial?: boolean } = {}): { ok: boolean; value?: Value; errors?: Record<string, string[]> } {
  if (input === null || typeof input !== 'object' || Array.isArray(input)) return { ok: false, errors: { non_field_errors: ['?'] } };
  const present = readers.filter(([field]) => input[field] !== undefined);
  const read = present.map(([field, reader]) => [field, reader(input[field])] as const);
  const wrong = read.filter(([, value]) => value === nothing).map(([field]) => field);
  if (!partial && input.message === undefined) wrong.push('message');
  if (wrong.length > 0) return { ok: false, errors: Object.fromEntries(wrong.map((field) => [field, [`${field} is missing or wrong`]])) };
  return { ok: true, value: Object.assign(new Value(), Object.fromEntries(read)) };
}

class Shown {
  _id: string;
  [field: string]: unknown;
  constructor(doc: Record<string, unknown>) {
    this._id = new ObjectId(doc._id as ObjectId).toHexString();
    for (const [field] of readers) {
      const value = doc[field];
      if (value instanceof Date) this[field] = value.toJSON();
      else if (value !== undefined) this[field] = value;
    }
  }
}

export const serialize = (doc: Record<string, unknown>): Shown => new Shown(doc);
export const serializeMany = (docs: Record<string, unknown>[]): Shown[] => Array.from(docs, serialize);
