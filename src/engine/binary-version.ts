import { spawn } from 'node:child_process';

/**
 * Asks a server's program for its version, before anything else is asked of it: whoever starts it later waits for it
 * without a limit.
 * @returns what it says in its first line
 * @throws where it cannot be run, fails, or says nothing in time; it is ended then
 */
export function binaryVersion(path: string, limitMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const program = spawn(path, ['--version'], { stdio: ['ignore', 'pipe', 'ignore'] });
    let said = '';
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      program.kill('SIGKILL');
    }, limitMs);
    program.stdout.on('data', (chunk: Buffer) => { said += chunk.toString(); });
    program.once('error', (error) => {
      clearTimeout(timer);
      reject(new Error(`${path} cannot be run (${(error as NodeJS.ErrnoException).code ?? error.message})`));
    });
    program.once('close', (code, signal) => {
      clearTimeout(timer);
      if (late) reject(new Error(`${path} did not answer --version within ${limitMs / 1000} seconds`));
      else if (code !== 0) reject(new Error(`${path} --version ended with ${signal ?? `exit code ${code}`}`));
      else resolve(said.split('\n')[0] ?? '');
    });
  });
}
