import type { ObjectId } from 'mongodb';

type Result = { ok: true; value: Record<string, unknown> } | { ok: false; errors: Record<string, string[]> };

abstract class Field {
  readonly required: boolean;
  readonly nullable: boolean;
  constructor({ required = false, nullable = false }: { required?: boolean; nullable?: boolean } = {}) {
    this.required = required;
    this.nullable = nullable;
  }
  /** Pushes what is wrong into `errors`. */
  abstract toInternal(given: unknown, errors: string[]): unknown;
  toJson(stored: unknown): unknown {
    return stored;
  }
}

class TextField extends Field {
  readonly #most: number;
  constructor(most: number, options?: { required?: boolean; nullable?: boolean }) {
    super(options);
    this.#most = most;
  }
  override toInternal(given: unknown, errors: string[]): unknown {
    if (typeof given !== 'string') {
      errors.push('not a string', 'a string was expected');
      return undefined;
    }
    const trimmed = given.replace(/^\s+|\s+$/g, '');
    if (trimmed.length === 0) errors.push('blank');
    if (trimmed.length > this.#most) errors.push('too long');
    return trimmed;
  }
}

class DateField extends Field {
  override toInternal(given: unknown, errors: string[]): unknown {
    if (given instanceof Date) {
      if (Number.isNaN(+given)) errors.push('an invalid date');
      return new Date(+given);
    }
    const match = typeof given === 'string' && /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.(\d+))?(?:Z|([+-])(\d\d):(\d\d))$/.exec(given);
    if (!match) {
      errors.push('no date');
      return undefined;
    }
    // Read as if it were UTC, and look whether the same date comes out; then the offset is taken off.
    const utc = new Date(`${match[1]}T${match[2]}.${(match[3] ?? '').padEnd(3, '0').slice(0, 3)}Z`);
    if (Number.isNaN(+utc) || !utc.toISOString().startsWith(`${match[1]}T${match[2]}`)) errors.push('no such date');
    const minutes = Number(match[5] ?? 0) * 60 + Number(match[6] ?? 0);
    return new Date(+utc - (match[4] === '-' ? -1 : 1) * minutes * 60_000);
  }
  override toJson(stored: unknown): unknown {
    return stored instanceof Date ? stored.toISOString().replace('.000Z', 'Z') : stored;
  }
}

class IntegerField extends Field {
  override toInternal(given: unknown, errors: string[]): unknown {
    const isDigits = typeof given === 'string' && /^-?\d+$/.test(given);
    const number = isDigits ? parseInt(given, 10) : given;
    if (typeof number !== 'number' || !Number.isInteger(number) || Math.abs(number) > Number.MAX_SAFE_INTEGER) errors.push('no integer');
    return number;
  }
}

class LogSerializer {
  readonly fields: Record<string, Field> = {
    message: new TextField(255, { required: true }), timestamp: new DateField({ nullable: true }), source: new TextField(50),
    value: new IntegerField({ nullable: true }), status: new TextField(50, { nullable: true }), updated_at: new DateField({ nullable: true }),
  };

  read(input: unknown, partial: boolean): Result {
    if (Object.prototype.toString.call(input) !== '[object Object]') return { ok: false, errors: { non_field_errors: ['no object'] } };
    const given = new Map(Object.entries(input as object));
    const value: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
    const errors: Record<string, string[]> = {};
    for (const name of Object.keys(this.fields)) {
      const field = this.fields[name] as Field;
      const messages: string[] = [];
      if (!given.has(name)) {
        if (field.required && !partial) messages.push('required');
      } else if (given.get(name) === null) {
        if (field.nullable) value[name] = null;
        else messages.push('null');
      } else {
        value[name] = field.toInternal(given.get(name), messages);
      }
      if (messages.length) errors[name] = messages;
    }
    return Object.keys(errors).length ? { ok: false, errors } : { ok: true, value };
  }

  show(doc: Record<string, unknown>): object {
    const entries = Object.entries(this.fields).filter(([name]) => doc[name] !== undefined).map(([name, field]) => [name, field.toJson(doc[name])]);
    return Object.fromEntries([['_id', (doc._id as ObjectId).toString()], ...entries]);
  }
}

const serializer = new LogSerializer();

export function deserialize(input: unknown, options: { partial?: boolean } = {}): Result {
  return serializer.read(input, options.partial === true);
}

export function serialize(doc: Record<string, unknown>): object {
  return serializer.show(doc);
}

export function serializeMany(docs: Record<string, unknown>[]): object[] {
  const result: object[] = [];
  for (const doc of docs) result.push(serialize(doc));
  return result;
}
