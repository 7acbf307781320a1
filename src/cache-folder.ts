import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where things are kept that can be made again: below XDG_CACHE_HOME; LOCALAPPDATA on Windows, ~/Library/Caches on a Mac; else ~/.cache. */
export function cacheFolder(env: Readonly<Record<string, string | undefined>>): string {
  const base = env.XDG_CACHE_HOME || (process.platform === 'win32' && env.LOCALAPPDATA) || join(homedir(), ...(process.platform === 'darwin' ? ['Library', 'Caches'] : ['.cache']));
  return join(base, 'mongo-course');
}
