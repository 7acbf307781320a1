import { bool, object, readArguments, text, wrongType, type Argument, type ArgumentFields } from '../arguments.ts';
import { encodeDocument } from '../bson/encode.ts';
import { Doc, Timestamp, type Value } from '../bson/value.ts';
import type { CommandContext, Reply, Work } from '../command.ts';
import { firstBatchSize, type DocumentSource } from '../cursors.ts';
import { MongoError } from '../errors.ts';
import { operationContext } from '../operation.ts';
import { isStage, parsePipeline, type Pipeline } from '../pipeline.ts';
import { pipelineAccess } from '../pipeline-access.ts';
import { cursorReply } from '../reply.ts';
import type { Server } from '../server-state.ts';
import { changeEvent, invalidation, type EventOptions } from './change-events.ts';
import type { Oplog, OplogEntry } from './oplog.ts';
import { readToken, resumeToken } from './resume-token.ts';
import { maxEventBytes, splitEvent } from './split-event.ts';

const timestamp: Argument<Timestamp> = {
  parse(value: Value, field) {
    if (!(value instanceof Timestamp)) throw wrongType(field, value, ['timestamp']);
    return value;
  },
};

const fields = {
  fullDocument: text, fullDocumentBeforeChange: text, resumeAfter: object, startAfter: object, startAtOperationTime: timestamp,
  allChangesForCluster: bool, showExpandedEvents: bool, showSystemEvents: bool, showMigrationEvents: bool, allowToRunOnConfigDB: bool,
  allowToRunOnSystemNS: bool, showRawUpdateDescription: bool, showCommitTimestamp: bool,
} satisfies ArgumentFields;

const allowedAfter = new Set(['$match', '$project', '$addFields', '$set', '$unset', '$replaceRoot', '$replaceWith', '$redact']);

const expandedOnly = new Set(['create', 'createIndexes', 'dropIndexes', 'modify']);

/** What is watched: a collection, a database, or all. */
interface Scope {
  database: string | undefined;
  collection: string | undefined;
}

/** Opens a change stream. https://www.mongodb.com/docs/manual/changeStreams/ */
export function* openChangeStream(context: CommandContext, name: string | undefined, stages: readonly Doc[], options: { collation?: Doc | undefined; batchSize: number | undefined }): Work<Reply> {
  const { server, database, generic } = context;
  const { replicaSet } = server;
  if (!replicaSet) throw new MongoError(40573, 'The $changeStream stage is only supported on replica sets');
  const argument = stages[0]?.get('$changeStream');
  if (!(argument instanceof Doc)) throw new MongoError(50808, '$changeStream stage expects a document as argument');
  const args = readArguments('$changeStream', argument, fields);
  checkChoice('fullDocument', args.fullDocument, ['default', 'updateLookup', 'whenAvailable', 'required']);
  checkChoice('fullDocumentBeforeChange', args.fullDocumentBeforeChange, ['off', 'whenAvailable', 'required']);
  const splits = readSplitting(stages);
  const following = splits ? stages.slice(1, -1) : stages.slice(1);
  for (const stage of following) {
    const [stageName] = stage.keys();
    if (stageName !== undefined && !allowedAfter.has(stageName) && !fillsConstants(stage) && isStage(stageName)) throw new MongoError('IllegalOperation', `${stageName} is not permitted in a $changeStream pipeline`);
  }
  const all = args.allChangesForCluster === true;
  if (all && (database !== 'admin' || name !== undefined)) throw new MongoError('InvalidOptions', "A $changeStream with 'allChangesForCluster:true' may only be opened on the 'admin' database, and with no collection name.");
  const query = operationContext({ collation: options.collation });
  const pipeline = parsePipeline(following, { query, access: pipelineAccess(server, database, false) });
  const source = new ChangeSource(server, replicaSet.oplog, { database: all ? undefined : database, collection: name }, startOf(replicaSet.oplog, args, splits), pipeline, splits, {
    fullDocument: args.fullDocument ?? 'default', before: args.fullDocumentBeforeChange ?? 'off', expanded: args.showExpandedEvents ?? false,
  });
  const namespace = `${database}.${name ?? '$cmd.aggregate'}`;
  const cursor = server.cursors.create({ namespace, source, session: generic.session, openedBy: 'aggregate', tailable: true, awaitData: true, resumeToken: () => source.token });
  const documents = yield* cursor.batch(options.batchSize ?? firstBatchSize);
  if (!cursor.exhausted) server.cursors.keep(cursor);
  return cursorReply('firstBatch', documents, cursor.exhausted ? 0n : cursor.id, namespace, { postBatchResumeToken: source.token });
}

/** A `$fill` that needs no other documents: it adds fields. */
function fillsConstants(stage: Doc): boolean {
  const fill = stage.get('$fill');
  if (!(fill instanceof Doc) || fill.size !== 1) return false;
  const output = fill.get('output');
  return output instanceof Doc && [...output.values()].every((field) => field instanceof Doc && field.has('value'));
}

const splitStage = '$changeStreamSplitLargeEvent';

/** True where the last stage splits events that are too large. @throws MongoError where it stands elsewhere */
function readSplitting(stages: readonly Doc[]): boolean {
  const at = stages.findIndex((stage) => stage.has(splitStage));
  if (at === -1) return false;
  const argument = stages[at]?.get(splitStage);
  if (!(argument instanceof Doc) || argument.size > 0) throw new MongoError(7182800, `${splitStage} spec should be an empty object`);
  if (at < stages.length - 1) throw new MongoError(7182802, `${splitStage} must be the last stage in the pipeline`);
  return true;
}

function checkChoice(field: string, value: string | undefined, choices: readonly string[]): void {
  if (value !== undefined && !choices.includes(value)) throw new MongoError('BadValue', `Enumeration value '${value}' for field '$changeStream.${field}' is not a valid value.`);
}

/** The first change to look at, and how many fragments of it were had before. */
interface Start {
  at: number;
  fragments: number;
}

function startOf(oplog: Oplog, { resumeAfter, startAfter, startAtOperationTime }: { resumeAfter?: Doc | undefined; startAfter?: Doc | undefined; startAtOperationTime?: Timestamp | undefined }, splits: boolean): Start {
  const given = [resumeAfter, startAfter, startAtOperationTime].filter((option) => option !== undefined);
  if (given.length > 1) throw new MongoError(40674, 'Only one type of resume option is allowed, but multiple were found.');
  const token = resumeAfter ?? startAfter;
  if (!token) {
    const start = startAtOperationTime ? oplog.find(startAtOperationTime) : oplog.end;
    if (startAtOperationTime && start === oplog.start && start > 0) throw lost();
    return { at: start, fragments: 0 };
  }
  const { time, kind, fragment } = readToken(token);
  if (kind === 'invalidate' && resumeAfter) throw new MongoError('InvalidResumeToken', "Attempting to resume a change stream using 'resumeAfter' is not allowed from an invalidate notification.");
  const at = oplog.find(time);
  if (kind === 'time') return { at: isAt(oplog.entry(at), time) ? at + 1 : at, fragments: 0 };
  if (!isAt(oplog.entry(at), time)) throw at === oplog.start && at > 0 ? lost() : fatal('cannot resume stream; the resume token was not found.');
  if (fragment === undefined) return { at: at + 1, fragments: 0 };
  if (!splits) throw fatal(`To resume from a split event, the $changeStream pipeline must include a ${splitStage} stage`);
  return { at, fragments: fragment + 1 };
}

const isAt = (entry: OplogEntry | undefined, time: Timestamp): boolean => entry?.time.t === time.t && entry.time.i === time.i;

/** Drivers are told not to try again. */
const notResumable = Doc.of({ errorLabels: ['NonResumableChangeStreamError'] });

const lost = (): MongoError => new MongoError('ChangeStreamHistoryLost', 'Resume of change stream was not possible, as the resume point may no longer be in the oplog.', notResumable);

const fatal = (message: string): MongoError => new MongoError('ChangeStreamFatalError', message, notResumable);

/** The events of a change stream: done where there are none yet, `ended` where there will be no more. */
class ChangeSource implements DocumentSource {
  token: Doc;
  readonly #server: Server;
  readonly #oplog: Oplog;
  readonly #scope: Scope;
  readonly #pipeline: Pipeline;
  readonly #options: EventOptions;
  readonly #splits: boolean;
  #at: number;
  /** How many fragments of the first event were had before. */
  #skip: number;
  readonly #waiting: Doc[] = [];
  /** The rest of an event that was split. */
  #fragments: Doc[] = [];
  #ended = false;
  /** The time of the event that was given last. */
  #given: Timestamp | undefined;

  constructor(server: Server, oplog: Oplog, scope: Scope, start: Start, pipeline: Pipeline, splits: boolean, options: EventOptions) {
    this.#server = server;
    this.#oplog = oplog;
    this.#scope = scope;
    this.#at = start.at;
    this.#skip = start.fragments;
    this.#pipeline = pipeline;
    this.#splits = splits;
    this.#options = options;
    this.token = resumeToken(oplog.entry(start.at - 1)?.time ?? oplog.time, 'time');
  }

  next(): IteratorResult<Buffer | undefined, unknown> {
    for (;;) {
      const fragment = this.#fragments.shift();
      if (fragment) {
        this.#give(fragment);
        return { done: false, value: encodeDocument(fragment) };
      }
      const event = this.#waiting.shift() ?? this.#read();
      if (!event) break;
      this.token = event.get('_id') as Doc;
      const skip = this.#skip;
      this.#skip = 0;
      for (const shown of this.#pipeline.run([event])) {
        if (!shown.has('_id')) throw fatal("Encountered an event whose _id field, which contains the resume token, was modified by the pipeline. Modifying the _id field of an event makes it impossible to resume the stream from that point. Only transformations that retain the unmodified _id field are allowed.");
        const bytes = encodeDocument(shown);
        if (bytes.length <= maxEventBytes && skip === 0) {
          this.#give(event);
          return { done: false, value: bytes };
        }
        this.#fragments = this.#split(shown, bytes.length).slice(skip);
      }
    }
    if (this.#ended) return { done: true, value: 'ended' };
    // Where nothing came after the last event, its own token tells that as well.
    if (!this.#given || this.#given.t !== this.#oplog.time.t || this.#given.i !== this.#oplog.time.i) this.token = resumeToken(this.#oplog.time, 'time');
    return { done: true, value: undefined };
  }

  #give(event: Doc): void {
    this.token = event.get('_id') as Doc;
    this.#given = readToken(this.token).time;
  }

  /** The fragments of an event that is too large. */
  #split(event: Doc, bytes: number): Doc[] {
    if (!this.#splits) throw new MongoError('BSONObjectTooLarge', `BSONObj size: ${bytes} (0x${bytes.toString(16).toUpperCase()}) is invalid. Size must be between 0 and 16793600(16MB)`, notResumable);
    if (bytes <= maxEventBytes) throw fatal('Attempted to resume from a split event fragment, but the event in the resumed stream was not large enough to be split');
    return splitEvent(event);
  }

  #read(): Doc | undefined {
    if (this.#ended) return undefined;
    if (this.#at < this.#oplog.start) throw lost();
    while (this.#at < this.#oplog.end) {
      const entry = this.#oplog.entry(this.#at++) as OplogEntry;
      if (!this.#concerns(entry)) continue;
      if (this.#invalidates(entry)) {
        this.#ended = true;
        this.#waiting.push(invalidation(entry));
      }
      return changeEvent(entry, this.#options, this.#server.store);
    }
    return undefined;
  }

  #concerns({ database, collection, kind, to, of }: OplogEntry): boolean {
    if ((expandedOnly.has(kind) || of === 'view') && !this.#options.expanded) return false;
    if (collection.startsWith('system.') || collection.startsWith('tmp.')) return false;
    const { database: db, collection: coll } = this.#scope;
    if (db === undefined) return !['admin', 'config', 'local'].includes(database);
    if (coll === undefined) return database === db;
    return (database === db && collection === coll) || (to?.database === db && to.collection === coll);
  }

  #invalidates({ kind }: OplogEntry): boolean {
    if (this.#scope.collection !== undefined) return kind === 'drop' || kind === 'rename';
    return this.#scope.database !== undefined && kind === 'dropDatabase';
  }
}
