import type { Evidence } from '../verdict/types.ts';

export type Document = Record<string, unknown>;

/** A command as the tap saw it. */
export interface CommandRecord {
  seq: number;
  connection: number;
  name: string;
  database: string;
  collection: string | undefined;
  /** The command's document, deserialized. */
  command: Document;
  /** The command in mongosh's syntax: `db.test_data.find({ source: "a" }).limit(5)`. */
  text: string;
  /** Name, collection and field names, values left out: equal shapes in a row mean a loop of queries. */
  shape: string;
  reply: { ok: boolean; n: number | undefined; nModified: number | undefined; code: number | undefined; codeName: string | undefined; returned: number | undefined } | undefined;
  startedAt: number;
  durationMs: number | undefined;
}

/** A client as the driver's documentation has it: one MongoClient, counted by its monitor. */
export interface ClientRecord {
  /** What the handshake said: driver name and version, application name. */
  metadata: Document;
  connections: number[];
  openedAt: number;
}

export interface CommandQuery {
  names?: readonly string[];
  collection?: string;
  database?: string;
  /** A mark; only what came after it. */
  since?: number;
}

/** The recorder between the submission and the engine. */
export interface Tap {
  /** A place in the recording, for `since`. Every check begins with one; questions without `since` start there. */
  mark(): number;
  commands(query?: CommandQuery): CommandRecord[];
  /** `find`, `aggregate`, `count`, `distinct`, whatever the library sends while connecting left out. */
  queries(query?: CommandQuery): CommandRecord[];
  /** `insert`, `update`, `delete`, `findAndModify`, `bulkWrite`. */
  writes(query?: CommandQuery): CommandRecord[];
  /** All clients since the scene began, open or not; with a mark, those that came after it. A client is counted for certain once it is a second old. */
  clients(query?: { since?: number }): ClientRecord[];
  openConnections(): number;
  /** Evidence of the commands given, at most `most` lines. */
  evidence(commands: readonly CommandRecord[], most?: number): Evidence[];

  /** The database goes away: new connections are refused, open ones closed. */
  down(): Promise<void>;
  /** Connections are accepted, nothing is answered; open ones fall silent. */
  hang(): Promise<void>;
  /** All faults end. */
  up(): Promise<void>;
  /** Fails matching commands until `up()`: with the error code given, or by cutting the connection. */
  failCommands(match: { names: readonly string[]; collection?: string; after?: number }, how: { code: number; message?: string } | 'cut'): void;
  /** Holds matching commands back for `ms` each until `up()`. */
  delayCommands(match: { names: readonly string[]; collection?: string }, ms: number): void;
}
