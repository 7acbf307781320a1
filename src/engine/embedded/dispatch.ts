import type { Request } from '../../wire/message.ts';
import { fieldsByName, refuseRepeated } from './arguments.ts';
import { authorize } from './auth/authorize.ts';
import { decodeDocument, int32 } from './bson/decode.ts';
import { Doc, Int32, type Value } from './bson/value.ts';
import type { Client } from './client.ts';
import type { CommandContext, CommandDefinition, Reply, Work } from './command.ts';
import { ErrorCodeLookup } from './error-names.ts';
import { MongoError } from './errors.ts';
import { readLevels } from './concerns.ts';
import { readGeneric, type GenericArguments } from './generic-arguments.ts';
import { decodeCommand, rawDocuments } from './raw-documents.ts';
import { checkInTransaction, isRetried, isRetryable, labelled, sessionRun, tellsTopology, withWriteConcernError } from './replication/session-run.ts';
import { errorReply } from './reply.ts';
import { translateStorageError } from './storage-errors.ts';
import { StorageError } from './storage/errors.ts';
import type { Server } from './server-state.ts';
import { checkDatabaseName, namespaceOf } from './namespace.ts';

/** The longest a command runs before others have a turn, in milliseconds. */
const turn = 8;

/** Answers one request; a promise where it takes longer or waits. Undefined where the connection was ended. */
export function dispatch(server: Server, client: Client, request: Request): Reply | undefined | Promise<Reply | undefined> {
  try {
    const reply = start(server, client, request);
    return reply instanceof Promise ? reply.catch((error: unknown) => refusal(server, error)) : reply;
  } catch (error) {
    return refusal(server, error);
  }
}

function refusal(server: Server, error: unknown): Doc {
  const reply = failure(error);
  return error instanceof MongoError && tellsTopology(server, error.code) ? reply.set('topologyVersion', server.topologyVersion) as Doc : reply;
}

/** The reply that reports an error. One that is not MongoDB's own is our fault; it is answered as an internal one. */
export function failure(error: unknown): Doc {
  if (error instanceof MongoError) return errorReply(error);
  if (error instanceof StorageError && (error.failure.kind === 'full' || error.failure.kind === 'index-dropped')) return failure(translateStorageError(error, ''));
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`mongo-course: internal error of the embedded server: ${text}\n`);
  return errorReply(new MongoError('InternalError', error instanceof Error ? error.message : String(error)));
}

function start(server: Server, client: Client, request: Request): Reply | undefined | Promise<Reply | undefined> {
  // Whom access is denied is shown the whole command.
  const body = server.accessControl ? decodeDocument(request.body) : decodeCommand(request.body);
  const name = body.keys().next().value ?? '';
  server.counters.command++;
  const definition = server.commands.get(name);
  if (!definition) throw new MongoError('CommandNotFound', `no such command: '${name}'`);
  refuseRepeated(name, body);
  const database = databaseOf(request, body);
  if (server.replset && body.get('autocommit') === false) checkInTransaction(name, body.get('startTransaction') === true, database);
  if (definition.reads && database === 'local' && server.replset && body.get(name) === 'oplog.rs') {
    throw new MongoError('CommandNotSupported', 'local.oplog.rs is not there to be read; a change stream tells what it holds');
  }
  if (definition.adminOnly && database !== 'admin') throw new MongoError('Unauthorized', `${name} may only be run against the admin database.`);
  authorize(server, client, name, database, body);
  const began = performance.now();
  client.operation = { id: ++server.lastOperation, command: name, database, bytes: request.body, began };
  const known = definition.fields && fieldsByName(definition.fields);
  let unknown: string | undefined;
  const generic = readGeneric(name, body, { reads: definition.readConcerns?.(body) ?? (definition.reads ? readLevels : none), writes: definition.writes ?? false, replset: server.replset }, (field) => {
    if (known && unknown === undefined && !known.has(field) && field !== name) unknown = field;
  });
  if (unknown !== undefined) throw unknownField(name, unknown);
  if (known) checkSequences(name, body, known, request);
  if (body.get('apiStrict') === true && !definition.stable) {
    throw new MongoError('APIStrictError', `Provided apiStrict:true, but the command ${name} is not in API Version 1. Information on supported commands and migrations in API Version 1 can be found at https://dochub.mongodb.org/core/manual-versioned-api.`);
  }
  if (generic.maxTimeMS) limitTime(server, name, generic);
  server.sessions.expire(began);
  const context: CommandContext = {
    server, client, database, name, body, generic, began,
    documents: (field) => request.sequences.find((sequence) => sequence.name === field)?.documents ?? rawDocuments(request.body, field, name),
  };
  const injected = server.failPoints.none ? undefined : server.failPoints.hit(namesOf(server, name, definition), appName(client, body), targetOf(database, body.get(name)));
  if (!injected) return runInSession(definition, context);
  if (injected.blockMs <= 0) return suffer(injected, definition, context);
  return wait(injected.blockMs, server).then(() => suffer(injected, definition, { ...context, began: performance.now() }));
}

const none: readonly string[] = [];

/** What fail points make of a time limit; `getMore` has one only to wait by. */
function limitTime(server: Server, name: string, generic: GenericArguments): void {
  if (name !== 'getMore' && server.failPoints.timeIsOver()) throw new MongoError('MaxTimeMSExpired', 'operation exceeded time limit');
  if (server.failPoints.timeNeverEnds()) generic.deadline = undefined;
}

/** Runs it as its session says; a write that was done before is not done again. */
function runInSession(definition: CommandDefinition, outer: CommandContext): Reply | undefined | Promise<Reply | undefined> {
  const { server, client, name, generic, began } = outer;
  const run = sessionRun(server, name, outer);
  if (run.known) return run.known;
  const lost = run.kind === 'write' ? server.failPoints.hitWrite() : undefined;
  if (lost && !lost.committed) return hungUp(client);
  const kept = (reply: Reply): Reply | undefined => {
    countUsage(definition, outer, performance.now() - began);
    const final = run.done(reply);
    return lost ? hungUp(client) : unsatisfied(final, generic);
  };
  try {
    const reply = runCommand(definition, run.server === server ? outer : { ...outer, server: run.server });
    if (!(reply instanceof Promise)) return kept(reply);
    const later = reply.then(kept, (error: unknown) => { throw run.failed(error); });
    run.pending?.(later);
    return later;
  } catch (error) {
    throw run.failed(error);
  }
}

/** What is counted of a command that names a collection which is there. */
function countUsage({ reads, writes }: CommandDefinition, { server, database, body, name, generic }: CommandContext, ms: number): void {
  const target = body.get(name === 'getMore' ? 'collection' : name);
  const used = typeof target === 'string' ? (server.store.collection(database, target) ?? server.store.view(database, target)) : undefined;
  if (!used) return;
  const kind = generic.autocommit === false ? 'transactions' : reads || name === 'getMore' ? 'reads' : writes && writeCommands.has(name) ? 'writes' : 'commands';
  server.usage.count(used, kind, ms);
}

const writeCommands = new Set(['insert', 'update', 'delete', 'findAndModify', 'findandmodify']);

function hungUp(client: Client): undefined {
  client.hangUp();
  return undefined;
}

/** One member cannot acknowledge what more are asked to, or a mode that is not configured; the write is done all the same. */
function unsatisfied(reply: Reply, { writeConcern }: CommandContext['generic']): Reply {
  if (!writeConcern || writeConcern.w instanceof Doc || writeConcern.w === 'majority' || (typeof writeConcern.w === 'number' && writeConcern.w <= 1)) return reply;
  const { w, wtimeout } = writeConcern;
  const used = Doc.of({ w: typeof w === 'number' ? int32(w) : w, wtimeout: int32(wtimeout), provenance: 'clientSupplied' });
  const failed = typeof w === 'number'
    ? { code: int32(100), codeName: 'UnsatisfiableWriteConcern', errmsg: 'Not enough data-bearing nodes' }
    : { code: int32(79), codeName: 'UnknownReplWriteConcern', errmsg: `No write concern mode named '${w}' found in replica set configuration` };
  return withWriteConcernError(reply, Doc.of({ ...failed, errInfo: Doc.of({ writeConcern: used }) }));
}

type Injected = NonNullable<ReturnType<Server['failPoints']['hit']>>;

function suffer(injected: Injected, definition: CommandDefinition, context: CommandContext): Reply | undefined | Promise<Reply | undefined> {
  const { name, generic } = context;
  if (injected.closeConnection) return hungUp(context.client);
  const labels = injected.errorLabels === undefined ? undefined : Doc.of({ errorLabels: injected.errorLabels });
  if (injected.errorCode !== undefined) {
    throw labelled(new MongoError(ErrorCodeLookup.get(injected.errorCode) ?? injected.errorCode, "Failing command via 'failCommand' failpoint", labels), name, generic);
  }
  const reply = runInSession(definition, context);
  const { writeConcernError } = injected;
  if (!writeConcernError) return reply;
  const code = writeConcernError.get('code');
  const own = code instanceof Int32 && isRetried(name, generic) && isRetryable(code.value) ? ['RetryableWriteError'] : undefined;
  const topologyVersion = code instanceof Int32 && tellsTopology(context.server, code.value) ? context.server.topologyVersion : undefined;
  const add = (done: Reply | undefined): Reply | undefined => done && withWriteConcernError(done, writeConcernError, { labels: injected.errorLabels ?? own, topologyVersion });
  return reply instanceof Promise ? reply.then(add) : add(reply);
}

/** The names by which a fail point may call a command; `hello` and `isMaster` are two, here one file. */
function namesOf(server: Server, name: string, definition: CommandDefinition): string[] {
  return [...server.commands].filter(([other, { run }]) => run === definition.run && (other === 'hello') === (name === 'hello')).map(([other]) => other);
}

/** What the application calls itself, by the very handshake too. */
function appName(client: Client, body: Doc): string | undefined {
  const metadata = client.metadata ?? body.get('client');
  const application = metadata instanceof Doc ? metadata.get('application') : undefined;
  const name = application instanceof Doc ? application.get('name') : undefined;
  return typeof name === 'string' ? name : undefined;
}

const targetOf = (database: string, target: Value | undefined): string | undefined => (typeof target === 'string' ? namespaceOf(database, target) : undefined);

function databaseOf(request: Request, body: Doc): string {
  if (request.legacy) return request.legacyDatabase ?? 'admin';
  const database = body.get('$db');
  if (database === undefined) throw new MongoError(40571, 'OP_MSG requests require a $db argument');
  if (typeof database !== 'string') throw new MongoError('TypeMismatch', '$db must be a string');
  checkDatabaseName(database);
  return database;
}

function checkSequences(name: string, body: Doc, known: ReadonlyMap<string, unknown>, request: Request): void {
  for (const [at, { name: field }] of request.sequences.entries()) {
    if (request.sequences.findIndex((other) => other.name === field) < at) throw new MongoError(40431, `Duplicate document sequence: ${field}`);
    if (body.has(field)) throw new MongoError(40433, `Duplicate field between body and document sequence ${field}`);
    if (!known.has(field)) throw unknownField(name, field);
  }
}

const unknownField = (name: string, field: string): MongoError => new MongoError(40415, `BSON field '${name}.${field}' is an unknown field.`);

/** Runs it to its end, giving others a turn where it takes long. */
export function runCommand(definition: CommandDefinition, context: CommandContext): Reply | Promise<Reply> {
  const { server, client } = context;
  server.store.room.open = client.info.trusted ?? false;
  const result = definition.run(context);
  if (result instanceof Promise) return result.then(finished);
  if (result instanceof Doc || Buffer.isBuffer(result)) return finished(result);
  const done = runFor(result, context, context.began + turn);
  return done === undefined ? continueLater(result, context) : finished(done);
}

function runFor(work: Work<Reply>, { server, generic, client, name }: CommandContext, until: number): Reply | undefined {
  // Another may have had a turn meanwhile.
  server.store.room.open = client.info.trusted ?? false;
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
    const now = performance.now();
    if (generic.deadline !== undefined && now > generic.deadline) {
      work.return(new Doc());
      throw new MongoError('MaxTimeMSExpired', 'operation exceeded time limit');
    }
    if (client.closed && !goesOn(server, name)) {
      work.return(new Doc());
      throw new MongoError('ClientDisconnect', 'the client is gone');
    }
    if (now > until) return undefined;
  }
}

/**
 * True for a command that is done though its client is gone: a write, which the client may send again on another
 * connection. One that may have to wait for a transaction is given up: the transaction's client may be gone too.
 */
const goesOn = (server: Server, name: string): boolean =>
  (writeCommands.has(name) || name === 'bulkWrite') && !server.stopping.signal.aborted && (server.replicaSet?.open.size ?? 0) === 0;

async function continueLater(work: Work<Reply>, context: CommandContext): Promise<Reply> {
  for (;;) {
    await new Promise<void>((go) => setImmediate(go));
    // It may be waiting for a transaction that nobody ends.
    context.server.sessions.expire();
    const done = runFor(work, context, performance.now() + turn);
    if (done !== undefined) return finished(done);
  }
}

/** Waits, unless the server stops. */
export function wait(ms: number, server: Server): Promise<void> {
  const { signal } = server.stopping;
  return new Promise((done) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      done();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end, { once: true });
  });
}

function finished(reply: Reply): Reply {
  if (Buffer.isBuffer(reply) || reply.has('ok')) return reply;
  return reply.set('ok', 1);
}

