import type { ArgumentFields } from './arguments.ts';
import type { Doc } from './bson/value.ts';
import type { GenericArguments } from './generic-arguments.ts';
import type { Server } from './server-state.ts';
import type { Client } from './client.ts';

/** A reply: a document, to which `ok: 1` is added, or the raw bytes of one that has it. */
export type Reply = Doc | Buffer;

/** Work that others may be given a turn in the middle of: it yields now and then and returns its result. */
export type Work<T> = Generator<undefined, T>;

/** One call of a command. */
export interface CommandContext {
  readonly server: Server;
  readonly client: Client;
  readonly database: string;
  /** The name it was called by. */
  readonly name: string;
  /** The command's document, decoded; what came as a document sequence is in `sequences`. */
  readonly body: Doc;
  /** The raw documents of a field: from a document sequence, or from an array in the body. */
  documents(field: string): Buffer[] | undefined;
  readonly generic: GenericArguments;
  /** When it began, by the process's clock. */
  readonly began: number;
}

/** One file in `commands/` exports `command`, one of these; its name is the file's. */
export interface CommandDefinition {
  readonly aliases?: readonly string[];
  /** What it takes beside what all commands take. Absent: anything, which the command checks itself. */
  readonly fields?: ArgumentFields;
  /** Only on the database `admin`. */
  readonly adminOnly?: boolean;
  /** It reads data: all levels of read concern. */
  readonly reads?: boolean;
  /** The levels of read concern that it takes, where that depends on what it is told. @param body the command's document */
  readConcerns?(body: Doc): readonly string[];
  /** It changes data: write concerns. */
  readonly writes?: boolean;
  /** True where `apiStrict: true` may call it. */
  readonly stable?: boolean;
  run(context: CommandContext): Reply | Work<Reply> | Promise<Reply>;
}
