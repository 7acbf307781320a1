import { InvalidArgumentError } from 'commander';
import { exitCodes, UserError } from '../../errors.ts';
import type { Cli, CommandModule } from '../context.ts';

interface Options {
  port?: number;
  replset?: boolean;
  auth?: { user: string; password: string };
}

export const command: CommandModule = {
  register(program, cli) {
    program
      .command('serve')
      .summary('the embedded MongoDB alone, for mongosh, Compass or any program')
      .description('Runs the embedded engine in the foreground until Ctrl-C. Data is in memory only. Prints one line: ready URI')
      .option('-p, --port <number>', 'listen on this port (default: a free one)', port)
      .option('--replset', 'as a single-node replica set')
      .option('--auth <user:password>', 'let in nobody but this user, who may make others', login)
      .action(cli.action((options: Options) => serve(cli, options)));
  },
};

function port(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0 || number > 65_535) throw new InvalidArgumentError('A port is a whole number from 0 to 65535.');
  return number;
}

function login(text: string): { user: string; password: string } {
  const [, user, password] = /^([^:]+):(.+)$/s.exec(text) ?? [];
  if (user === undefined || password === undefined) throw new InvalidArgumentError('A user and a password have a colon between them, as in teacher:secret.');
  return { user, password };
}

const refusals: Record<string, string> = { EADDRINUSE: 'is taken by another program', EACCES: 'may only be used by an administrator' };

async function serve(cli: Cli, options: Options): Promise<void> {
  const { startEngine } = await import('../../engine/index.ts');
  const engine = await startEngine({ engine: 'embedded', port: options.port ?? 0, replset: options.replset ?? false, ...(options.auth ? { auth: options.auth } : {}) }).catch((error: NodeJS.ErrnoException) => {
    const reason = refusals[error.code ?? ''];
    if (!reason) throw error;
    throw new UserError(`Port ${options.port ?? 0} ${reason}.`, { exitCode: exitCodes.environment, wayOut: 'Name another one, or leave --port out: then a free one is taken.', cause: error });
  });
  cli.terminal.print(`ready ${engine.uri}`);
  cli.terminal.note('Press Ctrl-C to stop. Nothing is kept.');
  if (!cli.signal.aborted) await new Promise<void>((done) => cli.signal.addEventListener('abort', () => done(), { once: true }));
  await engine.stop();
}
