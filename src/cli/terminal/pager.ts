import { spawn } from 'node:child_process';
import type { Cli } from '../context.ts';
import { leavingInterrupts } from './interrupts.ts';

/** Shows a long text: through the pager where a terminal shows less than all of it, else printed. */
export async function page(cli: Cli, text: string): Promise<void> {
  const { terminal, env } = cli;
  const rows = terminal.stdout.rows ?? 24;
  const fits = text.split('\n').length < rows;
  if (!terminal.interactive || terminal.accessible || fits) {
    terminal.stdout.write(text);
  } else if (!(await leavingInterrupts(() => throughPager(env.PAGER || 'less', text, env)))) {
    await (await import('./own-pager.ts')).pageByPage(cli, text);
  }
}

/** What a shell says of a program that it can't find, or not run: sh, and cmd.exe. */
const notFound = process.platform === 'win32' ? [1, 9009] : [126, 127];

/** False where the pager can't be started. */
function throughPager(command: string, text: string, env: Cli['env']): Promise<boolean> {
  return new Promise((resolve) => {
    const pager = spawn(command, {
      shell: command.includes(' '), stdio: ['pipe', 'inherit', 'inherit'], env: { LESS: '-R -F -X', ...env } as NodeJS.ProcessEnv,
    });
    pager.on('error', () => resolve(false));
    pager.on('close', (code) => resolve(!(command.includes(' ') && code !== null && notFound.includes(code))));
    // The reader may leave before the end.
    pager.stdin.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE' && error.code !== 'ENOENT') throw error;
    });
    pager.stdin.end(text);
  });
}
