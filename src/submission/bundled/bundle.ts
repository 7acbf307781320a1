import { execFile } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { OnResolveResult, Plugin } from 'esbuild';
import { loadEsbuild } from '../compile/esbuild.ts';
import { isBuiltin, packageOf } from '../compile/packages.ts';
import { madeOf } from './made-of.ts';

/**
 * Packages that take long to load because they have hundreds of files, each with those of its inner modules that another
 * of these packages imports.
 */
export const bundleable: Readonly<Record<string, readonly string[]>> = { mongodb: ['lib/bson', 'lib/bulk/common'], mongoose: [], typeorm: [], express: [], bson: [] };

/** Whether a package of this name is one of them. */
export const isBundleable = (name: string): boolean => Object.hasOwn(bundleable, name);

/** Packages that a bundle shares with whoever else imports them, so that there is one of each. */
export const beside: readonly string[] = ['sql.js', 'reflect-metadata'];

/** Packages that are two: an `import` finds other classes than a `require` does. So it does beside their bundles. */
const twofold: ReadonlySet<string> = new Set(['bson']);

/** Something in a package, or on this machine, keeps it from being one file. */
export class NotBundleableError extends Error {
  override readonly name = 'NotBundleableError';
}

/**
 * Writes a package as one file: a folder with the same name, version, exports and values as the package has, which
 * imports the other packages of `bundleable` and `beside` by name.
 * @param paths where each of these packages is
 * @param folder where to write; made where it is not there
 * @throws NotBundleableError where it imports an inner module of another that no bundle exports, or another copy of it than the course's,
 * does not load here, or is not understood
 */
export async function bundlePackage(name: string, paths: ReadonlyMap<string, string>, folder: string): Promise<void> {
  const path = paths.get(name) as string;
  const { build, transform } = loadEsbuild();
  const inner = bundleable[name] ?? [];
  const modules = ['.', ...inner].map((module) => `exports[${JSON.stringify(module)}] = () => require(${JSON.stringify(join(path, module))});`);
  const unknown: string[] = [];
  const [{ outputFiles, metafile }, names] = await both(name,
    build({
      stdin: { contents: modules.join('\n'), resolveDir: path, sourcefile: join(path, 'bundle.cjs') }, bundle: true, write: false, format: 'cjs', platform: 'node', keepNames: true,
      legalComments: 'none', logLevel: 'silent', metafile: true, absWorkingDir: path, plugins: [asNodeResolves(name, paths, unknown)],
    }),
    exportedNames(name, dirname(dirname(path))),
  );
  if (unknown.length > 0) throw new NotBundleableError(`${name} imports ${unknown.join(', ')}`);
  const { version } = createRequire(join(path, 'package.json'))('./package.json') as { version: string };
  const manifest = {
    name, version,
    exports: { '.': { import: './index.mjs', require: './index.cjs' }, ...Object.fromEntries(inner.map((module) => [`./${module}`, `./${module}.cjs`])), './package.json': './package.json' },
  };
  const { code } = await transform(importsOfOurs(outputFiles[0]?.text ?? ''), { minifyWhitespace: true, lineLimit: 160, legalComments: 'none' });
  const files: [string, string][] = [
    ['bundle.cjs', asExpression(inAscii(code))],
    ['load.cjs', loader],
    ['index.cjs', "module.exports = require('./load.cjs')['.']();\n"],
    ['index.mjs', twofold.has(name) ? await asItIs(name, dirname(dirname(path))) : facade(names)],
    ...inner.map((module): [string, string] => [`${module}.cjs`, `module.exports = require(${JSON.stringify(`${'../'.repeat(module.split('/').length - 1)}load.cjs`)})[${JSON.stringify(module)}]();\n`]),
  ];
  const sources = Object.keys(metafile.inputs).map((source) => resolve(path, source));
  for (const [file, contents] of [...files, ['package.json', JSON.stringify({ ...manifest, madeOf: madeOf(files, sources) })] as const]) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), contents);
  }
}

/** A bundle's code, as an expression: a function that gets what Node.js gives to each CommonJS module, and an `import()`. */
const asExpression = (code: string): string => `(function (exports, require, module, __filename, __dirname, __import) {${code}\n})`;

/**
 * What esbuild leaves in other letters, without comments in the code: regular expressions. V8 keeps text that is ASCII in half
 * the room, and reads it in half the time.
 */
const inAscii = (code: string): string => code.replaceAll(/[\x80-\uffff]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);

/**
 * Code that V8 takes up as it was compiled before has lost what `import()` needs (on Node.js 20), also within `Function`,
 * which TypeScript's CommonJS has in its place. So those are made calls of the loader's, which is an ordinary module.
 */
function importsOfOurs(code: string): string {
  return code
    .replaceAll(/\bFunction\("return (\w+) => import\(\1\)"\)\(\)/g, '__import')
    .replaceAll(/\bimport\("([^"]+)"\)/g, (whole, name: string) => (isBuiltin(name) ? `__import("${name}")` : whole));
}

/**
 * The module beside a bundle that runs it, with what V8 made of it before where this V8 takes that; it refuses what
 * another version made, or one with other flags, and then compiles the bundle as ever. It is there twice, since V8 runs
 * damaged code, and comparing is quicker than a checksum. Where it can't be read, the bundle is compiled as ever too. A bundle is ASCII,
 * which is read as Latin-1 without a look at each byte.
 */
const loader = `const { readFileSync } = require('node:fs');
const { Script, constants } = require('node:vm');
const filename = require('node:path').join(__dirname, 'bundle.cjs');
let cachedData;
try {
  const twice = readFileSync(__dirname + '/bundle.compiled');
  const code = twice.subarray(0, twice.length / 2);
  if (code.equals(twice.subarray(code.length))) cachedData = code;
} catch {}
const script = new Script(readFileSync(filename, 'latin1'), { filename, cachedData, importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER });
script.runInThisContext().call(exports, exports, require, module, filename, __dirname, (path) => import(path));
exports.createCachedData = () => script.createCachedData();
`;

/** Waits for both, so that nothing is still at work when one failed. */
async function both<A, B>(name: string, first: Promise<A>, second: Promise<B>): Promise<[A, B]> {
  const [a, b] = await Promise.allSettled([first, second]);
  if (a.status === 'fulfilled' && b.status === 'fulfilled') return [a.value, b.value];
  const { reason } = (a.status === 'rejected' ? a : b) as PromiseRejectedResult;
  throw new NotBundleableError(`${name}: ${(reason as Error).message}`, { cause: reason });
}

/** An ES module with a package's exports. It requires them: an `import` would have Node.js look through the bundle for names. */
function facade(names: readonly string[]): string {
  return [
    "import { createRequire } from 'node:module';",
    "const all = createRequire(import.meta.url)('./index.cjs');",
    'export default all;',
    ...names.map((name, index) => `const _${index} = all[${JSON.stringify(name)}]; export { _${index} as ${JSON.stringify(name)} };`),
  ].join('\n');
}

/** An ES module that is the one which an `import` of the package itself finds. */
async function asItIs(name: string, from: string): Promise<string> {
  const script = `process.stdout.write(import.meta.resolve(${JSON.stringify(name)}))`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], { cwd: from, env: {}, timeout: 20_000 });
  return `export * from ${JSON.stringify(stdout)};\n`;
}

/** The names that an `import` of a package finds, as Node.js says; asked in a process of its own, since it loads the package. */
async function exportedNames(name: string, from: string): Promise<string[]> {
  const script = `import(${JSON.stringify(name)}).then((all) => process.stdout.write(JSON.stringify(Object.keys(all))))`;
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', script], { cwd: from, env: {}, timeout: 20_000 });
  return (JSON.parse(stdout) as string[]).filter((key) => key !== 'default' && key !== 'module.exports');
}

/** Everything is found as Node.js finds it. What is not installed stays to be asked for: packages look for optional ones. */
function asNodeResolves(own: string, paths: ReadonlyMap<string, string>, unknown: string[]): Plugin {
  // A package may have another version of one of these for itself, in a `node_modules` of its own.
  const isTheOne = (other: string, importer: string): boolean => {
    const path = paths.get(other);
    const found = createRequire(importer).resolve.paths(other)?.map((modules) => join(modules, other)).find((folder) => existsSync(folder));
    return path !== undefined && found !== undefined && realpathSync(found) === realpathSync(path);
  };
  const resolved = (wanted: string, importer: string): OnResolveResult => {
    try {
      return { path: createRequire(importer).resolve(wanted) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
      return { path: wanted, external: true };
    }
  };
  return {
    name: 'as-node-resolves',
    setup(build) {
      build.onResolve({ filter: /.*/ }, ({ path, importer }): OnResolveResult => {
        if (isBuiltin(path)) return { path, external: true };
        const other = /^[./]|^[A-Za-z]:[\\/]/.test(path) ? own : packageOf(path);
        if (other === own || !(isBundleable(other) || beside.includes(other))) return resolved(path, importer);
        if (path !== other && !bundleable[other]?.includes(path.slice(other.length + 1))) unknown.push(path);
        if (!isTheOne(other, importer)) unknown.push(`another ${other}`);
        return { path, external: true };
      });
    },
  };
}
