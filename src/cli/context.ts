import type { Command } from 'commander';
import type { Course } from '../course/types.ts';
import type { ExitCode } from '../errors.ts';
import type { Terminal } from './terminal/terminal.ts';

/** What every command is given. */
export interface Cli {
  readonly terminal: Terminal;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Aborted by Ctrl-C and the like: stop, tidy up, and the program exits with 130. */
  readonly signal: AbortSignal;
  /** Options that every command understands. */
  readonly options: () => GlobalOptions;
  /** The course: the one that ships, or `--course DIR`. Loaded once. */
  course(): Promise<Course>;
  /** Wraps a command's work as a commander action: what it resolves to is the exit code, 0 where it is undefined. */
  action<Arguments extends unknown[]>(run: (...args: Arguments) => Promise<ExitCode | void>): (...args: Arguments) => Promise<void>;
}

export interface GlobalOptions {
  debug: boolean;
  course: string | undefined;
}

/** One file in `commands/` exports `command`, one of these. Heavy imports belong inside its action. */
export interface CommandModule {
  register(program: Command, cli: Cli): void;
}
