import { closeSync, fstatSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Script } from 'node:vm';
import { cacheFolder, isTrusted } from './own-folders.ts';

type Wrapped = (this: unknown, exports: object, require: NodeJS.Require, module: object, filename: string, dirname: string, dynamicImport: (path: string) => Promise<unknown>, url: string) => void | Promise<void>;

/** There are fewer kinds of runs; a mistyped command counts too. */
const mostRuns = 40;

const dayMs = 86_400_000;
/** What another version of Node.js, or another copy of the program, left goes when nobody used it for so long. */
const keptMs = 30 * dayMs;

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
    let draft: string | undefined;
    try {
      const place = this.#place();
      // Processes of two containers with one home may have the same id.
      draft = `${place}.${process.pid}-${Math.random().toString(36).slice(2)}`;
      mkdirSync(dirname(place), { recursive: true });
      const code = this.#script.createCachedData();
      // Twice, since V8 runs damaged code and comparing is quicker than a checksum.
      writeFileSync(draft, Buffer.concat([Buffer.from(`${[this.#build, ...this.#known, ...added].join('\t')}\n`), code, code]));
      renameSync(draft, place);
      removeUnused(dirname(place));
    } catch {
      // A full disk, or a home that may only be read: then the next start takes as long as this one. Nothing is worth saying at the very end.
      if (draft !== undefined) remove(draft);
    }
  }

  /** Code of this build, and the runs after which it was kept. V8 itself refuses that of another version, or made with other flags. */
  #read(): { runs: string[]; code: Buffer } | undefined {
    const bytes = this.#bytes();
    if (!bytes) return undefined;
    const end = bytes.indexOf('\n');
    const [of, ...runs] = bytes.toString('utf8', 0, end).split('\t');
    const middle = (bytes.length + end + 1) / 2;
    const code = bytes.subarray(end + 1, middle);
    return of === this.#build && code.equals(bytes.subarray(middle)) ? { runs, code } : undefined;
  }

  #bytes(): Buffer | undefined {
    try {
      const place = this.#place();
      const file = openSync(place, 'r');
      try {
        const state = fstatSync(file);
        if (!isTrusted(state)) return undefined;
        if (Date.now() - state.mtimeMs > dayMs) markUsed(place);
        return readFileSync(file);
      } finally {
        closeSync(file);
      }
    } catch {
      // None yet, or none that may be read: the program starts without it.
      return undefined;
    }
  }

  /** Of another copy of the program it is another file: each would write over what the other kept. */
  #place(): string {
    return join(cacheFolder(process.env), `${this.#name}-${shortened(this.#file)}-${process.version}-${process.arch}.compiled`);
  }
}

/** Not node:crypto, which takes its time to load. */
function shortened(path: string): string {
  let hash = 0;
  for (let index = 0; index < path.length; index++) hash = (Math.imul(hash, 31) + path.charCodeAt(index)) | 0;
  return (hash >>> 0).toString(36);
}

/** So that nobody takes it for old. A cache that may only be read serves all the same. */
function markUsed(file: string): void {
  try {
    utimesSync(file, new Date(), new Date());
  } catch {
    // Then whoever may write there makes it anew one day.
  }
}

/** What nobody used for long, of other versions of Node.js, and what processes left that were ended as they wrote. */
function removeUnused(cache: string): void {
  for (const name of readdirSync(cache)) {
    const found = /\.compiled(\..*)?$/.exec(name);
    if (!found) continue;
    const state = statSync(join(cache, name), { throwIfNoEntry: false });
    if (state && Date.now() - state.mtimeMs > (found[1] === undefined ? keptMs : dayMs)) remove(join(cache, name));
  }
}

function remove(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // Somebody else's: it is theirs to remove.
  }
}
