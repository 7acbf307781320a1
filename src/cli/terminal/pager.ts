import { spawn } from 'node:child_process';
import type { Cli } from '../context.ts';

/** Shows a long text: through the pager where a terminal shows less than all of it, else printed. */
export async function page(cli: Cli, text: string): Promise<void> {
  const { terminal, env } = cli;
  const rows = terminal.stdout.rows ?? 24;
  const fits = text.split('\n').length < rows;
  if (!terminal.interactive || terminal.accessible || fits || !(await throughPager(env.PAGER || 'less', text, env))) {
    terminal.stdout.write(text);
  }
}

/** False where the pager can't be started. Keys go to the pager; Ctrl-C is its business. */
function throughPager(command: string, text: string, env: Cli['env']): Promise<boolean> {
  return new Promise((resolve) => {
    const pager = spawn(command, {
      shell: command.includes(' '), stdio: ['pipe', 'inherit', 'inherit'], env: { LESS: '-R -F -X', ...env } as NodeJS.ProcessEnv,
    });
    pager.on('error', () => resolve(false));
    pager.on('close', (code) => resolve(code !== 127));
    // The reader may leave before the end.
    pager.stdin.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE' && error.code !== 'ENOENT') throw error;
    });
    pager.stdin.end(text);
  });
}
