import type { Server } from 'node:net';
import { BSON } from '../wire/bson.ts';
import type { Backend, ConnectionInfo, Fault, Interceptor, WireMessage } from '../wire/backend.ts';
import { startFront, type Front } from '../wire/front.ts';
import { encodeMsg, replyBody } from '../wire/message.ts';
import type { Evidence, TraceEntry } from '../verdict/types.ts';
import { Recording } from './recording.ts';
import type { ClientRecord, CommandQuery, CommandRecord, Document, Tap } from './types.ts';

/** A tap with its own port: what a submission connects to. */
export interface TapServer extends Tap {
  readonly port: number;
  /** `mongodb://127.0.0.1:PORT/` */
  readonly uri: string;
  /** When it began, by this process's clock (`performance.now()`). */
  readonly startedAt: number;
  /** Everything seen since `since`, as `trace` shows it. */
  timeline(check: string, since: number): TraceEntry[];
  /** More was sent than is kept, so that what the tap answers says nothing. */
  readonly flooded: boolean;
  /** The mark that questions without `since` start from. */
  begin(): void;
  /** Takes connections of a socket that listens elsewhere; gives a function that closes it. */
  adopt(server: Server): () => void;
  close(): Promise<void>;
}

// Below the ports that systems hand out for outgoing connections, so that nothing takes it while the database is "down".
const [lowestPort, highestPort] = [15_000, 31_999];

/**
 * Puts a tap in front of a backend.
 * @param options.port default: one of its own
 * @throws the system's error where the port given is taken
 */
export async function createTap(options: { backend: Backend; port?: number }): Promise<TapServer> {
  const recording = new Recording();
  const tap = new RecordingTap(recording);
  if (options.port !== undefined) {
    tap.front = await startFront({ backend: options.backend, interceptor: tap, port: options.port });
    return tap;
  }
  for (let attempt = 0; ; attempt++) {
    const port = lowestPort + Math.floor(Math.random() * (highestPort - lowestPort));
    try {
      tap.front = await startFront({ backend: options.backend, interceptor: tap, port });
      return tap;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' || attempt === 50) throw error;
    }
  }
}

interface CommandFault {
  names: readonly string[];
  collection: string | undefined;
  /** Matching commands to let through first. */
  after: number;
  make: (message: WireMessage) => Fault;
}

const queryNames = ['find', 'aggregate', 'count', 'distinct'];
const writeNames = ['insert', 'update', 'delete', 'findAndModify', 'findandmodify', 'bulkWrite'];

class RecordingTap implements TapServer, Interceptor {
  readonly #recording: Recording;
  #faults: CommandFault[] = [];
  #start = 0;
  front: Front | undefined;

  constructor(recording: Recording) {
    this.#recording = recording;
  }

  get port(): number {
    return this.#listening.port;
  }

  get uri(): string {
    return `mongodb://127.0.0.1:${this.port}/`;
  }

  get startedAt(): number {
    return this.#recording.startedAt;
  }

  get #listening(): Front {
    if (!this.front) throw new Error('the tap does not listen yet');
    return this.front;
  }

  adopt(server: Server): () => void {
    return this.#listening.adopt(server);
  }

  begin(): void {
    this.#start = this.#recording.seq;
  }

  mark(): number {
    return this.#recording.seq;
  }

  get flooded(): boolean {
    return this.#recording.flooded;
  }

  commands(query: CommandQuery = {}): CommandRecord[] {
    const since = query.since ?? this.#start;
    return this.#recording.commands.filter((command) =>
      command.seq > since &&
      (!query.names || query.names.includes(command.name)) &&
      (query.collection === undefined || command.collection === query.collection) &&
      (query.database === undefined || command.database === query.database));
  }

  queries(query: CommandQuery = {}): CommandRecord[] {
    return this.commands({ ...query, names: queryNames });
  }

  writes(query: CommandQuery = {}): CommandRecord[] {
    return this.commands({ ...query, names: writeNames });
  }

  clients({ since }: { since?: number } = {}): ClientRecord[] {
    return this.#recording.clients(since);
  }

  openConnections(): number {
    return this.#recording.openConnections();
  }

  evidence(commands: readonly CommandRecord[], most = 8): Evidence[] {
    // A monitor's heartbeats tell nothing of what the program did, and come whenever they please.
    const told = commands.filter((command) => command.command['maxAwaitTimeMS'] === undefined || command.name !== 'hello');
    const shown = told.slice(0, most).map((command): Evidence => ({ kind: 'wire', text: `${command.text}${outcome(command)}`, untrusted: true }));
    if (told.length > most) shown.push({ kind: 'wire', text: `… and ${told.length - most} more` });
    return shown;
  }

  async down(): Promise<void> {
    this.#recording.event(0, 'fault', 'the database goes down: connections are refused');
    await this.#listening.shut();
  }

  async hang(): Promise<void> {
    this.#recording.event(0, 'fault', 'the database falls silent: connections are accepted, nothing is answered');
    this.#listening.silent = true;
  }

  async up(): Promise<void> {
    this.#faults = [];
    const front = this.#listening;
    if (front.silent) {
      // What fell silent does not come back to life: its connections end, as those of a machine that was restarted.
      await front.shut();
      front.silent = false;
    }
    await front.open();
    this.#recording.event(0, 'fault', 'the database is back');
  }

  failCommands(match: { names: readonly string[]; collection?: string; after?: number }, how: { code: number; message?: string } | 'cut'): void {
    this.#recording.event(0, 'fault', `from now on ${match.names.join(', ')} fails`);
    this.#faults.push({
      names: match.names, collection: match.collection, after: match.after ?? 0,
      make: (message) => (how === 'cut' ? { kind: 'cut' } : { kind: 'reply', bytes: errorReply(message, how) }),
    });
  }

  delayCommands(match: { names: readonly string[]; collection?: string }, ms: number): void {
    this.#faults.push({ names: match.names, collection: match.collection, after: 0, make: () => ({ kind: 'delay', ms }) });
  }

  timeline(check: string, since: number): TraceEntry[] {
    const commands = this.#recording.commands.filter((command) => command.seq > since).map((command): [number, TraceEntry] => [command.seq, traceOf(command, check)]);
    const events = this.#recording.events.filter((event) => event.seq > since)
      .map((event): [number, TraceEntry] => [event.seq, { at: event.at, check, connection: event.connection, kind: event.kind, text: event.text }]);
    return [...commands, ...events].sort(([a], [b]) => a - b).map(([, entry]) => entry);
  }

  async close(): Promise<void> {
    await this.#listening.close();
  }

  // What the front end shows.

  opened(info: ConnectionInfo): void {
    this.#recording.opened(info);
  }

  request(info: ConnectionInfo, message: WireMessage): Fault | undefined {
    const command = this.#recording.request(info, message);
    if (!command) return undefined;
    for (const fault of this.#faults) {
      if (!fault.names.includes(command.name) || (fault.collection !== undefined && fault.collection !== command.collection)) continue;
      if (fault.after > 0) fault.after--;
      else return fault.make(message);
    }
    return undefined;
  }

  reply(info: ConnectionInfo, bytes: Buffer): Buffer {
    const sent = this.#withOwnAddress(bytes);
    this.#recording.reply(info, sent);
    return sent;
  }

  closed(info: ConnectionInfo, byClient: boolean): void {
    this.#recording.closed(info, byClient);
  }

  /** A replica set's hello names its members, and drivers would go there, past the tap. */
  #withOwnAddress(bytes: Buffer): Buffer {
    const body = replyBody(bytes);
    if (!body || !body.includes('setName') || bytes.readInt32LE(12) !== 2013) return bytes;
    const reply = BSON.deserialize(body, { promoteValues: false });
    if (!reply.hosts) return bytes;
    const own = `127.0.0.1:${this.port}`;
    Object.assign(reply, { hosts: [own], me: own, primary: own });
    delete reply.compression;
    return encodeMsg(BSON.serialize(reply), { responseTo: bytes.readInt32LE(8), moreToCome: (bytes.readUInt32LE(16) & 2) !== 0 });
  }
}

function errorReply(message: WireMessage, { code, message: text }: { code: number; message?: string }): Buffer {
  const reply: Document = { ok: 0, errmsg: text ?? 'a fault injected by the checker', code, codeName: `Location${code}` };
  return encodeMsg(BSON.serialize(reply), { responseTo: message.requestId });
}

function outcome({ reply }: CommandRecord): string {
  if (!reply) return '  → no answer';
  if (!reply.ok) return `  → error ${reply.code ?? ''}${reply.codeName ? ` ${reply.codeName}` : ''}`;
  if (reply.returned !== undefined) return `  → ${reply.returned} document${reply.returned === 1 ? '' : 's'}`;
  if (reply.nModified !== undefined) return `  → matched ${reply.n ?? 0}, modified ${reply.nModified}`;
  return reply.n === undefined ? '' : `  → ${reply.n}`;
}

function traceOf(command: CommandRecord, check: string): TraceEntry {
  const { reply } = command;
  const n = reply?.returned ?? reply?.n;
  return {
    at: command.startedAt, check, connection: command.connection, kind: 'command', text: command.text, command: command.name,
    database: command.database, shape: command.shape,
    ...(command.collection === undefined ? {} : { collection: command.collection }),
    ...(reply ? { ok: reply.ok } : {}),
    ...(n === undefined ? {} : { n }),
    ...(reply?.code === undefined ? {} : { code: reply.code }),
    ...(command.durationMs === undefined ? {} : { durationMs: command.durationMs }),
  };
}
