import { spawnSync, type ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { sep } from 'node:path';

/** The variable that marks every process a run starts, so that those that left their group are found. */
export const runMarker = 'MONGO_COURSE_RUN';

const live = new Set<ChildProcess>();
const openRuns = new Map<string, string>();

/** Notes a process, so that it is ended with ours, however ours ends. */
export function watchProcess(child: ChildProcess): void {
  live.add(child);
  child.once('exit', () => live.delete(child));
}

/** What somebody who outlives this process has to know to tidy up after it. */
export interface RunEvent {
  run: string;
  folder: string;
  open: boolean;
}

let onRun: ((event: RunEvent) => void) | undefined;

/** Tells of every run that opens and closes. */
export function tellRuns(listener: (event: RunEvent) => void): void {
  onRun = listener;
}

/** Notes a run's folder, so that it is gone with our process, however that ends, and so is every process of the run. */
export function openRun(run: string, folder: string): void {
  openRuns.set(run, folder);
  onRun?.({ run, folder, open: true });
}

/** Ends what still runs of a run, removes its folder, and only then takes it off the list. */
export async function closeRun(run: string): Promise<void> {
  const folder = openRuns.get(run);
  if (folder === undefined) return;
  killStrays(run, folder);
  await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  openRuns.delete(run);
  onRun?.({ run, folder, open: false });
}

/** Ends a run of a process that could not do it itself, and removes its folder. */
export function endRun(run: string, folder: string): void {
  killStrays(run, folder);
  // A process that is just being killed may still write.
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
}

process.on('exit', () => {
  for (const child of live) killGroup(child);
  for (const [run, folder] of openRuns) endRun(run, folder);
});

/** Kills a process and all of its group. */
export function killGroup(child: ChildProcess, signal: NodeJS.Signals = 'SIGKILL'): void {
  if (child.pid === undefined) return;
  try {
    // Windows has no groups: its own tool finds the children of a process. Where that fails, at least the process itself.
    if (process.platform !== 'win32') process.kill(-child.pid, signal);
    // One that has ended has no number of its own any more: by now it may be another's.
    else if (child.exitCode === null && child.signalCode === null && spawnSync('taskkill', ['/pid', String(child.pid), '/t', '/f'], { stdio: 'ignore', windowsHide: true }).status !== 0) child.kill(signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/**
 * Kills processes of a run that left its process group (a detached child, a daemon): by their environment, or where they
 * threw that away by their working directory. Linux only: elsewhere nothing tells them from others.
 */
function killStrays(run: string, folder: string | undefined): void {
  if (process.platform !== 'linux') return;
  // Again while there were some: what is about to be killed may have started another.
  for (let pass = 0; pass < 10 && killThose(`${runMarker}=${run}`, folder); pass++);
}

function killThose(mark: string, folder: string | undefined): boolean {
  let found = false;
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    try {
      const isOurs = readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(mark) || (folder !== undefined && readlinkSync(`/proc/${pid}/cwd`).startsWith(folder + sep));
      if (!isOurs) continue;
      process.kill(pid, 'SIGKILL');
      found = true;
    } catch (error) {
      // A process that ended meanwhile, or that is somebody else's.
      if (!['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    }
  }
  return found;
}
