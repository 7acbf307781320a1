import { anything, bool, clampedInteger, readArguments, text, wrongType, type ArgumentFields } from './arguments.ts';
import { showDoc } from './bson/show.ts';
import { toDouble } from './bson/number.ts';
import { Doc, isNumeric, Timestamp, typeName, type Value } from './bson/value.ts';
import { MongoError } from './errors.ts';

export interface WriteConcern {
  /** A number of members, `majority` or the name of another mode, or tags. */
  w: number | string | Doc;
  /** How many milliseconds are waited for them; 0 for ever. */
  wtimeout: number;
}

export interface ReadConcern {
  level: string | undefined;
  afterClusterTime: Timestamp | undefined;
  atClusterTime: Timestamp | undefined;
}

/** The levels of read concern. */
export const readLevels: readonly string[] = ['local', 'majority', 'linearizable', 'available', 'snapshot'];
const provenances = ['clientSupplied', 'implicitDefault', 'customDefault', 'getLastErrorDefaults', 'internalWriteDefault'];

const timestamp = {
  takesNull: true,
  parse(value: Value, field: string): Timestamp {
    if (!(value instanceof Timestamp)) throw wrongType(field, value, ['timestamp']);
    return value;
  },
} as const;

const readConcernFields = {
  level: text, afterClusterTime: timestamp, atClusterTime: timestamp, afterOpTime: anything, provenance: text, $wantsRead: anything,
  waitLastStableRecoveryTimestamp: bool, allowTransactionTableSnapshot: bool,
} satisfies ArgumentFields;

/**
 * Reads a read concern. https://www.mongodb.com/docs/manual/reference/read-concern/
 * @param allowed the levels that the command takes; `local` is always one
 */
export function readReadConcern(command: string, doc: Doc, allowed: readonly string[], replset: boolean): ReadConcern {
  const args = readArguments('readConcern', doc, readConcernFields);
  const { level } = args;
  if (level !== undefined && !readLevels.includes(level)) {
    throw new MongoError('BadValue', `Enumeration value '${level}' for field 'readConcern.level' is not a valid value.`);
  }
  checkProvenance('readConcern', args.provenance);
  for (const name of ['afterClusterTime', 'atClusterTime'] as const) {
    if (args[name]?.t === 0) throw new MongoError('InvalidOptions', `${name} cannot be a null timestamp`);
  }
  if (args.afterClusterTime && !replset) throw new MongoError('IllegalOperation', 'Cannot specify afterClusterTime readConcern without replication enabled');
  if (level !== undefined && level !== 'local' && !allowed.includes(level)) {
    throw new MongoError('InvalidOptions', `Command ${command} does not support { readConcern: ${showDoc(doc)} } :: caused by :: read concern not supported`);
  }
  if (args.atClusterTime && level !== 'snapshot') throw new MongoError('InvalidOptions', 'readConcern.atClusterTime is only supported with level snapshot');
  if ((level === 'snapshot' || level === 'linearizable') && !replset) {
    throw new MongoError('NotAReplicaSet', `node needs to be a replica set member to use readConcern: ${level}`);
  }
  return { level, afterClusterTime: args.afterClusterTime, atClusterTime: args.atClusterTime };
}

function checkProvenance(field: string, value: string | undefined): void {
  if (value !== undefined && !provenances.includes(value)) {
    throw new MongoError('BadValue', `Enumeration value '${value}' for field '${field}.provenance' is not a valid value.`);
  }
}

const wrong = (message: string): MongoError => new MongoError('FailedToParse', message);

const writeConcernFields = {
  w: { ...anything, takesNull: true }, j: bool, fsync: bool, wtimeout: anything, wtimeoutMS: anything, provenance: text, getLastError: anything,
} satisfies ArgumentFields;

/**
 * Reads a write concern. https://www.mongodb.com/docs/manual/reference/write-concern/
 * @param writes false for a command that takes none
 */
export function readWriteConcern(command: string, doc: Doc, writes: boolean, replset: boolean): WriteConcern {
  const args = readArguments('writeConcern', doc, writeConcernFields);
  if (args.fsync && args.j) throw wrong('fsync and j options cannot be used together');
  if (args.wtimeout !== undefined && isNumeric(args.wtimeout) && toDouble(args.wtimeout) > 0x7fffffff) throw wrong('wtimeout must be a 32-bit integer');
  checkProvenance('writeConcern', args.provenance);
  const w = readW(args.w, replset);
  if (!writes) throw new MongoError('InvalidOptions', `Command ${command} does not support writeConcern`);
  return { w, wtimeout: args.wtimeout !== undefined && isNumeric(args.wtimeout) ? Math.trunc(toDouble(args.wtimeout)) || 0 : 0 };
}

function readW(w: Value | undefined, replset: boolean): WriteConcern['w'] {
  if (w === undefined) return 1;
  if (w === null || (typeof w === 'string' && w !== 'majority')) {
    const mode = w ?? '';
    // A replica set does the write, and says then that it knows of no such mode.
    if (replset) return mode;
    throw new MongoError('BadValue', `cannot use non-majority 'w' mode ${JSON.stringify(mode)} when a host is not a member of a replica set`);
  }
  if (w === 'majority') return w;
  if (isNumeric(w)) {
    const number = Number.isNaN(toDouble(w)) ? Number.NaN : clampedInteger(w);
    if (!(number >= 0 && number <= 50)) throw wrong('w has to be a non-negative number and not greater than 50');
    if (number > 1 && !replset) throw new MongoError('BadValue', "cannot use 'w' > 1 when a host is not replicated");
    return number;
  }
  if (!(w instanceof Doc)) throw wrong(`w has to be a number, string, or object; found: ${typeName(w)}`);
  if (w.size === 0) throw wrong('tagged write concern requires tags');
  for (const [tag, value] of w) if (!isNumeric(value)) throw wrong(`tags must be a single level document with only number values; found: ${tag}`);
  return w;
}
