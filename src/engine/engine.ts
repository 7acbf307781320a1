import type { Backend } from '../wire/backend.ts';

export type EngineKindId = 'embedded' | 'mongod' | 'external';

export interface EngineOptions {
  /** `external` only: the server's URI. */
  uri?: string;
  /** Run as a single-node replica set: sessions, transactions, change streams. */
  replset?: boolean;
  /** `embedded` only: refuses to store more than about so many bytes, with OutOfDiskSpace; trusted connections excepted. */
  maxBytes?: number;
  /** `embedded` only: who may do anything; others have to log in too. */
  auth?: { user: string; password: string };
  signal?: AbortSignal;
}

/** Something that serves MongoDB. Made by a kind in `engine/kinds/`. */
export interface Engine {
  readonly kind: EngineKindId;
  /** The server's own version, for example `8.2.0`. */
  readonly version: string;
  /** A new one costs next to nothing: nobody need get what another left in it. */
  readonly throwaway?: boolean;
  /** Answers connections of a front end. */
  readonly backend: Backend;
  /** Stops it and frees all it holds. Idempotent. */
  stop(): Promise<void>;
}

/** One file in `engine/kinds/` exports `kind`, one of these. */
export interface EngineKind {
  /** One line for `--help` and `doctor`. */
  readonly summary: string;
  /** Starts it. Throws a UserError with exit code 3 where that cannot be done, saying what to do. */
  start(options: EngineOptions): Promise<Engine>;
}
