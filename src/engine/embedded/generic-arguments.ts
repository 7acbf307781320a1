import { anything, bool, fieldsByName, integer, isAbsent, object, something, strictBool, text, wrongType, type Argument, type Arguments } from './arguments.ts';
import { Binary, Doc, isNumeric, Timestamp, typeName, Undefined, type Value } from './bson/value.ts';
import { toBigInt, toDouble } from './bson/number.ts';
import { readLevels, readReadConcern, readWriteConcern, type ReadConcern, type WriteConcern } from './concerns.ts';
import { MongoError } from './errors.ts';

/** What any command may be given beside its own fields. */
export interface GenericArguments {
  /** The session's id, as hex. */
  session: string | undefined;
  txnNumber: bigint | undefined;
  startTransaction: boolean;
  /** False within a transaction, else undefined. */
  autocommit: boolean | undefined;
  readConcern: ReadConcern | undefined;
  writeConcern: WriteConcern | undefined;
  /** When the time that `maxTimeMS` gives is over, in milliseconds since the process began. */
  deadline: number | undefined;
  maxTimeMS: number | undefined;
  comment: Value | undefined;
  readPreference: Doc | undefined;
  /** The moment whose data is read, where it is not the present. */
  snapshot?: Timestamp;
}

/** The number of the transaction that a command is part of. */
export const transactionOf = ({ autocommit, txnNumber }: GenericArguments): bigint | undefined => (autocommit === false ? txnNumber : undefined);

/** What a command may be given: who runs it says. */
export interface Allowed {
  /** The levels of read concern it takes. */
  reads: readonly string[];
  /** A write concern. */
  writes: boolean;
  replset: boolean;
}

/** What clients send on of the time that they were told. */
const gossipedTime: Argument<Doc> = {
  takes: (value) => value instanceof Doc && value.get('clusterTime') instanceof Timestamp,
  parse(value) {
    if (!(value instanceof Doc)) throw wrongType('$clusterTime', value, ['object']);
    const time = value.get('clusterTime');
    if (time === undefined) throw new MongoError(40414, "BSON field '$clusterTime.clusterTime' is missing but a required field");
    throw wrongType('$clusterTime.clusterTime', time, ['timestamp']);
  },
};

const generic = {
  $db: text, lsid: object, txnNumber: something, startTransaction: bool, autocommit: strictBool, readConcern: object, writeConcern: object,
  maxTimeMS: anything, comment: anything, $readPreference: object, $clusterTime: gossipedTime, apiVersion: text, apiStrict: bool,
  apiDeprecationErrors: bool, $queryOptions: object, $audit: object, $client: object, $configServerState: object,
  $replData: anything, $oplogQueryData: anything, clientOperationKey: anything, maxTimeMSOpOnly: integer(), rawData: bool, $traceCtx: object,
  mayBypassWriteBlocking: bool, databaseVersion: anything, shardVersion: anything, help: anything, operationTime: anything,
  coordinator: anything, stmtId: anything, stmtIds: anything, usedStableApi: anything,
} satisfies Record<string, Argument<unknown>>;

/** True for a field that every command takes. */
export const isGeneric = (field: string): boolean => genericByName.has(field);

const genericByName = fieldsByName(generic);

/**
 * Reads what all commands take.
 * @param name of the command
 * @param own told of the fields that are not among them, which the command reads itself
 * @throws MongoError where one is wrong
 */
export function readGeneric(name: string, body: Doc, { reads, writes, replset }: Allowed, own: (field: string) => void): GenericArguments {
  const args = readFields(name, body, own);
  checkApi(args.apiVersion, args.apiStrict, args.apiDeprecationErrors);
  const maxTimeMS = readMaxTime(name, args.maxTimeMS ?? null);
  return {
    session: args.lsid && readSession(args.lsid),
    txnNumber: args.txnNumber === undefined ? undefined : readTxnNumber(args.txnNumber),
    startTransaction: args.startTransaction ?? false,
    autocommit: args.autocommit,
    readConcern: args.readConcern && readReadConcern(name, args.readConcern, args.startTransaction === true ? readLevels : reads, replset),
    writeConcern: args.writeConcern && readWriteConcern(name, args.writeConcern, writes, replset),
    deadline: maxTimeMS ? performance.now() + maxTimeMS : undefined,
    maxTimeMS,
    comment: args.comment,
    readPreference: args.$readPreference && readReadPreference(args.$readPreference),
  };
}

type Read = Partial<Arguments<typeof generic>>;

/** As `readArguments` reads them, into an object whose shape is always the same: this is done for every command. */
function readFields(name: string, body: Doc, own: (field: string) => void): Read {
  let lsid, txnNumber, startTransaction, autocommit, readConcern, writeConcern, maxTimeMS, comment, $readPreference, apiVersion, apiStrict, apiDeprecationErrors;
  for (const [field, value] of body) {
    const argument = genericByName.get(field);
    if (!argument) {
      own(field);
      continue;
    }
    if (isAbsent(value) && !argument.takesNull) continue;
    const read = argument.takes?.(value) ? value : argument.parse(value, `${name}.${field}`);
    switch (field) {
      case 'lsid': lsid = read; break;
      case 'txnNumber': txnNumber = read; break;
      case 'startTransaction': startTransaction = read; break;
      case 'autocommit': autocommit = read; break;
      case 'readConcern': readConcern = read; break;
      case 'writeConcern': writeConcern = read; break;
      case 'maxTimeMS': maxTimeMS = read; break;
      case 'comment': comment = read; break;
      case '$readPreference': $readPreference = read; break;
      case 'apiVersion': apiVersion = read; break;
      case 'apiStrict': apiStrict = read; break;
      case 'apiDeprecationErrors': apiDeprecationErrors = read; break;
      default:
    }
  }
  return { lsid, txnNumber, startTransaction, autocommit, readConcern, writeConcern, maxTimeMS, comment, $readPreference, apiVersion, apiStrict, apiDeprecationErrors } as Read;
}

function checkApi(version: string | undefined, strict: boolean | undefined, errors: boolean | undefined): void {
  if (version === undefined) {
    if (strict !== undefined || errors !== undefined) throw new MongoError(4886600, 'Provided apiStrict and/or apiDeprecationErrors without passing apiVersion');
    return;
  }
  if (version !== '1') throw new MongoError('APIVersionError', `API version must be "1", got: ${version}`);
}

function readMaxTime(command: string, value: Value): number | undefined {
  if (value === null || value instanceof Undefined) return undefined;
  if (!isNumeric(value)) throw wrongType(`${command}.maxTimeMS`, value, ['long', 'int', 'decimal', 'double']);
  const number = toDouble(value);
  if (!Number.isInteger(number) || Math.abs(number) > 2 ** 63) throw new MongoError('FailedToParse', 'maxTimeMS has non-integral value');
  if (number < 0 || number > 0x7fffffff) throw new MongoError('BadValue', `${number} value for maxTimeMS is out of range [0, 2147483647]`);
  return number;
}

function readSession(lsid: Doc): string {
  const id = lsid.get('id');
  if (id === undefined) throw new MongoError(40414, "BSON field 'OperationSessionInfo.lsid.id' is missing but a required field");
  if (!(id instanceof Binary) || id.subtype !== 4) {
    if (!(id instanceof Binary)) throw wrongType('lsid.id', id, ['binData']);
    throw new MongoError('TypeMismatch', `BSON field 'lsid.id' is the wrong binData type '${id.subtype}', expected type 'UUID'`);
  }
  if (id.bytes.length !== 16) throw new MongoError('InvalidUUID', 'uuid must be a 16-byte binary field with UUID (4) subtype');
  return hexOf(id.bytes);
}

let [lastId, lastHex]: [Uint8Array, string] = [new Uint8Array(0), ''];

/** A session's id in hex: mostly it is that of the request before. */
function hexOf(id: Uint8Array): string {
  let same = id.length === lastId.length;
  for (let at = 0; same && at < id.length; at++) same = id[at] === lastId[at];
  if (same) return lastHex;
  [lastId, lastHex] = [id, Buffer.from(id).toString('hex')];
  return lastHex;
}

function readTxnNumber(value: Value): bigint {
  if (typeof value !== 'bigint') throw new MongoError('TypeMismatch', `BSON field 'OperationSessionInfo.txnNumber' is the wrong type '${typeName(value)}', expected type 'long'`);
  const number = toBigInt(value) as bigint;
  if (number < 0n) throw new MongoError('InvalidOptions', 'Transaction number cannot be negative');
  return number;
}

const modes = ['primary', 'primaryPreferred', 'secondary', 'secondaryPreferred', 'nearest'];

function readReadPreference(doc: Doc): Doc {
  const mode = doc.get('mode');
  if (mode !== undefined && typeof mode !== 'string') throw wrongType('$readPreference.mode', mode, ['string']);
  if (typeof mode === 'string' && !modes.includes(mode)) {
    throw new MongoError('FailedToParse', `Could not parse $readPreference mode '${mode}'. Only the modes '${modes.slice(0, 4).join("', '")}', and '${modes[4]}' are supported.`);
  }
  return doc;
}
