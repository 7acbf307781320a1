import { existsSync, realpathSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, extname, join, relative, resolve, sep } from 'node:path';
import type { BuildFailure, Message, OnLoadResult, OnResolveArgs, OnResolveResult, Plugin } from 'esbuild';
import { loadEsbuild } from './esbuild.ts';
import { findPackage, isBuiltin, packageOf, type PackageSources } from './packages.ts';

/** A place in the learner's code that does not compile. */
export interface CompileError {
  /** `views.ts:3:14`, or a file alone. */
  at: string;
  message: string;
  /** The line, and a caret under the place. */
  excerpt?: string;
}

export interface Compiled {
  errors: CompileError[];
  /** Compiled files by path relative to the sources, `.js` and `.js.map`. */
  outputs: Map<string, Uint8Array>;
  /** Packages that are imported, and where they are. */
  packages: Map<string, string>;
  /** Those of which more is imported than the main module: `mongodb/lib/bson`. */
  deep: Set<string>;
}

export interface CompileOptions extends PackageSources {
  /** The folder of the copied sources. */
  root: string;
  /** Modules to compile, relative to it, and further trusted files by the name they get. */
  entries: readonly string[];
  /** The one that is started as a program, not loaded for its functions. */
  main?: string;
  /** A trusted file, the probe, compiled beside the submission. */
  probe?: string;
  courseRoot: string;
}

const endings = ['.ts', '.js', '.mts', '.mjs', '.cts', '.cjs', '.json'];

/**
 * Compiles a submission's own files, and nothing else: whatever leads out of its folder is refused.
 * Modules that several entries import stay one module.
 */
export async function compileSubmission(options: CompileOptions): Promise<Compiled> {
  const { build } = loadEsbuild();
  const root = realpathSync(options.root);
  const packages = new Map<string, string>();
  const deep = new Set<string>();
  const entryPoints = options.entries.map((entry) => ({ in: join(root, entry), out: entry.replace(/\.[mc]?[jt]s$/, '') }));
  if (options.probe) entryPoints.push({ in: options.probe, out: probeName });
  try {
    const result = await build({
      absWorkingDir: root, entryPoints, outdir: root, bundle: true, splitting: true, write: false, format: 'esm', platform: 'node', target: 'node20',
      sourcemap: 'external', sourcesContent: false, keepNames: true, logLevel: 'silent', chunkNames: '_shared-[hash]', charset: 'utf8',
      banner: { js: commonJs }, define: { __filename: '__mongo_course_filename__', __dirname: '__mongo_course_dirname__' },
      tsconfigRaw: { compilerOptions: { target: 'es2022', useDefineForClassFields: false, experimentalDecorators: true } },
      plugins: [ownFilesOnly(root, options, packages, deep)],
    });
    const outputs = new Map(result.outputFiles.map((file) => [relative(root, file.path).split(sep).join('/'), file.path.endsWith('.js') ? named(file) : file.contents]));
    return { errors: [], outputs, packages, deep };
  } catch (error) {
    const failure = error as Partial<BuildFailure>;
    if (!Array.isArray(failure.errors)) throw error;
    return { errors: failure.errors.map((message) => place(message)), outputs: new Map(), packages, deep };
  }
}

/**
 * What a CommonJS module takes for granted and an ES module lacks. esbuild sends the calls of `require` that it leaves
 * in place to this one, and renames a `require` of the learner's own; `define` changes only names that nobody declares.
 */
const commonJs = [
  'import { createRequire as __mongo_course_createRequire__ } from "node:module";',
  'import { fileURLToPath as __mongo_course_fileURLToPath__ } from "node:url";',
  'const require = __mongo_course_createRequire__(import.meta.url);',
  'const __mongo_course_filename__ = __mongo_course_fileURLToPath__(import.meta.url), __mongo_course_dirname__ = __mongo_course_fileURLToPath__(new URL(".", import.meta.url)).slice(0, -1);',
].join(' ');

/**
 * esbuild exports a CommonJS entry as `default` alone. Under the name that Node has for it too, whoever loads the module
 * can tell it from an ES module with a default export, and take the names from it.
 */
function named({ text, contents }: { text: string; contents: Uint8Array }): Uint8Array {
  const entry = /^export default (require_\w+\(\));\s*$/m.exec(text);
  if (!entry) return contents;
  return Buffer.from(text.replace(entry[0], () => `const __mongo_course_exports__ = ${entry[1]}; export { __mongo_course_exports__ as default, __mongo_course_exports__ as "module.exports" };\n`));
}

/** Starts the compiler's service ahead of need. What keeps it from starting is told by whoever compiles. */
export async function warmCompiler(): Promise<void> {
  const { transform } = loadEsbuild();
  await transform('').then(undefined, () => undefined);
}

/** The compiled probe's name, which no file of a learner's has. */
export const probeName = '__mongo_course_probe__';

function place({ location, text, detail }: Message): CompileError {
  const message = typeof detail === 'string' ? detail : text;
  if (!location) return { at: '', message };
  const gutter = `${location.line} | `;
  const caret = `${' '.repeat(gutter.length + location.column)}${'^'.repeat(Math.max(1, Math.min(location.length, 60)))}`;
  return { at: `${location.file}:${location.line}:${location.column + 1}`, message, excerpt: `${gutter}${location.lineText}\n${caret}` };
}

function ownFilesOnly(root: string, options: CompileOptions, packages: Map<string, string>, deep: Set<string>): Plugin {
  const take = (specifier: string, name: string, path: string): void => {
    packages.set(name, path);
    if (specifier !== name) deep.add(name);
  };
  const inside = (path: string): boolean => {
    const real = realpathSync(path);
    return real === options.probe || real.startsWith(root + sep);
  };
  const refuse = (text: string): OnResolveResult => ({ errors: [{ text, detail: text }] });
  const file = (args: OnResolveArgs): OnResolveResult => {
    const wanted = resolve(args.resolveDir, args.path);
    const found = candidates(wanted).find((path) => existsSync(path) && endings.includes(extname(path)));
    if (!found) return refuse(`There is no file "${args.path}" to import here.`);
    if (!inside(found)) return refuse(`"${args.path}" is outside the exercise's folder, and only files inside it are part of a submission.`);
    return { path: found };
  };
  const bare = (args: OnResolveArgs): OnResolveResult => {
    if (isBuiltin(args.path)) return { path: args.path, external: true };
    const name = packageOf(args.path);
    const path = findPackage(name, options, options.courseRoot);
    if (!path) {
      return refuse(`The package "${name}" is not there. Install it in your workbook (npm install ${name}), or do without it; for a class, the instructor can name a folder of packages with --packages.`);
    }
    take(args.path, name, path);
    return { path: args.path, external: true };
  };
  // What is called through a `createRequire` of the learner's own is not among esbuild's imports.
  const linkRequired = (source: string): void => {
    for (const [, wanted = ''] of source.includes('createRequire') ? source.matchAll(/require\(\s*['"]([^'"./][^'"]*)['"]\s*\)/g) : []) {
      const path = isBuiltin(wanted) ? undefined : findPackage(packageOf(wanted), options, options.courseRoot);
      if (path) take(wanted, packageOf(wanted), path);
    }
  };
  return {
    name: 'own-files-only',
    setup(build) {
      build.onResolve({ filter: new RegExp(`^${helperPackage}`) }, ({ path }) => ({ path: path.slice(helperPackage.length), namespace: 'decorator-helpers' }));
      build.onLoad({ filter: /.*/, namespace: 'decorator-helpers' }, ({ path }): OnLoadResult => ({ contents: decoratorHelpers[path] ?? '' }));
      build.onResolve({ filter: /.*/ }, (args) => {
        if (args.kind === 'entry-point') return { path: args.path };
        if (args.path.startsWith('.') || args.path.startsWith('/') || /^[A-Za-z]:[\\/]/.test(args.path)) return file(args);
        if (/^(file|data|https?):/.test(args.path)) return refuse(`"${args.path}" can't be imported: only files of the exercise and packages can.`);
        return bare(args);
      });
      build.onLoad({ filter: /.*/ }, async (args): Promise<OnLoadResult> => {
        if (!inside(args.path)) return { errors: [{ text: 'a file outside the exercise\'s folder' }] };
        const text = await readFile(args.path, 'utf8');
        // What asks whether it is the program is told so; columns stay where they are.
        const source = options.main !== undefined && args.path === join(root, options.main) ? text.replace(/\brequire\.main\b/g, 'module      ') : text;
        linkRequired(source);
        const loader = args.path.endsWith('.json') ? 'json' : /\.[mc]?ts$/.test(args.path) ? 'ts' : 'js';
        const decorated = loader === 'ts' && /(^|[\s{;)])@[A-Za-z_$]/m.test(source) ? await withDecorators(args.path, source) : undefined;
        return decorated === undefined ? { contents: source, loader } : { contents: decorated, loader: 'js' };
      });
    },
  };
}

/**
 * TypeORM reads the types that decorators leave behind; esbuild does not write them.
 * Undefined where the file has no decorators, or does not parse: esbuild then says what is wrong with it.
 */
async function withDecorators(path: string, source: string): Promise<string | undefined> {
  const { transformSync } = await import('oxc-transform');
  const { code, map, errors, helpersUsed } = transformSync(basename(path), source, {
    sourcemap: true, typescript: { removeClassFieldsWithoutInitializer: true }, assumptions: { setPublicClassFields: true },
    decorator: { legacy: true, emitDecoratorMetadata: true },
  });
  if (errors.length > 0 || !map || !('decorate' in helpersUsed)) return undefined;
  return `${code}\n//# sourceMappingURL=data:application/json;base64,${Buffer.from(JSON.stringify(map)).toString('base64')}`;
}

const helperPackage = '@oxc-project/runtime/helpers/';

/** What oxc-transform's output imports from a package that nobody installs: what TypeScript itself would write there. */
const decoratorHelpers: Record<string, string> = {
  decorate: `export default function decorate(decorators, target, key, desc) {
    const given = arguments.length;
    let result = given < 3 ? target : desc === null ? Object.getOwnPropertyDescriptor(target, key) : desc;
    for (const decorator of [...decorators].reverse()) {
      if (decorator) result = (given < 3 ? decorator(result) : given > 3 ? decorator(target, key, result) : decorator(target, key)) || result;
    }
    if (given > 3 && result) Object.defineProperty(target, key, result);
    return result;
  }`,
  decorateMetadata: 'export default (key, value) => (typeof Reflect.metadata === "function" ? Reflect.metadata(key, value) : undefined);',
  decorateParam: 'export default (index, decorator) => (target, key) => decorator(target, key, index);',
};

/** What an import may mean: the file itself, with an ending, or with the other one (`./mongo.js` of a `mongo.ts`). */
function candidates(path: string): string[] {
  const swapped = path.replace(/\.([mc]?)js$/, '.$1ts');
  const back = path.replace(/\.([mc]?)ts$/, '.$1js');
  return [path, ...(swapped === path ? [] : [swapped]), ...(back === path ? [] : [back]), ...endings.map((ending) => path + ending), ...endings.map((ending) => join(path, `index${ending}`))];
}

/**
 * Compiles a trusted module of the course, a checker or a probe, to one file.
 * @param how.rewrite of `mongo-course/*`, which stays external
 * @param how.map puts in the way back to the sources' lines, for who debugs a checker
 */
export async function compileTrusted(file: string, { rewrite = (specifier) => specifier, map = false }: { rewrite?: (specifier: string) => string; map?: boolean } = {}): Promise<string> {
  const { build } = loadEsbuild();
  const result = await build({
    entryPoints: [file], bundle: true, write: false, format: 'esm', platform: 'node', target: 'node20', packages: 'external', logLevel: 'silent',
    sourcemap: map && 'inline', sourcesContent: false, absWorkingDir: dirname(file),
    plugins: [{
      name: 'course',
      setup(build) {
        build.onResolve({ filter: /^mongo-course\// }, (args) => ({ path: rewrite(args.path), external: true }));
      },
    }],
  });
  return (result.outputFiles[0] as { text: string }).text;
}
