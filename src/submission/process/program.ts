import { spawn, type ChildProcess } from 'node:child_process';
import type { Server } from 'node:net';
import type { Duplex, Readable } from 'node:stream';
import { dirname, resolve } from 'node:path';
import { programFile } from '../../program-file.ts';
import { decodeValue, encodeValue, type Revivers } from '../child/codec.ts';
import { encodeFrame, FrameError, FrameReader } from '../child/frames.ts';
import type { NetworkOrder } from '../child/network.ts';
import type { Sandbox, SandboxReach } from '../sandbox.ts';
import { innerPid } from './inner.ts';
import { killGroup, runMarker, watchProcess } from './end.ts';
import { nodeOptions } from './node-options.ts';
import { Output } from './output.ts';

/** How a process came to its end, for the person to read. */
export interface ProcessExit {
  code: number | null;
  signal: string | null;
  afterMs: number;
  /** Set where we ended it, for flooded output or a broken channel; and where nothing of the submission was loaded yet. */
  reason?: 'flood' | 'channel' | 'start';
}

export interface ThrownShape {
  isError: boolean;
  name: string;
  message: string;
  stack?: string;
  code?: string | number;
  errorKeys?: string[];
}

/** How a call ended. */
export type CallOutcome =
  | { kind: 'returned'; value: unknown; ms: number }
  | { kind: 'threw'; error: ThrownShape; ms: number }
  | { kind: 'hung'; ms: number }
  | { kind: 'ended'; exit: ProcessExit; ms: number };

export interface ProgramOptions {
  /** Where the compiled files are: the working directory. */
  folder: string;
  /** The working directory. */
  cwd: string;
  entry: string;
  probe: string | undefined;
  tapPort: number;
  env: Record<string, string>;
  run: string;
  revivers: Revivers;
  /** Called when the process is ready to load the submission. */
  onReady?: () => void;
  sandbox: Sandbox;
  reach: SandboxReach;
  /** For a sandbox with a network of its own: what listens there in our place. */
  network: {
    ports: number[];
    /** Takes a socket that listens; gives a function that closes it. */
    adopt(server: Server): () => void;
    bridge: NonNullable<NetworkOrder['bridge']> | undefined;
  };
}

/** Behind standard streams, our channel and Node's. */
const infoFd = 5;

/** A process that runs a submission. Everything it says is unknown until it was looked at. */
export class SubmissionProcess {
  readonly output: Output;
  readonly #child: ChildProcess;
  readonly #channel: Duplex;
  readonly #pending = new Map<number, (outcome: CallOutcome) => void>();
  /** Calls that were given up: their answers may still come. */
  readonly #late = new Set<number>();
  readonly #startedAt = performance.now();
  readonly #revivers: Revivers;
  readonly exited: Promise<ProcessExit>;
  readonly #adopted: (() => void)[] = [];
  /** Set where the process that was started is a sandbox, and the submission's is in it. */
  #inner: (() => Promise<number | undefined>) | undefined;
  #exit: ProcessExit | undefined;
  #reason: 'flood' | 'channel' | undefined;
  #isReady = false;
  readonly #onReady: (() => void) | undefined;
  #lastId = 0;

  constructor(options: ProgramOptions) {
    this.#revivers = options.revivers;
    this.#onReady = options.onReady;
    const { sandbox, reach, network } = options;
    const command = sandbox.wrap({
      file: process.execPath,
      args: [...nodeOptions, childStart()],
      cwd: options.cwd, env: { ...options.env, [runMarker]: options.run },
    }, { ...reach, readable: [...reach.readable, ...childFiles()] }, infoFd);
    this.#child = spawn(command.file, command.args, {
      cwd: command.cwd, env: command.env, stdio: ['ignore', 'pipe', 'pipe', 'pipe', ...(sandbox.ownNetwork ? ['ipc' as const, 'pipe' as const] : [])],
      detached: process.platform !== 'win32', windowsHide: true,
    });
    if (sandbox.ownNetwork) {
      this.#inner = innerPid(this.#child.stdio.at(infoFd) as Readable);
      this.#adopt(network.ports.length, network.adopt);
    }
    watchProcess(this.#child);
    this.output = new Output(() => this.#giveUp('flood'));
    if (this.#child.stdout) this.output.follow(this.#child.stdout);
    if (this.#child.stderr) this.output.follow(this.#child.stderr);
    this.#channel = this.#child.stdio[3] as Duplex;
    this.#listen();
    this.exited = this.#untilExit();
    this.#send({ type: 'boot', folder: options.folder, tapPort: options.tapPort, probe: options.probe, entry: options.entry, ...(sandbox.ownNetwork ? { network: { listen: network.ports, bridge: network.bridge } } : {}) });
  }

  get exit(): ProcessExit | undefined {
    return this.#exit;
  }

  /** @param options.main it is the program itself, and finds its own path in `process.argv[1]` */
  load(module: string, timeoutMs: number, { main = false }: { main?: boolean } = {}): Promise<CallOutcome> {
    return this.#ask({ type: 'load', module, main }, timeoutMs);
  }

  call(name: string, args: readonly unknown[], timeoutMs: number): Promise<CallOutcome> {
    return this.#ask({ type: 'call', name, args: args.map(encodeValue) }, timeoutMs);
  }

  /** Our channel no longer keeps the process alive. */
  release(): void {
    this.#send({ type: 'release' });
  }

  async signal(signal: NodeJS.Signals): Promise<void> {
    const pid = await this.#inner?.();
    if (pid === undefined) this.#child.kill(signal);
    else if (!this.#exit) process.kill(pid, signal);
  }

  /** Node's own channel is used for this alone, and closed before a line of the submission runs. */
  #adopt(count: number, adopt: (server: Server) => () => void): void {
    this.#child.on('message', (_message, handle) => {
      if (!handle || this.#adopted.length >= count) return;
      this.#adopted.push(adopt(handle as Server));
      if (this.#adopted.length === count) this.#child.disconnect();
    });
  }

  /** Kills it, its group, and waits until it is gone. */
  async end(): Promise<void> {
    killGroup(this.#child);
    await this.exited;
  }

  #ask(order: Record<string, unknown>, timeoutMs: number): Promise<CallOutcome> {
    const id = ++this.#lastId;
    const startedAt = performance.now();
    const ms = (): number => Math.round(performance.now() - startedAt);
    return new Promise((resolve) => {
      const settle = (outcome: CallOutcome): void => {
        clearTimeout(timer);
        this.#pending.delete(id);
        resolve({ ...outcome, ms: ms() });
      };
      const timer = setTimeout(() => {
        this.#late.add(id);
        settle({ kind: 'hung', ms: 0 });
      }, timeoutMs);
      if (this.#exit) return settle({ kind: 'ended', exit: this.#exit, ms: 0 });
      this.#pending.set(id, settle);
      this.#send({ ...order, id });
    });
  }

  #send(order: unknown): void {
    if (this.#channel.writable) this.#channel.write(encodeFrame(order));
  }

  #listen(): void {
    const frames = new FrameReader();
    this.#channel.on('data', (chunk: Buffer) => {
      // Given up: what it wrote before it was killed no longer counts, however it came in pieces.
      if (this.#reason) return;
      try {
        for (const frame of frames.push(chunk)) this.#hear(frame);
      } catch (error) {
        if (!(error instanceof FrameError)) throw error;
        this.#giveUp('channel');
      }
    });
    // The other end is gone: the exit tells the rest.
    this.#channel.on('error', () => this.#channel.destroy());
  }

  #hear(frame: unknown): void {
    if (typeof frame !== 'object' || frame === null) return this.#giveUp('channel');
    const { id, ok, value, error, ready } = frame as Record<string, unknown>;
    if (ready === true && !this.#isReady) {
      this.#isReady = true;
      return this.#onReady?.();
    }
    if (typeof id !== 'number') return this.#giveUp('channel');
    const settle = this.#pending.get(id);
    // Too late, and yet an answer; anything else without a question is a forgery.
    if (!settle) return this.#late.delete(id) ? undefined : this.#giveUp('channel');
    if (ok === true) settle({ kind: 'returned', value: decodeValue(value, this.#revivers), ms: 0 });
    else settle({ kind: 'threw', error: thrown(error), ms: 0 });
  }

  #giveUp(reason: 'flood' | 'channel'): void {
    this.#reason ??= reason;
    killGroup(this.#child);
  }

  #untilExit(): Promise<ProcessExit> {
    return new Promise((resolve) => {
      const done = (code: number | null, signal: string | null): void => {
        if (this.#exit) return;
        this.#exit = { code, signal, afterMs: Math.round(performance.now() - this.#startedAt), ...(this.#isReady && !this.#reason ? {} : { reason: this.#reason ?? 'start' }) };
        for (const settle of this.#pending.values()) settle({ kind: 'ended', exit: this.#exit, ms: 0 });
        // What is left of the group goes with its first process.
        killGroup(this.#child);
        for (const close of this.#adopted.splice(0)) close();
        resolve(this.#exit);
      };
      this.#child.once('exit', (code, signal) => {
        // What was already on its way, an answer or a last line, still counts.
        setTimeout(() => done(code, signal), 20);
      });
      this.#child.once('error', () => done(null, null));
    });
  }
}

function thrown(error: unknown): ThrownShape {
  const shape = (typeof error === 'object' && error !== null ? error : {}) as Record<string, unknown>;
  return {
    isError: shape.isError === true, name: text(shape.name, 100), message: text(shape.message, 4000),
    ...(typeof shape.stack === 'string' ? { stack: text(shape.stack, 8000) } : {}),
    ...(typeof shape.code === 'string' || typeof shape.code === 'number' ? { code: shape.code } : {}),
    ...(Array.isArray(shape.errorKeys) ? { errorKeys: shape.errorKeys.slice(0, 200).map((key) => text(key, 200)) } : {}),
  };
}

const text = (value: unknown, most: number): string => (typeof value === 'string' ? value.slice(0, most) : '');

const childStart = (): string => programFile('submission/child/start.cjs');

/** What the child itself is loaded from. */
function childFiles(): string[] {
  const folder = dirname(childStart());
  return [folder, resolve(folder, '../../../package.json')];
}
