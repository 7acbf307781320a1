import type { Tap } from '../tap/types.ts';
import type { Evidence } from '../verdict/types.ts';
import type { ObjectId } from '../wire/bson.ts';

/** What a checker says when the submission is wrong. Everything but `message` is optional; say as much as helps. */
export interface Failure {
  /** One or two plain sentences: what was expected, what happened. */
  message: string;
  /** A short stable phrase, without this run's data: the same for everybody who fails in this way. */
  cause?: string;
  expected?: unknown;
  actual?: unknown;
  /** What to try next. */
  hint?: string;
  evidence?: Evidence[];
  /** `lesson-id#section`, where it differs from the check's own. */
  lesson?: string;
}

export interface CheckOptions {
  /** Checks that must pass first, by reference. `compiles` is always among them. */
  needs?: readonly Check[];
  /** Checks of one scene share one running copy of the submission, one tap and one database, and run in order; scenes run side by side. Default `main`. */
  scene?: string;
  /** Adds to the score, never needed for it. */
  bonus?: boolean;
  /** `lesson-id#section` to read on. */
  lesson?: string;
  /** Default 15,000. */
  timeoutMs?: number;
  /** Platforms on which the check can't be made; it passes there by being left out. */
  exceptOn?: readonly NodeJS.Platform[];
  /** The check waits for a deadline: a failure is tried once more, alone, before it counts. */
  deadline?: boolean;
}

/** One named thing that a checker module verifies. Its export's name, in kebab-case, is its id. */
export interface Check {
  readonly title: string;
  readonly options: Readonly<CheckOptions>;
  readonly run: (t: CheckContext) => Promise<void> | void;
}

/** All that a check can ask and do. */
export interface CheckContext {
  /** Data from this run's seed. */
  readonly random: Random;
  /** The database as it is, read and written past the tap, in the scene's own database. Empty when the check begins (indexes stay). */
  readonly db: Database;
  /** What the submission sent, and faults to try it with. */
  readonly tap: Tap;
  /** What the submission's environment holds. */
  readonly env: { readonly MONGO_URI: string; readonly MONGO_DB_NAME: string; readonly SQL_FILE: string; readonly PORT: string };

  /**
   * Calls a function that `probe.ts` exports (or, without a probe, one that the exercise's entry module exports) in the
   * scene's running copy, starting it when needed. Resolves to a copy of what it returned.
   * @throws SubmissionError where the call throws, never answers, or the process ends: an uncaught one fails the check
   */
  call(name: string, ...args: unknown[]): Promise<unknown>;
  /** The scene's running copy. */
  program(): Promise<Program>;
  /** Starts a further copy of its own, ended with the check. */
  start(options?: StartOptions): Promise<Program>;
  /** Starts `file` as a server of its own (the scene keeps it for later checks), and waits until `PORT` accepts. */
  serve(file: string, options?: StartOptions): Promise<HttpProgram>;

  /**
   * The rows that a query gives on the SQLite file `SQL_FILE`, as it is on the disk now.
   * @throws SubmissionError where the file is not there or can't be read: an uncaught one fails the check
   */
  sql(query: string): Promise<Document[]>;

  /** Fails the check unless the two are equal: deeply, ObjectIds and dates by value, field order apart. Shows the first difference. */
  equal(actual: unknown, expected: unknown, failure: string | Omit<Failure, 'expected' | 'actual'>): void;
  /** Fails the check unless `condition` holds. */
  ok(condition: unknown, failure: string | Failure): void;
  /** Fails the check. */
  fail(failure: string | Failure): never;
  /** Waits for `attempt` to return something other than undefined or false, trying every 25 ms; undefined when the time is over. */
  eventually<T>(withinMs: number, attempt: () => Promise<T> | T): Promise<Exclude<T, false | undefined> | undefined>;
  sleep(ms: number): Promise<void>;
  /** Runs all at once; the first failure counts, after all have ended. */
  together<T extends readonly (() => Promise<unknown>)[]>(...tasks: T): Promise<void>;
  /** The submission's editable files (and those it adds), by path relative to the exercise. */
  sources(): Promise<readonly { path: string; text: string }[]>;
}

export interface StartOptions {
  /** Laid over the usual environment; undefined removes a name. */
  env?: Record<string, string | undefined>;
  /** Further files in the working directory, by name: a `.env`, for one. */
  files?: Record<string, string>;
  /** A working directory of its own inside the submission's folder, by name; default that folder itself. */
  cwd?: string;
  /** Modules to load at once; default the exercise's entry. `[]` loads nothing until a call does. */
  load?: readonly string[];
}

/** How a process ended. */
export interface Exit {
  code: number | null;
  signal: string | null;
  afterMs: number;
}

/** One running copy of the submission. */
export interface Program {
  call(name: string, ...args: unknown[]): Promise<unknown>;
  /** Like `call`, but never throws: tells what happened and how long it took. */
  attempt(name: string, ...args: unknown[]): Promise<Attempt>;
  /** Lets the process end by itself: our own channel no longer keeps it alive. */
  release(): void;
  /** Resolves when the process ended, or to undefined after `withinMs`. */
  exited(withinMs: number): Promise<Exit | undefined>;
  kill(signal: NodeJS.Signals): void;
  /** What it printed so far, stdout and stderr as they came, capped. */
  output(): string;
  /** What it printed, as evidence. */
  outputEvidence(): Evidence[];
  readonly env: Readonly<Record<string, string>>;
}

export interface Attempt {
  ok: boolean;
  value?: unknown;
  error?: SubmissionErrorShape;
  /** True where the call had not ended after its time. */
  hung?: boolean;
  ms: number;
}

export interface SubmissionErrorShape {
  name: string;
  message: string;
  /** Whether what was thrown is an Error. */
  isError: boolean;
  code?: string | number;
  /** Keys of its `errors` object, if it has one. */
  errorKeys?: string[];
  /** `file:line:column` in the learner's own files. */
  at?: string;
  stack?: string;
}

export interface HttpProgram extends Program {
  readonly port: number;
  /** Never throws for a bad answer; throws SubmissionError where there is none. Bodies are capped at 4 MiB. */
  fetch(path: string, init?: HttpInit): Promise<HttpAnswer>;
}

export interface HttpInit {
  method?: string;
  headers?: Record<string, string>;
  /** An object is sent as JSON with its content type; a string or bytes as they are. */
  body?: unknown;
  /** Default 10,000. */
  timeoutMs?: number;
}

export interface HttpAnswer {
  status: number;
  headers: Record<string, string>;
  text: string;
  /** The parsed body, or undefined where it is no JSON. */
  json: unknown;
  ms: number;
  /** The request and its answer, as evidence. */
  evidence: Evidence[];
}

/** Numbers, words and dates from the run's seed: the same seed gives the same data. */
export interface Random {
  readonly seed: number;
  int(min: number, max: number): number;
  /** A made-up lower-case word of 5 to 9 letters. */
  word(): string;
  words(count: number): string;
  pick<T>(items: readonly T[]): T;
  shuffle<T>(items: readonly T[]): T[];
  /** A date in the last year, whole milliseconds. */
  date(): Date;
  /** `count` hex digits. */
  hex(count: number): string;
  /** A fresh ObjectId, as the `bson` class. */
  objectId(): ObjectId;
}

export type Document = Record<string, unknown>;

/** A database, past the tap. Values are the `bson` package's: numbers promoted, ObjectId, Date. */
export interface Database {
  readonly name: string;
  collection(name: string): Collection;
  collectionNames(): Promise<string[]>;
  command(command: Document): Promise<Document>;
}

export interface Collection {
  find(filter?: Document, options?: { sort?: Document; limit?: number; projection?: Document }): Promise<Document[]>;
  findOne(filter?: Document): Promise<Document | null>;
  count(filter?: Document): Promise<number>;
  insert(...documents: Document[]): Promise<void>;
  update(filter: Document, update: Document | Document[], options?: { multi?: boolean; upsert?: boolean }): Promise<void>;
  delete(filter?: Document): Promise<void>;
  indexes(): Promise<Document[]>;
}

export type { ClientRecord, CommandQuery, CommandRecord, Tap } from '../tap/types.ts';
