import { resolve } from 'node:path';
import { Command, CommanderError } from 'commander';
import type { Course } from '../course/types.ts';
import { exitCodes, isUserError, UserError, type ExitCode } from '../errors.ts';
import { didYouMean } from '../nearest.ts';
import { loadRegistrant, loadRegistry, registryIds } from '../registry.ts';
import type { Cli, CommandModule, GlobalOptions } from './context.ts';
import { createTerminal, type Terminal } from './terminal/terminal.ts';
import { packageVersion } from './version.ts';

/** Runs one command line and ends the process with its exit code. The only place that exits. */
export async function main(args: readonly string[]): Promise<void> {
  const terminal = createTerminal({ env: process.env, accessible: args.includes('--accessible') });
  const abort = new AbortController();
  endWhenNobodyReads(terminal);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (abort.signal.aborted) process.exit(exitCodes.interrupted);
      abort.abort();
    });
  }
  const code = await run(args, terminal, abort.signal);
  process.exitCode = abort.signal.aborted ? exitCodes.interrupted : code;
  await flushed(terminal);
  process.exit();
}

async function run(args: readonly string[], terminal: Terminal, signal: AbortSignal): Promise<ExitCode> {
  let code: ExitCode = exitCodes.ok;
  let course: Promise<Course> | undefined;
  const program = new Command('mongo-course');
  const cli: Cli = {
    terminal, env: process.env, signal,
    get cwd() {
      return currentFolder();
    },
    options: () => program.opts<GlobalOptions>(),
    course: () => (course ??= loadCourse(program.opts<GlobalOptions>().course)),
    action: (work) => async (...given) => {
      code = (await work(...given)) ?? exitCodes.ok;
    },
  };
  try {
    await configure(program, cli, args);
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    if (signal.aborted) terminal.note('Stopped.');
    const { wrap } = await import('./terminal/table.ts');
    return signal.aborted ? exitCodes.interrupted : explain(error, terminal, args.includes('--debug'), wrap);
  }
}

/** @throws UserError where it was removed while the shell stayed in it */
function currentFolder(): string {
  try {
    return process.cwd();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new UserError('The folder that you are in is no longer there.', { exitCode: exitCodes.environment, wayOut: 'Go to another one first: cd', cause: error });
  }
}

async function configure(program: Command, cli: Cli, args: readonly string[]): Promise<void> {
  program
    .description('A hands-on course in your terminal: put MongoDB behind a web API, and know that you did it right.')
    .version(packageVersion(), '-V, --version', 'print the version')
    .option('--course <dir>', 'use the course in this folder instead of the one that ships')
    .option('--accessible', 'plain, append-only output for screen readers (as ACCESSIBLE=1)')
    .option('--debug', 'show where an error came from', false)
    .helpOption('-h, --help', 'show help')
    .helpCommand('help [command]', 'show help for a command')
    .showSuggestionAfterError()
    .showHelpAfterError('Try "mongo-course --help".')
    .exitOverride()
    .configureHelp({ helpWidth: cli.terminal.width, minWidthToWrap: 20, sortSubcommands: false })
    .configureOutput({
      writeOut: (text) => void cli.terminal.stdout.write(text),
      writeErr: (text) => void cli.terminal.stderr.write(text),
    })
    .addHelpText('after', '\nStart with:  mongo-course next');
  for (const command of await commandsFor(args[0])) command.register(program, cli);
  for (const command of program.commands) command.exitOverride().configureHelp({ helpWidth: cli.terminal.width, minWidthToWrap: 20 });
  // Errors in options of a subcommand end like those of the program: commander copies these settings only to later ones.
  for (const command of program.commands) command.copyInheritedSettings(program);
  program.argument('[command]').usage('[options] [command]').allowExcessArguments().action(cli.action(async (name: string | undefined) => {
    if (name === undefined && cli.terminal.interactive) return (await import('./menu.ts')).openMenu(cli, program);
    if (name === undefined) return program.outputHelp();
    const names = program.commands.flatMap((command) => [command.name(), ...command.aliases()]);
    throw new UserError(`There is no command "${name}".`, { wayOut: `${didYouMean(name, names)}All of them: mongo-course --help` });
  }));
}

/** A command that is named first is loaded alone, so that it starts sooner; help and everything else need them all. */
async function commandsFor(first: string | undefined): Promise<CommandModule[]> {
  const folder = new URL('./commands/', import.meta.url);
  if (first !== undefined && registryIds(folder).includes(first)) return [await loadRegistrant<CommandModule>(folder, first, 'command')];
  return [...(await loadRegistry<CommandModule>(folder, 'command')).values()];
}

async function loadCourse(folder: string | undefined): Promise<Course> {
  const { loadCourse: load } = await import('../course/load.ts');
  return load(folder === undefined ? undefined : resolve(folder));
}

/** Prints an error: one sentence and the way out for the person's own, a stack for ours. */
function explain(error: unknown, terminal: Terminal, debug: boolean, wrap: (text: string, columns: number) => string): ExitCode {
  const red = terminal.errorColor.red;
  const say = (text: string): void => {
    for (const line of text.split('\n')) terminal.note(terminal.stderr.columns ? wrap(line, terminal.width) : line);
  };
  if (isUserError(error)) {
    say(error.exitCode === exitCodes.interrupted ? error.message : `${red('Error:')} ${error.message}`);
    if (error.wayOut) say(error.wayOut);
    if (debug) terminal.note(String(error.stack));
    return error.exitCode;
  }
  const system = systemSentence(error);
  if (system) {
    say(`${red('Error:')} ${system.sentence}`);
    say(system.wayOut);
    if (debug) terminal.note(String((error as Error).stack));
    return exitCodes.environment;
  }
  terminal.note(`${red('Error:')} mongo-course itself failed: ${error instanceof Error ? error.message : String(error)}`);
  terminal.note(debug ? String((error as Error).stack ?? error) : 'This is our mistake, not yours. Run the command again with --debug to see where it happened.');
  return exitCodes.environment;
}

const ownFolder = 'Give yourself the right to it, or work in a folder of your own.';
const freeSpace = 'Free some space and run the command again. Files are written whole or not at all, so nothing of yours is lost.';
const systemReasons: Record<string, [reason: string, wayOut: string]> = {
  EACCES: ['permission was denied', ownFolder], EPERM: ['the operation is not permitted', ownFolder], EROFS: ['the folder is read-only', ownFolder],
  ENOSPC: ['the disk is full', freeSpace], EDQUOT: ['the disk quota is used up', freeSpace],
  EMFILE: ['too many files are open', 'Close some programs, or raise the limit: ulimit -n 4096'],
  ENOTDIR: ['a part of the path is not a folder', 'Move the file that is in the way.'], EISDIR: ['there is a folder where a file should be', 'Move the folder that is in the way.'],
};

/** A sentence and a way out for what the operating system refused, or undefined for any other error. */
function systemSentence(error: unknown): { sentence: string; wayOut: string } | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  const known = systemReasons[error.code];
  if (!known) return undefined;
  const [reason, wayOut] = known;
  const path = 'path' in error && typeof error.path === 'string' ? ` (${error.path})` : '';
  return { sentence: `Cannot go on: ${reason}${path}.`, wayOut };
}

/** A reader that goes away, `| head` for one, ends the program without noise; a full disk behind `>` with a sentence. */
function endWhenNobodyReads(terminal: Terminal): void {
  for (const stream of [terminal.stdout, terminal.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit();
      if (stream === terminal.stdout) explain(error, terminal, false, (text) => text);
      process.exit(exitCodes.environment);
    });
  }
}

async function flushed(terminal: Terminal): Promise<void> {
  for (const stream of [terminal.stdout, terminal.stderr]) {
    if (stream.writableLength > 0) await new Promise<void>((done) => stream.write('', () => done()));
  }
  // What a file could not take is told in the turn after.
  await new Promise((done) => setImmediate(done));
}
