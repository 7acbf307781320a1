import { BSON } from '../wire/bson.ts';
import type { ConnectionInfo, WireMessage } from '../wire/backend.ts';
import { parseRequest, ProtocolError, replyBody, type Request } from '../wire/message.ts';
import { mongoshText, shapeOf } from './mongosh.ts';
import type { ClientRecord, CommandRecord, Document } from './types.ts';

/** What the tap keeps of a command: bytes, decoded only when somebody asks. */
class Command implements CommandRecord {
  readonly seq: number;
  readonly connection: number;
  readonly startedAt: number;
  readonly name: string;
  readonly #request: Request;
  #decoded: Document | undefined;
  #reply: Buffer | undefined;
  #replyRead: CommandRecord['reply'];
  durationMs: number | undefined;

  constructor(seq: number, connection: number, request: Request, startedAt: number) {
    this.seq = seq;
    this.connection = connection;
    this.startedAt = startedAt;
    this.#request = request;
    this.name = firstName(request.body);
  }

  get command(): Document {
    if (!this.#decoded) {
      this.#decoded = BSON.deserialize(this.#request.body, decoding);
      for (const { name, documents } of this.#request.sequences) this.#decoded[name] = documents.map((document) => BSON.deserialize(document, decoding));
    }
    return this.#decoded;
  }

  get database(): string {
    return this.#request.legacyDatabase ?? String(this.command.$db ?? '');
  }

  get collection(): string | undefined {
    const value = this.name === 'getMore' ? this.command.collection : Object.values(this.command)[0];
    return typeof value === 'string' ? value : undefined;
  }

  get text(): string {
    return mongoshText(this.command);
  }

  get shape(): string {
    return shapeOf(this.command);
  }

  get reply(): CommandRecord['reply'] {
    if (!this.#replyRead && this.#reply) this.#replyRead = readReply(BSON.deserialize(this.#reply, decoding));
    return this.#replyRead;
  }

  /** @param keep whether to keep the bytes until somebody asks; else they are read at once */
  answered(body: Buffer, at: number, keep: boolean): void {
    if (keep) this.#reply = body;
    else this.#replyRead = readReply(BSON.deserialize(body, decoding));
    this.durationMs = at - this.startedAt;
  }
}

const decoding = { promoteValues: true, promoteBuffers: false, bsonRegExp: false, validation: { utf8: false } };

/** The name of a command's first field, without decoding the rest. */
function firstName(body: Buffer): string {
  const end = body.indexOf(0, 5);
  return end === -1 ? '' : body.toString('utf8', 5, end);
}

function readReply(reply: Document): CommandRecord['reply'] {
  const errors = Array.isArray(reply.writeErrors) ? (reply.writeErrors[0] as Document | undefined) : undefined;
  const cursor = reply.cursor as { firstBatch?: unknown[]; nextBatch?: unknown[] } | undefined;
  const number = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);
  const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
  return {
    ok: reply.ok === 1 && !errors,
    n: number(reply.n), nModified: number(reply.nModified),
    code: number(reply.code ?? errors?.code), codeName: text(reply.codeName),
    returned: (cursor?.firstBatch ?? cursor?.nextBatch)?.length,
  };
}

interface Connection {
  id: number;
  /** Place in the recording of its opening. */
  seq: number;
  openedAt: number;
  /** When its first request was answered. */
  answeredAt: number | undefined;
  closedAt: number | undefined;
  byClient: boolean | undefined;
  /** The handshake's client document. */
  metadata: Document | undefined;
  /** When it first sent an awaitable hello: it is the monitor of a client. */
  awaitsSince: number | undefined;
  hellos: number;
  others: number;
  pending: Map<number, Command>;
}

export interface TimelineEvent {
  seq: number;
  at: number;
  connection: number;
  kind: 'open' | 'close' | 'fault';
  text: string;
}

const mostCommands = 20_000;
/** Of requests, and of replies, as bytes; far more than any exercise asks for. */
const mostBytes = 64 * 1024 * 1024;

/** All that was seen on a front end, in order. */
export class Recording {
  readonly commands: CommandRecord[] = [];
  readonly events: TimelineEvent[] = [];
  readonly startedAt = performance.now();
  readonly #connections = new Map<number, Connection>();
  #seq = 0;
  #requestBytes = 0;
  #replyBytes = 0;
  /** True once there was more than is kept: what came then was not looked at. */
  flooded = false;

  get seq(): number {
    return this.#seq;
  }

  now(): number {
    return performance.now() - this.startedAt;
  }

  opened({ id }: ConnectionInfo): void {
    this.#connections.set(id, { id, seq: this.#seq + 1, openedAt: this.now(), answeredAt: undefined, closedAt: undefined, byClient: undefined, metadata: undefined, awaitsSince: undefined, hellos: 0, others: 0, pending: new Map() });
    this.event(id, 'open', 'a connection is opened');
  }

  closed({ id }: ConnectionInfo, byClient: boolean): void {
    const connection = this.#connections.get(id);
    if (!connection) return;
    connection.closedAt = this.now();
    connection.byClient = byClient;
    connection.pending.clear();
    this.event(id, 'close', byClient ? 'the client closes the connection' : 'the connection is cut');
  }

  event(connection: number, kind: TimelineEvent['kind'], text: string): void {
    this.events.push({ seq: ++this.#seq, at: this.now(), connection, kind, text });
  }

  /** Notes a request; undefined where it is none that can be read. */
  request({ id }: ConnectionInfo, message: WireMessage): CommandRecord | undefined {
    const connection = this.#connections.get(id);
    let request: Request;
    try {
      request = parseRequest(message);
    } catch (error) {
      if (error instanceof ProtocolError) return undefined;
      throw error;
    }
    this.#requestBytes += message.bytes.length;
    if (!connection || this.commands.length >= mostCommands || this.#requestBytes > mostBytes) {
      this.flooded = true;
      return undefined;
    }
    const command = new Command(++this.#seq, id, request, this.now());
    this.#look(connection, command);
    this.commands.push(command);
    if (!request.moreToCome) connection.pending.set(message.requestId, command);
    return command;
  }

  reply({ id }: ConnectionInfo, bytes: Buffer): void {
    const connection = this.#connections.get(id);
    const pending = connection?.pending;
    const responseTo = bytes.length >= 16 ? bytes.readInt32LE(8) : 0;
    const command = pending?.get(responseTo);
    const body = command ? replyBody(bytes) : undefined;
    if (!command || !body) return;
    pending?.delete(responseTo);
    if (connection) connection.answeredAt ??= this.now();
    this.#replyBytes += body.length;
    (command as Command).answered(body, this.now(), this.#replyBytes <= mostBytes);
  }

  #look(connection: Connection, command: Command): void {
    // A hello in a session is a program's own question, sent on a connection of the pool: monitors have no session.
    if (!isHello(command.name) || command.command.lsid !== undefined) {
      connection.others++;
      return;
    }
    connection.hellos++;
    const { client, maxAwaitTimeMS } = command.command;
    if (typeof client === 'object' && client !== null) connection.metadata ??= client as Document;
    if (maxAwaitTimeMS !== undefined) connection.awaitsSince ??= this.now();
  }

  openConnections(): number {
    return [...this.#connections.values()].filter((connection) => connection.closedAt === undefined).length;
  }

  /**
   * Clients, by their monitors: https://github.com/mongodb/specifications/tree/master/source/server-discovery-and-monitoring.
   * A client's monitor is a connection of hellos alone; from its second one on it awaits changes. Two others are of
   * hellos alone and count for nothing: the round-trip pinger, which follows a monitor after a heartbeat, and a
   * connection that `connect()` opens, once the monitor was answered, and that has had nothing to do so far.
   * @param since only clients whose first connection was opened after this place in the recording
   */
  clients(since = -1): ClientRecord[] {
    const all = [...this.#connections.values()].filter((connection) => connection.metadata);
    const working = all.filter((connection) => connection.others > 0);
    const quiet = all.filter((connection) => connection.others === 0 && connection.awaitsSince === undefined);
    const roots = all.filter((connection) => connection.awaitsSince !== undefined);
    const withPinger = new Set<Connection>();
    for (const connection of quiet) {
      const pinged = roots.find((one) => !withPinger.has(one) && couldPing(connection, one));
      const idle = connection.hellos === 1 && roots.some((one) => couldBeIdle(connection, one, working));
      if (pinged) withPinger.add(pinged);
      else if (!idle) roots.push(connection);
    }
    // A client that is directly connected without monitoring shows only the connections it works with.
    const groups = merged(roots.length > 0 ? roots : working.slice(0, 1));
    return groups.filter((group) => (group[0]?.seq ?? 0) > since).map((group) => ({
      metadata: group[0]?.metadata ?? {}, connections: group.map((connection) => connection.id), openedAt: group[0]?.openedAt ?? 0,
    }));
  }
}

const isHello = (name: string): boolean => name === 'hello' || name === 'isMaster' || name === 'ismaster';
const sameClient = (a: Connection, b: Connection): boolean => JSON.stringify(a.metadata) === JSON.stringify(b.metadata);

/** The least time between a monitor's first await and its pinger: the driver's minimum heartbeat, with a margin. */
const leastHeartbeatMs = 450;

function couldPing(connection: Connection, monitor: Connection): boolean {
  const since = monitor.awaitsSince ?? Infinity;
  return connection.openedAt >= since + leastHeartbeatMs && (monitor.closedAt === undefined || monitor.closedAt > connection.openedAt) && sameClient(monitor, connection);
}

/**
 * Whether it can be a connection of the monitor's client that has had nothing to do: opened once the monitor was answered.
 * A client that is closed by now had no further one once it had worked: what came then is the next client, made at once.
 */
function couldBeIdle(connection: Connection, monitor: Connection, working: readonly Connection[]): boolean {
  const opened = monitor.answeredAt ?? Infinity;
  if (connection === monitor || connection.openedAt < opened || !sameClient(monitor, connection)) return false;
  if (monitor.closedAt === undefined) return true;
  return monitor.closedAt > connection.openedAt && !working.some((one) => one.openedAt >= opened && one.openedAt < connection.openedAt && sameClient(one, monitor));
}

/** Monitors that follow each other without overlap are one client that reconnected. */
function merged(monitors: Connection[]): Connection[][] {
  const groups: Connection[][] = [];
  for (const monitor of [...monitors].sort((a, b) => a.openedAt - b.openedAt)) {
    const earlier = groups.find((group) => {
      const last = group.at(-1) as Connection;
      return last.closedAt !== undefined && last.closedAt <= monitor.openedAt && last.byClient === false && sameClient(last, monitor);
    });
    if (earlier) earlier.push(monitor);
    else groups.push([monitor]);
  }
  return groups;
}
