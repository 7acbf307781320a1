import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, realpathSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import pty from '@lydell/node-pty';

/** The repository. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

const program = join(root, 'bin', 'mongo-course.js');
/** Another Node.js to run the program on: scripts/on-node-versions.js sets it. */
const node = process.env.MONGO_COURSE_TEST_NODE || process.execPath;

/** How a command ended. */
export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  /** Relative to the place. */
  cwd?: string;
  env?: Record<string, string>;
  /** What is in front of the program: `sh -c …` and the like get the command line as `"$@"`. */
  shell?: string;
  /** Without root's right to write everywhere. */
  powerless?: boolean;
}

/** A program in a terminal. */
export interface InTerminal {
  /** All that was shown so far, without colours. */
  readonly screen: string;
  /** All that was shown so far, as it came. */
  readonly raw: string;
  /** Waits until the screen shows this, after what was waited for before. */
  shows(what: string | RegExp): Promise<void>;
  /** Waits for the first of these that the screen shows, or for the end; its index, or -1. */
  first(...what: RegExp[]): Promise<number>;
  type(text: string): void;
  readonly ended: Promise<number>;
}

/** An empty folder with a home, a temporary folder and a state folder of its own; the program runs in it. */
export class Place {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'mc-cli-')));
  readonly tmp = join(this.folder, '.tmp');
  readonly #running = new Set<{ kill(signal: 'SIGKILL'): unknown }>();

  constructor() {
    for (const name of ['.home', '.tmp', '.state']) mkdirSync(join(this.folder, name));
  }

  path(...parts: string[]): string {
    return join(this.folder, ...parts);
  }

  get env(): Record<string, string> {
    return {
      PATH: process.env.PATH ?? '', HOME: this.path('.home'), TMPDIR: this.tmp, XDG_STATE_HOME: this.path('.state'), LANG: 'C.UTF-8',
      // Bundles of packages are the same for all tests.
      XDG_CACHE_HOME: process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'),
    };
  }

  /** Starts the program without a terminal. */
  start(args: readonly string[], options: RunOptions = {}): { child: ChildProcess; ended: Promise<Ended> } {
    let command = [node, program, ...args];
    if (options.shell) command = ['sh', '-c', options.shell, 'sh', ...command];
    if (options.powerless && process.getuid?.() === 0) command = ['setpriv', '--bounding-set=-all', '--inh-caps=-all', ...command];
    const child = spawn(command[0] as string, command.slice(1), { cwd: join(this.folder, options.cwd ?? ''), env: { ...this.env, ...options.env }, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#running.add(child);
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const ended = new Promise<Ended>((resolve) => child.once('close', (code) => {
      this.#running.delete(child);
      resolve({ code, stdout, stderr });
    }));
    return { child, ended };
  }

  run(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
    return this.start(args, options).ended;
  }

  /** Starts the program in a terminal of its own. */
  terminal(args: readonly string[], { cwd = '', columns = 100, rows = 400, env = {} }: { cwd?: string; columns?: number; rows?: number; env?: Record<string, string> } = {}): InTerminal {
    const child = pty.spawn(node, [program, ...args], { name: env.TERM ?? 'xterm-256color', cols: columns, rows, cwd: join(this.folder, cwd), env: { ...this.env, PAGER: 'cat', ...env } });
    this.#running.add(child);
    let raw = '';
    let seen = 0;
    let isOver = false;
    child.onData((text) => (raw += text));
    const ended = new Promise<number>((resolve) => child.onExit(({ exitCode }) => {
      this.#running.delete(child);
      isOver = true;
      resolve(exitCode);
    }));
    const screen = (): string => stripVTControlCharacters(raw).replaceAll('\r', '');
    const first = async (...what: RegExp[]): Promise<number> => {
      for (;;) {
        const over = isOver;
        const text = screen().slice(seen);
        const found = what.map((one, index) => ({ index, at: text.search(one) })).filter(({ at }) => at !== -1).sort((a, b) => a.at - b.at)[0];
        if (found) {
          seen += found.at + (what[found.index]?.exec(text)?.[0].length ?? 0);
          return found.index;
        }
        if (over) return -1;
        await new Promise((done) => setTimeout(done, 30));
      }
    };
    return {
      get screen() { return screen(); },
      get raw() { return raw; },
      first, ended,
      async shows(what) {
        const pattern = typeof what === 'string' ? new RegExp(what.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')) : what;
        if ((await first(pattern)) === -1) throw new Error(`the program ended without showing ${String(what)}. It showed:\n${screen()}`);
      },
      type: (text) => child.write(text),
    };
  }

  /** A workbook with these exercises opened, each with the files named: the starter, then what replaces it. */
  async workbook(exercises: Record<string, string> = {}, name = 'wb'): Promise<string> {
    const made = await this.run(['init', name, '--yes']);
    if (made.code !== 0) throw new Error(`init ended with ${made.code}: ${made.stderr}`);
    for (const [id, over] of Object.entries(exercises)) {
      cpSync(join(root, 'exercises', id, 'starter'), this.path(name, id), { recursive: true });
      if (over) cpSync(join(root, over), this.path(name, id), { recursive: true });
    }
    return name;
  }

  /** Processes that still run here, and what is left in the temporary folder. */
  leftovers(): { processes: string[]; files: string[] } {
    return { processes: process.platform === 'linux' ? processesOf(this.folder) : [], files: readdirSync(this.tmp) };
  }

  dispose(): void {
    for (const one of this.#running) one.kill('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

/** True where a test can take away root's right to write everywhere, or does not have it. */
export const canBePowerless = process.platform === 'linux' && (process.getuid?.() !== 0 || spawnSync('setpriv', ['--bounding-set=-all', '--inh-caps=-all', 'true']).status === 0);

/** Processes whose environment names this folder, or that stand in it. */
function processesOf(folder: string): string[] {
  return readdirSync('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid)) return [];
    try {
      if (!readFileSync(`/proc/${pid}/environ`, 'latin1').includes(folder) && !readlinkSync(`/proc/${pid}/cwd`).startsWith(folder)) return [];
      return [`${pid} ${readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ')}`];
    } catch (error) {
      if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
      throw error;
    }
  });
}
