import { bool, integer, object, readArguments, required, text, wrongType, type Argument } from './arguments.ts';
import { smallestInteger, toDouble } from './bson/number.ts';
import { compareValues } from './bson/compare.ts';
import { int32 } from './bson/decode.ts';
import { showDoc } from './bson/show.ts';
import { Doc, isNumeric, type Value } from './bson/value.ts';
import { MongoError } from './errors.ts';
import { checkStorageEngine } from './storage-engine.ts';

const idPattern = Doc.of({ _id: int32(1) });

const mostBytes = 2 ** 50;
const mostDocuments = 0x7fffffff;

/** A capped collection's size in bytes. */
export const cappedSize = integer({ max: mostBytes });

/** How many documents a capped collection holds at most. */
export const cappedMax: Argument<number> = {
  parse(value, field) {
    const number = integer().parse(value, field);
    if (number > mostDocuments) throw new MongoError('BadValue', `max in a capped collection has to be < 2^31 or not set, actual value '${number}'`);
    return number;
  },
};

/** How a clustered collection's order is named and shown; undefined for a collection that is none. */
export interface ClusteredIndex {
  readonly name: string;
  /** As `listCollections` shows it. */
  readonly options: Doc;
  /** As `listIndexes` does. */
  readonly shown: Doc;
}

/**
 * `clusteredIndex`: `{ key: { _id: 1 }, unique: true, name? }`, or false.
 * https://www.mongodb.com/docs/manual/core/clustered-collections/
 */
export const clusteredIndex: Argument<ClusteredIndex | undefined> = {
  takesNull: true,
  parse(value, field) {
    if (typeof value === 'boolean' || isNumeric(value)) {
      if (bool.parse(value, field)) throw new MongoError(5979703, 'Clustered collections of the legacy format are for time series only: give clusteredIndex as a document');
      return undefined;
    }
    if (!(value instanceof Doc)) throw wrongType(field, value, ['bool', 'object', 'long', 'int', 'decimal', 'double']);
    const args = readArguments('create.clusteredIndex', value, { v: integer(), key: required(object), name: text, unique: required(bool) });
    if (compareValues(args.key, idPattern) !== 0) throw new MongoError('InvalidIndexSpecificationOption', `The 'clusteredIndex' key has to be {_id: 1}, not ${showDoc(args.key)}`);
    if (!args.unique) throw new MongoError(5979700, 'The \'clusteredIndex\' option has to be {unique: true}');
    if (args.v !== undefined && args.v !== 2) throw new MongoError(5979704, `The 'clusteredIndex' version has to be 2, not ${args.v}`);
    const name = args.name ?? '_id_';
    const options = Doc.of({ v: int32(2), key: args.key, name, unique: true });
    return { name, options, shown: new Doc([...options, ['clustered', true]]) };
  },
};

/** Seconds after which the documents of a clustered collection go. */
export const expiry: Argument<number> = {
  parse(value, field) {
    const seconds = integer().parse(value, field);
    const invalid = (why: string): MongoError => new MongoError('InvalidOptions', `'expireAfterSeconds' ${why}`);
    if (seconds < 0) throw invalid('cannot be less than 0');
    if (seconds > Date.now() / 1000) throw invalid('has to be within the time since 1970');
    return seconds;
  },
};

/** What `indexOptionDefaults` may hold. */
export function readIndexDefaults(defaults: Doc | undefined): Doc | undefined {
  if (!defaults || defaults.size === 0) return undefined;
  const { storageEngine } = readArguments('create.indexOptionDefaults', defaults, { storageEngine: object });
  checkStorageEngine(storageEngine);
  return defaults;
}

/** What options of a capped collection `listCollections` shows: the size in whole blocks. */
export function cappedOptions(size: number, max: number | undefined): [string, Value][] {
  return [
    ['capped', true], ['size', smallestInteger(BigInt(Math.max(256, Math.ceil(size / 256) * 256)))],
    ...(max !== undefined && max > 0 ? [['max', int32(max)] as [string, Value]] : []),
  ];
}

/** `off`, or seconds: what `collMod` makes of a clustered collection's expiry. */
export function readExpiry(value: Value): number | undefined {
  if (value === 'off') return undefined;
  if (typeof value === 'string') throw new MongoError('InvalidOptions', `expireAfterSeconds has to be a number or 'off', not '${value}'`);
  if (isNumeric(value) && Number.isNaN(toDouble(value))) return 0;
  return expiry.parse(value, 'collMod.expireAfterSeconds');
}
