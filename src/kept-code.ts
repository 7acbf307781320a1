import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Script } from 'node:vm';
import { cacheFolder } from './own-folders.ts';

type Wrapped = (this: unknown, exports: object, require: NodeJS.Require, module: object, filename: string, dirname: string, dynamicImport: (path: string) => Promise<unknown>, url: string) => void | Promise<void>;

/** There are fewer kinds of runs; a mistyped command counts too. */
const mostRuns = 40;

/**
 * A program that the build has made one file of (scripts/bundle.js), run with what V8 made of its code at earlier runs:
 * compiling is half of what a start takes beside Node.js itself.
 */
export class KeptProgram {
  readonly #file: string;
  readonly #name: string;
  readonly #build: string;
  readonly #source: string;
  #script: Script | undefined;
  #known: readonly string[] = [];

  /**
   * @param file begins with a line that says which build it is, then is a function that takes what Node.js gives a CommonJS module
   * @param name of the file in the cache folder
   */
  constructor(file: string, name: string) {
    this.#file = file;
    this.#name = name;
    this.#source = readFileSync(file, 'utf8');
    this.#build = this.#source.slice(2, this.#source.indexOf('\n'));
  }

  /**
   * Runs it.
   * @param dynamicImport of the module that calls: code which was kept has lost what its own needs
   * @returns what it exports, and when it is through, where it was made of an ES module
   */
  run(dynamicImport: (path: string) => Promise<unknown>): { exports: unknown; done: void | Promise<void> } {
    const kept = this.#read();
    const script = new Script(this.#source, { filename: this.#file, ...(kept === undefined ? {} : { cachedData: kept.code }) });
    this.#script = script;
    this.#known = kept === undefined || script.cachedDataRejected ? [] : kept.runs;
    const module = { exports: {} };
    const done = (script.runInThisContext() as Wrapped).call(module.exports, module.exports, createRequire(this.#file), module, this.#file, dirname(this.#file), dynamicImport, pathToFileURL(this.#file).href);
    return { exports: module.exports, done };
  }

  /**
   * Functions are compiled when they are called first, so each kind of run has its own to add, once. To be called at the end.
   * @param runs what has been run
   */
  keep(runs: Iterable<string>): void {
    const added = [...runs].filter((run) => !this.#known.includes(run) && /^[a-z\d-]*$/.test(run));
    if (!this.#script || added.length === 0 || this.#known.length + added.length > mostRuns) return;
    const draft = `${this.#place()}.${process.pid}`;
    try {
      mkdirSync(dirname(draft), { recursive: true });
      const code = this.#script.createCachedData();
      // Twice, since V8 runs damaged code and comparing is quicker than a checksum.
      writeFileSync(draft, Buffer.concat([Buffer.from(`${[this.#build, ...this.#known, ...added].join('\t')}\n`), code, code]));
      renameSync(draft, this.#place());
    } catch {
      // A full disk, or a home that may only be read: then the next start takes as long as this one. Nothing is worth saying at the very end.
    }
  }

  /** Code of this build, and the runs after which it was kept. V8 itself refuses that of another version, or made with other flags. */
  #read(): { runs: string[]; code: Buffer } | undefined {
    let bytes: Buffer;
    try {
      bytes = readFileSync(this.#place());
    } catch {
      // None yet, or none that may be read: the program starts without it.
      return undefined;
    }
    const end = bytes.indexOf('\n');
    const [of, ...runs] = bytes.toString('utf8', 0, end).split('\t');
    const middle = (bytes.length + end + 1) / 2;
    const code = bytes.subarray(end + 1, middle);
    return of === this.#build && code.equals(bytes.subarray(middle)) ? { runs, code } : undefined;
  }

  #place(): string {
    return join(cacheFolder(process.env), `${this.#name}-${process.version}.compiled`);
  }
}
