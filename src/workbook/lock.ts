import { open, readFile, rm, stat, type FileHandle } from 'node:fs/promises';
import { hostname } from 'node:os';
import { UserError, exitCodes } from '../errors.ts';

const staleAfterMs = 30_000;
const waitMs = 10_000;

/**
 * Runs `work` while this process holds the lock file; others wait. A lock whose process is gone is taken over.
 * @throws UserError (exit code 3) when another process holds it for 10 s
 */
export async function withLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + waitMs;
  while (!(await acquire(path))) {
    if (await isStale(path)) {
      await takeAway(path);
    }
    if (Date.now() > deadline) {
      throw new UserError('Another mongo-course command is writing this workbook and does not finish.', {
        wayOut: `End it, or delete ${path} if none is running.`, exitCode: exitCodes.environment,
      });
    }
    await new Promise((done) => setTimeout(done, 20 + Math.random() * 30));
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

async function acquire(path: string): Promise<boolean> {
  let file: FileHandle;
  try {
    file = await open(path, 'wx');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
  try {
    await file.writeFile(JSON.stringify({ pid: process.pid, host: hostname() }));
    return true;
  } catch (error) {
    // A full disk: an empty lock would shut everybody out.
    await rm(path, { force: true });
    throw error;
  } finally {
    await file.close();
  }
}

async function isStale(path: string): Promise<boolean> {
  try {
    const age = Date.now() - (await stat(path)).mtimeMs;
    if (age > staleAfterMs) return true;
    const text = await readFile(path, 'utf8');
    if (text === '') return false; // being written at this moment
    const { pid, host } = JSON.parse(text) as { pid: number; host: string };
    return host === hostname() && !isAlive(pid);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    if (error instanceof SyntaxError) return true;
    throw error;
  }
}

/** Removes a stale lock. One at a time, who looks once more: of two that saw it, the second must not remove the lock of the first. */
async function takeAway(path: string): Promise<void> {
  const guard = `${path}.takeover`;
  if (!(await acquire(guard))) {
    if (await isStale(guard)) await rm(guard, { force: true });
    return;
  }
  try {
    if (await isStale(path)) await rm(path, { force: true });
  } finally {
    await rm(guard, { force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
