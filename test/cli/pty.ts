import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { spawn, type IPty } from '@lydell/node-pty';

const program = resolve('bin/mongo-course.js');

export interface TypedOptions {
  cwd: string;
  columns?: number;
  rows?: number;
  env?: Record<string, string>;
}

/** The built program at a terminal: keys go in, what it shows comes out. */
export class Terminal {
  readonly #pty: IPty;
  #raw = '';
  #seen = 0;
  #changed: (() => void)[] = [];
  readonly exited: Promise<number>;

  constructor(args: readonly string[], { cwd, columns = 80, rows = 24, env = {} }: TypedOptions) {
    const inherited = Object.fromEntries(['PATH', 'HOME', 'SystemRoot', 'LANG'].flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]))) as Record<string, string>;
    this.#pty = spawn(process.execPath, [program, ...args], {
      name: 'xterm-256color', cols: columns, rows, cwd, env: { ...inherited, TERM: 'xterm-256color', XDG_STATE_HOME: join(cwd, '.state'), ...env },
    });
    this.#pty.onData((text) => {
      this.#raw += text;
      for (const changed of this.#changed.splice(0)) changed();
    });
    this.exited = new Promise((done) => this.#pty.onExit(({ exitCode }) => done(exitCode)));
  }

  get pid(): number {
    return this.#pty.pid;
  }

  /** Everything that was ever shown, escape sequences and all. */
  get raw(): string {
    return this.#raw;
  }

  type(keys: string): void {
    this.#pty.write(keys);
  }

  resize(columns: number, rows: number): void {
    this.#pty.resize(columns, rows);
  }

  signal(name: string): void {
    this.#pty.kill(name);
  }

  /** Waits until text appears after what was waited for last; gives all that was shown up to its end. */
  async shows(pattern: RegExp | string, withinMs = 45_000): Promise<string> {
    const deadline = Date.now() + withinMs;
    for (;;) {
      const text = stripVTControlCharacters(this.#raw.replace(/\u001b\[\d+;1H/g, '\n')).slice(this.#seen);
      const found = typeof pattern === 'string' ? text.indexOf(pattern) : text.search(pattern);
      if (found !== -1) {
        const length = typeof pattern === 'string' ? pattern.length : (pattern.exec(text)?.[0].length ?? 0);
        this.#seen += found + length;
        return text.slice(0, found + length);
      }
      const left = deadline - Date.now();
      if (left <= 0) throw new Error(`the terminal never showed ${String(pattern)}; since the last look it showed:\n${text}`);
      await new Promise<void>((done) => {
        const timer = setTimeout(done, Math.min(left, 1000));
        this.#changed.push(() => {
          clearTimeout(timer);
          done();
        });
      });
    }
  }

  /** Ends it, if it still runs. */
  async close(): Promise<void> {
    this.#pty.kill('SIGKILL');
    await this.exited;
  }
}

/** A temporary folder for one test, removed by `remove`. */
export async function temporaryFolder(): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'mongo-course-cli-'));
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }) };
}

/** How a command ended. */
export interface Ended {
  stdout: string;
  stderr: string;
  code: number;
}

/** Runs the built program without a terminal. */
export function runProgram(args: readonly string[], { cwd, state, input }: { cwd: string; state: string; input?: string }): Promise<Ended> {
  return new Promise((done) => {
    const child = execFile(process.execPath, [program, ...args], { cwd, env: { ...process.env, XDG_STATE_HOME: state, NO_COLOR: '1' }, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      done({ stdout, stderr, code: error === null ? 0 : typeof error.code === 'number' ? error.code : -1 });
    });
    child.stdin?.end(input ?? '');
  });
}
