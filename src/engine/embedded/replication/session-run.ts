import type { CommandContext, Reply } from '../command.ts';
import { Doc, type Value } from '../bson/value.ts';
import { ErrorCodeLookup } from '../error-names.ts';
import { MongoError } from '../errors.ts';
import type { GenericArguments } from '../generic-arguments.ts';
import { withFields } from '../reply.ts';
import type { Server } from '../server-state.ts';
import type { Session } from '../sessions.ts';
import type { Store } from '../storage/store.ts';
import type { ReplicaSet } from './replica-set.ts';
import { SnapshotStore, tooOld } from './snapshot.ts';
import { Transaction } from './transaction.ts';

const inTransaction = new Set([
  'find', 'getMore', 'killCursors', 'insert', 'update', 'delete', 'findAndModify', 'findandmodify', 'aggregate', 'distinct', 'create', 'createIndexes',
  'bulkWrite', 'commitTransaction', 'abortTransaction', 'hello', 'isMaster', 'ismaster', 'ping', 'buildInfo', 'buildinfo', 'connectionStatus',
]);
/** A transaction cannot begin with these. */
const notFirst = new Set(['killCursors', 'hello', 'isMaster', 'ismaster', 'buildInfo', 'buildinfo', 'connectionStatus']);
const retryable = new Set(['insert', 'update', 'delete', 'findAndModify', 'findandmodify', 'bulkWrite']);
const ends = new Set(['commitTransaction', 'abortTransaction']);

/** How a command runs in its session: on which data, and what becomes of its reply or error. */
export interface SessionRun {
  /** The server as the command sees it. */
  readonly server: Server;
  readonly kind: 'plain' | 'write' | 'transaction';
  /** The reply of an earlier attempt at the same write, which may be under way still. */
  readonly known?: Reply | Promise<Reply | undefined> | undefined;
  /** Told of the reply to come, where the command takes longer. */
  pending?(reply: Promise<Reply | undefined>): void;
  done(reply: Reply): Reply;
  failed(error: unknown): unknown;
}

const same = <T>(given: T): T => given;
const plain = (server: Server): SessionRun => ({ server, kind: 'plain', done: same, failed: same });

/** @throws MongoError OperationNotSupportedInTransaction, for a command that a transaction may not have, or not there */
export function checkInTransaction(name: string, first: boolean, database: string): void {
  const unsupported = (message: string): MongoError => new MongoError('OperationNotSupportedInTransaction', message);
  if (!inTransaction.has(name)) throw unsupported(`Cannot run '${name}' in a multi-document transaction.`);
  if (first && notFirst.has(name)) throw unsupported(`Cannot run '${name}' as the first operation in a multi-document transaction.`);
  if (['config', 'local'].includes(database)) throw unsupported(`Cannot run command against the '${database}' database in a transaction.`);
}

/** Checks what a command says of its session. @throws MongoError where it does not go together */
export function sessionRun(server: Server, name: string, { generic, body, began }: CommandContext): SessionRun {
  const session = generic.session === undefined ? undefined : server.sessions.touch(generic.session, began);
  const { txnNumber, autocommit } = generic;
  if (txnNumber === undefined) {
    if (autocommit !== undefined) throw new MongoError('InvalidOptions', "'autocommit' field requires a transaction number to also be specified");
    if (generic.startTransaction) throw new MongoError('InvalidOptions', "'startTransaction' field requires a transaction number to also be specified");
    return snapshotRead(server, name, generic);
  }
  if (!session) throw new MongoError('InvalidOptions', 'Transaction number requires a session ID to also be specified');
  if (!server.replicaSet) throw new MongoError('IllegalOperation', 'Transaction numbers are only allowed on a replica set member or mongos');
  if (autocommit === true) throw new MongoError('InvalidOptions', 'Specifying autocommit=true is not allowed.');
  if (generic.startTransaction && autocommit === undefined) throw new MongoError('InvalidOptions', 'Specifying startTransaction requires autocommit=false');
  const number = session.last.kind === 'none' ? -1n : session.last.number;
  if (autocommit === undefined && !retryable.has(name)) {
    throw new MongoError(50768, `txnNumber may only be provided for multi-document transactions and retryable write commands. autocommit:false was not provided, and ${name} is not a retryable write command.`);
  }
  if (txnNumber < number) {
    throw new MongoError('TransactionTooOld', `Retryable write with txnNumber ${txnNumber} is prohibited on session ${generic.session} because a newer retryable write with txnNumber ${number} has already started on this session.`);
  }
  if (autocommit === undefined) return retryableWrite(server, name, session, txnNumber, generic, body);
  return transactionRun(server, server.replicaSet, name, session, txnNumber, generic);
}

/** A server with other data, all else the same. */
function withStore(server: Server, store: Store, transactional = false): Server {
  return Object.create(server, { store: { value: store }, transactional: { value: transactional } }) as Server;
}

function snapshotRead(server: Server, name: string, generic: GenericArguments): SessionRun {
  const { readConcern } = generic;
  if (readConcern?.level !== 'snapshot' || !server.replicaSet || name === 'getMore') return plain(server);
  if (!['find', 'aggregate', 'distinct'].includes(name)) throw new MongoError('InvalidOptions', `Command ${name} does not support { readConcern: { level: "snapshot" } } :: caused by :: read concern not supported`);
  const { oplog } = server.replicaSet;
  const at = readConcern.atClusterTime ?? oplog.time;
  const until = oplog.find(at);
  const seen = oplog.entry(until)?.time;
  if (until < oplog.start) throw tooOld();
  generic.snapshot = at;
  return plain(withStore(server, new SnapshotStore(server.store, oplog, seen?.t === at.t && seen.i === at.i ? until + 1 : until)));
}

function retryableWrite(server: Server, name: string, session: Session, number: bigint, generic: GenericArguments, body: Doc): SessionRun {
  if (session.last.kind === 'transaction' && session.last.number === number) {
    throw new MongoError('IncompleteTransactionHistory', 'Cannot continue a transaction without autocommit=false');
  }
  session.abort();
  if (session.last.kind !== 'writes' || session.last.number !== number) session.last = { kind: 'writes', number, replies: new Map() };
  const { replies } = session.last;
  const statement = `${name} ${String(firstStatement(body))}`;
  return {
    server, kind: 'write', known: replies.get(statement),
    pending: (reply) => void replies.set(statement, reply),
    done(reply) {
      replies.set(statement, reply);
      return reply;
    },
    failed(error) {
      replies.delete(statement);
      return labelled(error, name, generic);
    },
  };
}

function firstStatement(body: Doc): unknown {
  const ids = body.get('stmtIds');
  const first = body.get('stmtId') ?? (Array.isArray(ids) ? ids[0] : undefined);
  return first === undefined ? '' : JSON.stringify(first, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
}

function transactionRun(server: Server, replicaSet: ReplicaSet, name: string, session: Session, number: bigint, generic: GenericArguments): SessionRun {
  if (generic.writeConcern && !ends.has(name)) throw new MongoError('InvalidOptions', `${name} is not allowed with a writeConcern in a multi-statement transaction`);
  if (generic.startTransaction) begin(server, replicaSet, session, number, generic);
  else if (generic.readConcern) throw new MongoError('InvalidOptions', 'Only the first command in a transaction may specify a readConcern');
  const { last } = session;
  if (ends.has(name)) return { ...plain(server), failed: (error) => labelled(error, name, generic) };
  if (last.kind !== 'transaction' || last.number !== number) {
    throw transient(new MongoError('NoSuchTransaction', `Given transaction number ${number} does not match any in-progress transactions. The active transaction number is ${last.kind === 'none' ? -1 : last.number}`));
  }
  if (last.state === 'committed') throw new MongoError('TransactionCommitted', `Transaction with { txnNumber: ${number} } has been committed.`);
  if (last.state !== 'open') throw transient(new MongoError('NoSuchTransaction', `Transaction with { txnNumber: ${number} } has been aborted.`));
  return {
    server: withStore(server, last.transaction.store, true), kind: 'transaction',
    done(reply) {
      if (!Buffer.isBuffer(reply) && reply.has('writeErrors')) session.abort();
      return reply;
    },
    failed(error) {
      session.abort();
      return labelled(error, name, generic);
    },
  };
}

function begin(server: Server, replicaSet: ReplicaSet, session: Session, number: bigint, { readConcern }: GenericArguments): void {
  const level = readConcern?.level;
  if (level !== undefined && !['local', 'majority', 'snapshot'].includes(level)) {
    throw new MongoError('InvalidOptions', `The readConcern level must be either 'local' (default), 'majority' or 'snapshot' in order to run in a transaction`);
  }
  if (session.last.kind !== 'none' && session.last.number === number) {
    throw new MongoError('ConflictingOperationInProgress', `Cannot start a transaction at given transaction number ${number} a transaction with the same number is in state ${session.last.kind === 'transaction' ? session.last.state : 'none'}`);
  }
  session.abort();
  session.last = { kind: 'transaction', number, state: 'open', transaction: new Transaction(server.store, replicaSet.oplog, replicaSet.open) };
}

const transientCodes = new Set([112, 246, 251, 24, 267, 6, 7, 89, 91, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436]);
const retryableCodes = new Set([6, 7, 89, 91, 134, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436]);
/** After these a transaction may be tried again from its beginning, though it was being ended: nothing of it was done. */
const neverDone = new Set([24, 112, 239, 246, 251, 267]);
const isTransient = (code: number): boolean => transientCodes.has(code);
/** True where a write that failed so may be sent again. */
export const isRetryable = (code: number): boolean => retryableCodes.has(code);

const transient = (error: MongoError): MongoError => withLabel(error, 'TransientTransactionError');

/** True for what a driver sends again where the answer did not come: retryable writes, and the end of a transaction. */
export const isRetried = (name: string, { txnNumber, autocommit }: GenericArguments): boolean => txnNumber !== undefined && (autocommit === undefined || ends.has(name));

/** An error with the label that tells a driver what to do about it. */
export function labelled(error: unknown, name: string, generic: GenericArguments): unknown {
  if (!(error instanceof MongoError) || generic.txnNumber === undefined || error.extra?.has('errorLabels')) return error;
  if (ends.has(name) && neverDone.has(error.code)) return withLabel(error, 'TransientTransactionError');
  if (isRetried(name, generic)) return isRetryable(error.code) ? withLabel(error, 'RetryableWriteError') : error;
  return isTransient(error.code) ? withLabel(error, 'TransientTransactionError') : error;
}

function withLabel(error: MongoError, label: string): MongoError {
  const extra = new Doc([...(error.extra ?? []), ['errorLabels', [label]]]);
  return new MongoError(ErrorCodeLookup.get(error.code) ?? error.code, error.message, extra);
}

const notPrimary = new Set([189, 10058, 10107, 11602, 13435, 13436]);

/**
 * True where an error has the version of the topology with it: a driver that knows that version already need not look at the member
 * anew. One of a member that shuts down has it only while it waits for that, as this one never does: drivers drop their connections.
 */
export const tellsTopology = (server: Server, code: number): boolean => server.replset && notPrimary.has(code);

/** A write concern that one member cannot satisfy, or that a fail point made fail. */
export function withWriteConcernError(reply: Reply, error: Doc, { labels, topologyVersion }: { labels?: Value[] | undefined; topologyVersion?: Doc | undefined } = {}): Reply {
  const more = Doc.of({ writeConcernError: error, errorLabels: labels, topologyVersion });
  return Buffer.isBuffer(reply) ? withFields(reply, more) : new Doc([...reply, ...more]);
}
