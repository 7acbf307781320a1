/** What bin/ loads: starts the program with what V8 made of its code before, which is half of what a start takes beside Node.js. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';
import { cacheFolder } from './own-folders.ts';

/** The build writes it: a line that says which build it is, then a function that takes what Node.js gives a CommonJS module. */
const file = fileURLToPath(new URL('./program.cjs', import.meta.url));

type Module = (this: unknown, exports: object, require: NodeJS.Require, module: object, filename: string, dirname: string, dynamicImport: (path: string) => Promise<unknown>) => void;

/** Runs one command line and ends the process with its exit code. */
export function main(args: readonly string[]): Promise<void> {
  const source = readFileSync(file, 'utf8');
  const build = source.slice(2, source.indexOf('\n'));
  const kept = keptCode(build);
  const script = new Script(source, { filename: file, ...(kept === undefined ? {} : { cachedData: kept.code }) });
  const known = kept === undefined || script.cachedDataRejected ? [] : kept.commands;
  const command = args.find((word) => !word.startsWith('-')) ?? '';
  // Functions are compiled when they are called first, so each command has its own to add, once.
  if (!known.includes(command) && /^[a-z]*$/.test(command) && known.length < mostCommands) process.once('exit', () => keep(build, [...known, command], script));
  const module = { exports: {} as { main: typeof main } };
  (script.runInThisContext() as Module).call(module.exports, module.exports, createRequire(file), module, file, dirname(file), (path) => import(path));
  return module.exports.main(args);
}

/** There are fewer; words that are no commands count too. */
const mostCommands = 40;

const place = (): string => join(cacheFolder(process.env), `program-${process.version}.compiled`);

/** Code of this build, and the commands that were run when it was kept. V8 itself refuses that of another version, or made with other flags. */
function keptCode(build: string): { commands: string[]; code: Buffer } | undefined {
  let bytes: Buffer;
  try {
    bytes = readFileSync(place());
  } catch {
    // None yet, or none that may be read: the program starts without it.
    return undefined;
  }
  const end = bytes.indexOf('\n');
  const [of, ...commands] = bytes.toString('utf8', 0, end).split('\t');
  const middle = (bytes.length + end + 1) / 2;
  const code = bytes.subarray(end + 1, middle);
  return of === build && code.equals(bytes.subarray(middle)) ? { commands, code } : undefined;
}

function keep(build: string, commands: readonly string[], script: Script): void {
  const draft = `${place()}.${process.pid}`;
  try {
    mkdirSync(dirname(draft), { recursive: true });
    const code = script.createCachedData();
    // Twice, since V8 runs damaged code and comparing is quicker than a checksum.
    writeFileSync(draft, Buffer.concat([Buffer.from(`${[build, ...commands].join('\t')}\n`), code, code]));
    renameSync(draft, place());
  } catch {
    // A full disk, or a home that may only be read: then the next start takes as long as this one. Nothing is worth saying at the very end.
  }
}
