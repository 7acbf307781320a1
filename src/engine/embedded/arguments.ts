import { fieldsOf } from './bson/decode.ts';
import { partsOf, roundHalfEven } from './bson/decimal.ts';
import { toDouble, toBigInt } from './bson/number.ts';
import { Decimal128, Doc, Int32, isNumeric, typeName, Undefined, type BsonTypeName, type Numeric, type Value } from './bson/value.ts';
import { isTrue } from './truth.ts';
import { MongoError } from './errors.ts';

/** How one field of a command is read. */
export interface Argument<T> {
  /** @param field as messages name it: `find.limit` */
  parse(value: Value, field: string): T;
  readonly required?: boolean;
  /** Null is a value like others, not an absent field. */
  readonly takesNull?: boolean;
  /** True of values that `parse` gives back as they are: most of what comes, for which no message needs the field's name. */
  takes?(value: Value): boolean;
}

/** The fields of a command, by name. */
export type ArgumentFields = Readonly<Record<string, Argument<unknown>>>;

/** What reading them gives: required ones are there, others may be undefined. */
export type Arguments<F extends ArgumentFields> = {
  readonly [K in keyof F]: F[K] extends Argument<infer T> ? (F[K] extends { required: true } ? T : T | undefined) : never;
};

/** @throws MongoError TypeMismatch, as MongoDB words it */
export function wrongType(field: string, value: Value, expected: readonly string[]): MongoError {
  const types = expected.length === 1 ? `expected type '${expected[0]}'` : `expected types '[${expected.join(', ')}]'`;
  return new MongoError('TypeMismatch', `BSON field '${field}' is the wrong type '${typeName(value)}', ${types}`);
}

function ofType<T extends Value>(expected: BsonTypeName, takes: (value: Value) => boolean): Argument<T> {
  return {
    takes,
    parse(value, field) {
      if (!takes(value)) throw wrongType(field, value, [expected]);
      return value as T;
    },
  };
}

const numbers = ['long', 'int', 'decimal', 'double'] as const;

/** A number of any type, cut to an integer, between limits. */
export function integer(limits: { min?: number; max?: number } = {}): Argument<number> {
  return {
    parse(value, field) {
      if (!isNumeric(value)) throw wrongType(field, value, numbers);
      const number = clampedInteger(value);
      const { min, max } = limits;
      if (min !== undefined && number < min) throw new MongoError('BadValue', `BSON field '${field.split('.').at(-1)}' value must be >= ${min}, actual value '${number}'`);
      if (max !== undefined && number > max) throw new MongoError('BadValue', `BSON field '${field.split('.').at(-1)}' value must be <= ${max}, actual value '${number}'`);
      return number;
    },
  };
}

/** A number of any type as an integer: doubles cut, decimals rounded half to even. */
export function clampedInteger(value: Numeric): number {
  if (value instanceof Int32) return value.value;
  const number = toDouble(value);
  if (Number.isNaN(number)) return 0;
  if (!Number.isFinite(number)) return Math.sign(number) * Number.MAX_SAFE_INTEGER;
  return value instanceof Decimal128 ? roundedDecimal(value) : Number(toBigInt(value) ?? 0n);
}

/** Half to even, where doubles are cut. */
function roundedDecimal(value: Decimal128): number {
  const parts = partsOf(value);
  if (parts.kind !== 'finite') return 0;
  const whole = parts.exponent >= 0 ? parts.coefficient * 10n ** BigInt(parts.exponent) : roundHalfEven(parts.coefficient, -parts.exponent);
  return Number(parts.negative ? -whole : whole);
}

/** True or false, nothing else. */
export const strictBool = ofType<boolean>('bool', (value) => typeof value === 'boolean');

/** True, false, or a number: 0 is false. */
export const bool: Argument<boolean> = {
  takes: (value) => typeof value === 'boolean',
  parse(value, field) {
    if (typeof value === 'boolean') return value;
    if (isNumeric(value)) return isTrue(value);
    throw wrongType(field, value, ['bool', ...numbers]);
  },
};

export const text = ofType<string>('string', (value) => typeof value === 'string');
export const object = ofType<Doc>('object', (value) => value instanceof Doc);
export const array = ofType<Value[]>('array', Array.isArray);

/** Any value but null, which stands for an absent field. */
export const something: Argument<Value> = { takes: () => true, parse: (value) => value };

/** Any value, null too. */
export const anything: Argument<Value> = { ...something, takesNull: true };

/** A hint: a key pattern or an index's name. */
export const hint: Argument<Doc | string> = {
  takesNull: true,
  parse(value) {
    if (typeof value === 'string' || value instanceof Doc) return value;
    throw new MongoError('FailedToParse', 'Hint must be a string or an object');
  },
};

/** An array of documents. */
export const objects: Argument<Doc[]> = {
  parse(value, field) {
    if (!Array.isArray(value)) throw wrongType(field, value, ['array']);
    return value.map((item, index) => {
      if (!(item instanceof Doc)) throw wrongType(`${field}.${index}`, item, ['object']);
      return item;
    });
  },
};

/** The same, where the field may not be missing. */
export function required<T>(argument: Argument<T>): Argument<T> & { readonly required: true } {
  return { ...argument, required: true };
}

/** Absent, as null and undefined are in most fields. */
export const isAbsent = (value: Value): boolean => value === null || value instanceof Undefined;

/**
 * Reads the fields of a document that stands in a command.
 * @param name of the command or the document, for messages
 * @param known fields that are read elsewhere
 * @throws MongoError 40415 for a field that is not known, 40413 for one that comes twice, 40414 for a required one that is missing, 14 for a wrong type
 */
export function readArguments<F extends ArgumentFields>(name: string, doc: Doc, fields: F, known?: (field: string) => boolean): Arguments<F> {
  const result: Record<string, unknown> = {};
  const { byName, required } = tableOf(fields);
  refuseRepeated(name, doc);
  for (const [field, value] of fieldsOf(doc)) {
    const argument = byName.get(field);
    if (!argument) {
      if (known?.(field)) continue;
      throw new MongoError(40415, `BSON field '${name}.${field}' is an unknown field.`);
    }
    if (isAbsent(value) && !argument.takesNull) continue;
    result[field] = argument.takes?.(value) ? value : argument.parse(value, `${name}.${field}`);
  }
  for (const field of required) {
    if (!(field in result)) throw new MongoError(40414, `BSON field '${name}.${field}' is missing but a required field`);
  }
  return result as Arguments<F>;
}

/** @throws MongoError 40413 where a name comes twice, and is not absent by being null: which of the two would count? */
export function refuseRepeated(name: string, doc: Doc): void {
  const fields = fieldsOf(doc);
  if (fields === doc) return;
  const seen = new Set<string>();
  for (const [field, value] of fields) {
    if (isAbsent(value)) continue;
    if (seen.has(field)) throw new MongoError(40413, `BSON field '${name}.${field}' is a duplicate field`);
    seen.add(field);
  }
}

interface FieldTable {
  readonly byName: ReadonlyMap<string, Argument<unknown>>;
  /** The fields that may not be missing. */
  readonly required: readonly string[];
}

const tables = new WeakMap<ArgumentFields, FieldTable>();

/** The fields as they are looked up. Made once: a command has dozens, and each of its calls asks. */
function tableOf(fields: ArgumentFields): FieldTable {
  let table = tables.get(fields);
  if (!table) {
    const all = Object.entries(fields);
    tables.set(fields, (table = { byName: new Map(all), required: all.filter(([, { required }]) => required).map(([field]) => field) }));
  }
  return table;
}

/** The fields by their names. */
export const fieldsByName = (fields: ArgumentFields): ReadonlyMap<string, Argument<unknown>> => tableOf(fields).byName;
