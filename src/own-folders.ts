import { homedir, tmpdir, userInfo } from 'node:os';
import { isAbsolute, join } from 'node:path';

type Env = Readonly<Record<string, string | undefined>>;

/** Where what can be made again is kept: below XDG_CACHE_HOME; LOCALAPPDATA on Windows, ~/Library/Caches on a Mac; else ~/.cache. */
export function cacheFolder(env: Env): string {
  return ownFolder(env, env.XDG_CACHE_HOME, process.platform === 'darwin' ? ['Library', 'Caches'] : ['.cache']);
}

/** Where is kept what this person did, outside of their workbooks: below XDG_STATE_HOME; LOCALAPPDATA on Windows; else ~/.local/state. */
export function stateFolder(env: Env): string {
  return ownFolder(env, env.XDG_STATE_HOME, ['.local', 'state']);
}

/** https://specifications.freedesktop.org/basedir-spec/latest/ has relative paths ignored. HOME may be set to nothing. */
function ownFolder(env: Env, named: string | undefined, inHome: readonly string[]): string {
  if (named !== undefined && isAbsolute(named)) return join(named, 'mongo-course');
  if (process.platform === 'win32' && env.LOCALAPPDATA) return join(env.LOCALAPPDATA, 'mongo-course');
  return join(home(), ...inHome, 'mongo-course');
}

function home(): string {
  try {
    return homedir() || userInfo().homedir;
  } catch {
    // No HOME, and a user id that this system has no account for, as containers are given.
    return join(tmpdir(), `home-${process.getuid?.() ?? ''}`);
  }
}

/**
 * Whether what is kept may be used: it is our own, or root's. Where a cache is in a folder that others may write to (HOME=/tmp), one
 * of them may have laid something there, a submission too.
 */
export const isTrusted = ({ uid }: { uid: number }): boolean => process.getuid === undefined || uid === process.getuid() || uid === 0;
