import { join } from 'node:path';
import { SubmissionError } from '../checker/failure.ts';
import type { Attempt, HttpAnswer, HttpInit, HttpProgram, Program, StartOptions } from '../checker/types.ts';
import type { Engine } from '../engine/engine.ts';
import type { Revivers } from '../submission/child/codec.ts';
import { probeName } from '../submission/compile/compile.ts';
import { askServer, freePort, waitForServer, type ServerAddress } from '../submission/http.ts';
import { SubmissionProcess, type CallOutcome, type ProcessExit } from '../submission/process/program.ts';
import type { Sandbox } from '../submission/sandbox.ts';
import { createTap, type TapServer } from '../tap/tap.ts';
import { BSON } from '../wire/bson.ts';
import type { DirectClient } from '../wire/client.ts';
import { createDatabase } from './database.ts';
import { ended, hung, outputEvidence, shapeOf, threw } from './failures.ts';
import { answerText } from './pages.ts';
import type { Prepared } from './prepared.ts';

const callTimeoutMs = 12_000;
/** Where code that falls back to the default URI goes. */
const defaultPort = 27_017;
/** For loading a submission, or until its server listens. */
export const loadTimeoutMs = 10_000;

const revivers: Revivers = {
  objectId: (hex) => new BSON.ObjectId(hex),
  long: (text) => BSON.Long.fromString(text),
  decimal: (text) => text,
};

export interface SceneOptions {
  name: string;
  prepared: Prepared;
  engine: Engine;
  client: DirectClient;
  sandbox: Sandbox;
  /** Called when a program of the scene has loaded, or has failed to. */
  onLoaded(): void;
}

/** One running copy of a submission, with a tap, a database and processes of its own. */
export class Scene {
  readonly tap: TapServer;
  readonly database: ReturnType<typeof createDatabase>;
  readonly #options: SceneOptions;
  readonly #port: number;
  #main: RunningProgram | undefined;
  readonly #servers = new Map<string, RunningServer>();
  readonly #others = new Set<RunningProgram>();

  static async open(options: SceneOptions): Promise<Scene> {
    const tap = await createTap({ backend: options.engine.backend });
    return new Scene(options, tap, await freePort());
  }

  private constructor(options: SceneOptions, tap: TapServer, port: number) {
    this.#options = options;
    this.tap = tap;
    this.#port = port;
    this.database = createDatabase(options.client, `mc_${options.prepared.run.slice(0, 8)}_${options.name.replace(/\W/g, '_').slice(0, 30)}`);
  }

  get env(): { MONGO_URI: string; MONGO_DB_NAME: string; SQL_FILE: string; PORT: string } {
    const { selectionTimeoutMs } = this.#options.prepared.exercise;
    return {
      MONGO_URI: selectionTimeoutMs === undefined ? this.tap.uri : `${this.tap.uri}?serverSelectionTimeoutMS=${selectionTimeoutMs}`, MONGO_DB_NAME: this.database.name, PORT: String(this.#port),
      SQL_FILE: join(this.#options.prepared.root, `${this.#options.name}.sqlite`),
    };
  }

  /** Brings the scene back to where a check begins: no faults, no documents. */
  async between(): Promise<void> {
    await this.tap.up();
    for (const program of this.#others) await program.end();
    this.#others.clear();
    await this.database.clear();
    this.tap.begin();
  }

  /** The running copy, started where there is none or the last one ended. @throws SubmissionError where it does not load */
  async program(): Promise<RunningProgram> {
    if (!this.#main || this.#main.ended) this.#main = await this.#start({}, this.#port);
    return this.#main;
  }

  async start(options: StartOptions = {}): Promise<Program> {
    const program = await this.#start(options, await freePort());
    this.#others.add(program);
    return program;
  }

  async serve(file: string, options: StartOptions = {}): Promise<HttpProgram> {
    const kept = this.#servers.get(file);
    if (kept && !kept.ended && Object.keys(options).length === 0) return kept;
    const port = Object.keys(options).length === 0 ? this.#port : await freePort();
    const folder = await this.#options.prepared.folder(options.files ?? {}, options.cwd);
    const bridge = this.#options.sandbox.ownNetwork ? { port, http: join(this.#options.prepared.root, `${port}.http`), probe: join(this.#options.prepared.root, `${port}.probe`) } : undefined;
    const server = new RunningServer(this.#spawn(folder, options, port, bridge), this.#options.prepared, this.#envOf(options, port), port, bridge ?? { port });
    if (Object.keys(options).length === 0) this.#servers.set(file, server);
    else this.#others.add(server);
    try {
      await server.listen(file);
    } finally {
      this.#options.onLoaded();
    }
    return server;
  }

  /** What the scene's own processes printed since these lengths, and the lengths now. */
  printed(since: ReadonlyMap<object, number>): { text: string; marks: Map<object, number> } {
    const marks = new Map<object, number>();
    let text = '';
    for (const program of [this.#main, ...this.#servers.values(), ...this.#others]) {
      if (!program) continue;
      const all = program.output();
      marks.set(program, all.length);
      text += all.slice(since.get(program) ?? 0);
    }
    return { text, marks };
  }

  async close(): Promise<void> {
    await Promise.all([this.#main, ...this.#servers.values(), ...this.#others].map((program) => program?.end()));
    await this.tap.close();
    await this.database.command({ dropDatabase: 1 });
  }

  async #start(options: StartOptions, port: number): Promise<RunningProgram> {
    const { prepared } = this.#options;
    const folder = await prepared.folder(options.files ?? {}, options.cwd);
    const program = new RunningProgram(this.#spawn(folder, options, port), prepared, this.#envOf(options, port));
    try {
      for (const module of options.load ?? [prepared.exercise.entry]) await program.load(module);
    } catch (error) {
      await program.end();
      throw error;
    } finally {
      this.#options.onLoaded();
    }
    return program;
  }

  #envOf(options: StartOptions, port: number): Record<string, string> {
    const base: Record<string, string | undefined> = { ...this.env, PORT: String(port), ...options.env };
    return Object.fromEntries(Object.entries(base).filter((entry): entry is [string, string] => entry[1] !== undefined));
  }

  #spawn(folder: string, options: StartOptions, port: number, bridge?: { port: number; http: string; probe: string }): SubmissionProcess {
    const { prepared, sandbox } = this.#options;
    return new SubmissionProcess({
      folder, cwd: join(folder, options.cwd ?? ''), entry: prepared.exercise.entry, probe: prepared.hasProbe ? probeName : undefined, tapPort: this.tap.port,
      run: prepared.run, revivers, sandbox, onReady: () => void begun.add(prepared), reach: { scratch: prepared.root, ...prepared.packageFolders },
      network: { ports: [this.tap.port, defaultPort], adopt: (server) => this.tap.adopt(server), bridge },
      env: { ...machineEnv(prepared.root), ...this.#envOf(options, port) },
    });
  }
}

/** The little of our environment that a submission gets to see. */
function machineEnv(home: string): Record<string, string> {
  const kept = process.platform === 'win32' ? ['PATH', 'SystemRoot', 'windir', 'PATHEXT', 'COMSPEC'] : ['PATH', 'LANG', 'LC_ALL'];
  const own = Object.fromEntries(kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])));
  return { ...own, HOME: home, TMPDIR: home, TEMP: home, TMP: home, TZ: 'UTC', NO_COLOR: '1' };
}

/** Submissions of which something has run: what they do may keep their next process from starting. */
const begun = new WeakSet<Prepared>();

class RunningProgram implements Program {
  protected readonly process: SubmissionProcess;
  protected readonly prepared: Prepared;
  readonly env: Readonly<Record<string, string>>;

  constructor(process: SubmissionProcess, prepared: Prepared, env: Record<string, string>) {
    this.process = process;
    this.prepared = prepared;
    this.env = env;
  }

  get ended(): boolean {
    return this.process.exit !== undefined;
  }

  async load(module: string): Promise<void> {
    this.#settle(await this.process.load(module, loadTimeoutMs), `loading ${module}`);
  }

  async call(name: string, ...args: unknown[]): Promise<unknown> {
    return this.#settle(await this.process.call(name, args, callTimeoutMs), `${name}()`);
  }

  async attempt(name: string, ...args: unknown[]): Promise<Attempt> {
    const outcome = await this.process.call(name, args, callTimeoutMs);
    const { ms } = outcome;
    if (outcome.kind === 'returned') return { ok: true, value: outcome.value, ms };
    if (outcome.kind === 'threw') return { ok: false, error: shapeOf(outcome.error, this.prepared.places), ms };
    if (outcome.kind === 'hung') return { ok: false, hung: true, ms };
    const { failure } = ended(`${name}() finished`, outcome.exit, this.output(), this.prepared.places);
    return { ok: false, error: { name: 'ProcessEnded', message: failure.message, isError: true }, ms };
  }

  #settle(outcome: CallOutcome, what: string): unknown {
    switch (outcome.kind) {
      case 'returned': return outcome.value;
      case 'threw': throw threw(what, shapeOf(outcome.error, this.prepared.places));
      case 'hung': throw hung(what, outcome.ms);
      case 'ended': throw this.endedBefore(`${what} finished`, outcome.exit);
    }
  }

  /** What the end of its process says of a submission; where that never got as far as to load one, it says nothing of it. */
  protected endedBefore(what: string, exit: ProcessExit): Error {
    if (exit.reason !== 'start' || begun.has(this.prepared)) return ended(what, exit, this.output(), this.prepared.places);
    return new Error(`the process for a submission did not start: it ended with ${exit.signal ?? `exit code ${exit.code ?? 'unknown'}`} and printed "${this.output().trim()}"`);
  }

  release(): void {
    this.process.release();
  }

  async exited(withinMs: number): ReturnType<Program['exited']> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), withinMs);
    });
    const exit = await Promise.race([this.process.exited, late]);
    clearTimeout(timer);
    return exit;
  }

  kill(signal: NodeJS.Signals): void {
    void this.process.signal(signal);
  }

  output(): string {
    return this.process.output.text;
  }

  outputEvidence(): ReturnType<Program['outputEvidence']> {
    return outputEvidence(this.prepared.places.stack(this.output()));
  }

  async end(): Promise<void> {
    await this.process.end();
  }
}

class RunningServer extends RunningProgram implements HttpProgram {
  readonly port: number;
  readonly #address: ServerAddress;

  constructor(process: SubmissionProcess, prepared: Prepared, env: Record<string, string>, port: number, address: ServerAddress) {
    super(process, prepared, env);
    this.port = port;
    this.#address = address;
  }

  /** Loads the server's file and waits until its port accepts. */
  async listen(file: string): Promise<void> {
    const loading = this.process.load(file, loadTimeoutMs, { main: true });
    const broken = loading.then((outcome) => (outcome.kind === 'returned' || outcome.kind === 'hung' ? new Promise(() => undefined) : outcome));
    if (await waitForServer(this.#address, loadTimeoutMs, Promise.race([this.process.exited, broken]))) return;
    const outcome = this.process.exit ? ({ kind: 'ended', exit: this.process.exit } as const) : await Promise.race([loading, Promise.resolve(undefined)]);
    if (outcome?.kind === 'threw') throw threw(`starting ${file}`, shapeOf(outcome.error, this.prepared.places));
    if (outcome?.kind === 'ended') throw this.endedBefore(`${file} listened on PORT`, outcome.exit);
    throw new SubmissionError({
      message: `${file} was started, but nothing accepted connections on 127.0.0.1:PORT within ${loadTimeoutMs / 1000} seconds.`,
      cause: 'the server does not listen on PORT', hint: 'Listen on Number(process.env.PORT), host 127.0.0.1.', evidence: this.outputEvidence(),
    });
  }

  async fetch(path: string, init: HttpInit = {}): Promise<HttpAnswer> {
    const { headers, body } = bodyOf(init);
    const method = init.method ?? (body ? 'POST' : 'GET');
    const line = `${method} ${path}${body && body.length <= 300 ? ` ${body.toString('utf8')}` : ''}`;
    try {
      const answer = await askServer({ address: this.#address, method, path, headers, body, timeoutMs: init.timeoutMs ?? 10_000 });
      return { ...answer, json: parse(answer.text), evidence: [{ kind: 'http', text: `${line}\n→ ${answer.status} ${answerText(answer.text, this.prepared.places)}`, untrusted: true }] };
    } catch (error) {
      // A process that ends takes its sockets with it, a moment before we hear of its end.
      const exit = await this.exited(500);
      if (exit) throw ended(`${method} ${path} was answered`, exit, this.output(), this.prepared.places);
      throw new SubmissionError({
        message: `${method} ${path} got no answer: ${(error as Error).message}.`, cause: 'the server does not answer',
        evidence: [{ kind: 'http', text: line }, ...this.outputEvidence()],
      });
    }
  }
}

function bodyOf({ body, headers = {} }: HttpInit): { headers: Record<string, string>; body: Buffer | undefined } {
  const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  if (body === undefined) return { headers: lower, body: undefined };
  if (typeof body === 'string') return { headers: lower, body: Buffer.from(body) };
  if (body instanceof Uint8Array) return { headers: lower, body: Buffer.from(body) };
  return { headers: { 'content-type': 'application/json', ...lower }, body: Buffer.from(JSON.stringify(body)) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
