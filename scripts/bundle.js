// The build's second step: puts each program that is started as a process of its own into one file, since reading hundreds
// of modules takes longer than running them. Plural folders are listed while this runs, so that adding a file to one stays
// all there is to do.
import { createHash } from 'node:crypto';
import { ImportType, init, parse } from 'es-module-lexer';
import { build, transform } from 'esbuild';
import { readdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

await init;
const dist = fileURLToPath(new URL('../dist/', import.meta.url));

// The loader of ES modules takes a fifth of the time that Node.js takes to start. What was one is strict without a word; now it has to be
// the first.
const asCommonJs = { packages: 'bundle', format: 'cjs', banner: { js: "'use strict';\nconst bundleUrl = require('node:url').pathToFileURL(__filename).href;" }, define: { 'import.meta.url': 'bundleUrl' } };

// A checker imports these from outside: two copies would not know each other's classes.
await bundle('grading/slot.js', { apart: (file) => /^(checker\/|wire\/bson\.js)/.test(file), outfile: 'grading/slot.cjs', options: { define: { 'import.meta.url': '__url' } } });
await forStart('grading/slot.cjs');

// What other projects import, and what serves a person's own database.
await bundle('engine/index.js', { apart: (file) => file === 'wire/bson.js' });

// What `check` runs, but for what others hold on to as well: the processes that are there.
await bundle('cli/check.js', { apart: (file, kind) => kind === 'dynamic-import' || /^(grading\/slot-process|submission\/process\/end)\./.test(file) });

// Of mongo-course itself what every command needs, and what the quick ones do: help, `list`, `task`, `lesson`, `hint`. What else a
// command imports when it runs stays apart, as tsc wrote it. So these files are loaded twice where such a one needs them too, and
// hold no state.
const quick = /^cli\/(commands\/|session|lesson|terminal\/(table|markdown|pager))|^course\/load\.|^workbook\/(workbook|progress|exercises)\./;
await bundle('cli/main.js', {
  apart: (file, kind) => kind === 'dynamic-import' && !quick.test(file),
  outfile: 'program.cjs', plugins: [loadedLate('node:child_process'), loadedLate('node:crypto'), loadedLate('node:fs/promises', "export { constants } from 'node:fs';")],
  // With commander and chalk in it.
  options: asCommonJs,
});
await forStart('program.cjs');
await bundle('start.js', { outfile: 'start.cjs', options: asCommonJs });
for (const program of ['grading/start', 'submission/child/start', 'submission/bundled/compile-used']) await bundle(`${program}.js`, { outfile: `${program}.cjs`, options: asCommonJs });

/**
 * Makes a bundle what src/kept-code.ts runs: a line that says which build it is, then its code as a function. V8 takes code up as it was
 * compiled before, but then (on Node.js 20) without what its `import()` needs, so the start.cjs beside it makes those calls; and it keeps
 * no ES modules at all, so one is made an asynchronous function here, whose imports are calls as well.
 */
async function forStart(name) {
  const file = resolve(dist, name);
  const source = await readFile(file, 'utf8');
  const [imports, exports] = parse(source);
  if (exports.length > 0) throw new Error('a program exports nothing');
  const code = callsForImports(source, imports.filter(({ t }) => t !== ImportType.ImportMeta));
  const asynchronous = imports.some(({ t }) => t === ImportType.Static) ? 'async ' : '';
  const program = `(${asynchronous}function (exports, require, module, __filename, __dirname, __import, __url) {'use strict';\n${code}\n})\n`;
  const build = createHash('sha256').update(program).digest('hex').slice(0, 32);
  await writeFile(file, `//${build}\n${program}`);
}

function callsForImports(source, imports) {
  let [code, end] = ['', 0];
  for (const { t: type, ss: start, se: after, s: from, n: path } of imports) {
    code += source.slice(end, start);
    if (type === ImportType.Dynamic) [code, end] = [`${code}__import`, start + 'import'.length];
    else [code, end] = [code + imported(source.slice(start, from - 1).replace(/^import\s*|\s*from\s*$/g, ''), `await __import(${JSON.stringify(path)})`), after];
  }
  return code + source.slice(end);
}

/** `{ a as b }`, `* as all`, or a name for the default export, of a module. */
function imported(what, module) {
  const all = /^\* as (\w+)$/.exec(what);
  if (all) return `const ${all[1]} = ${module}`;
  if (what.startsWith('{')) return `const ${what.replaceAll(/\b(\w+) as (\w+)/g, '$1: $2')} = ${module}`;
  if (/^[\w$]+$/.test(what)) return `const { default: ${what} } = ${module}`;
  throw new Error(`the import of "${what}" is not understood`);
}

/**
 * @param program a file below dist/
 * @param how.outfile where the bundle goes, below dist/; by default in the place of `program`
 * @param how.apart whether a module, by its path below dist/, stays a file of its own
 */
async function bundle(program, { apart, outfile = program, plugins = [], options } = {}) {
  const target = resolve(dist, outfile);
  const wayTo = (path) => {
    const way = relative(dirname(target), path).split(sep).join('/');
    return way.startsWith('.') ? way : `./${way}`;
  };
  await build({
    entryPoints: [resolve(dist, program)], outfile: target, allowOverwrite: true, bundle: true, format: 'esm', platform: 'node', target: 'node20', packages: 'external', charset: 'utf8', logLevel: 'warning',
    ...options,
    plugins: [...plugins, {
      name: 'programs',
      setup({ onResolve, onLoad }) {
        onResolve({ filter: /^\./ }, ({ path, resolveDir, kind }) => {
          const file = resolve(resolveDir, path);
          const isApart = kind !== 'entry-point' && apart?.(relative(dist, file).split(sep).join('/'), kind);
          return isApart ? { path: wayTo(file), external: true } : undefined;
        });
        onResolve({ filter: /^\w/ }, ({ path, kind }) => (kind === 'dynamic-import' ? { path, external: true } : undefined));
        onLoad({ filter: /\.js$/ }, async ({ path }) => (path.startsWith(dist) ? { contents: await inPlace(await readFile(path, 'utf8'), path, wayTo(path)) } : undefined));
      },
    }],
  });
}

/** A module that finds its folder, and the files beside it, from within a bundle. */
async function inPlace(source, path, wayFromBundle) {
  if (!source.includes('import.meta.url')) return source;
  const listed = source.replace(/new URL\('(\.[^']*\/)', import\.meta\.url\)/g, (_, folder) => listing(folder, dirname(path)));
  const { code } = await transform(listed, { define: { 'import.meta.url': '__moduleUrl' }, charset: 'utf8' });
  return `const __moduleUrl = new URL(${JSON.stringify(wayFromBundle)}, import.meta.url).href;\n${code}`;
}

/** A plural folder as src/registry.ts takes it: each file under its name, loaded when it is asked for. */
function listing(folder, from) {
  const files = readdirSync(resolve(from, folder)).filter((name) => /^[^.].*\.js$/.test(name));
  return `{ name: ${JSON.stringify(folder)}, files: { ${files.map((name) => `${JSON.stringify(name)}: () => import(${JSON.stringify(folder + name)})`).join(', ')} } }`;
}

/** A part of Node.js that takes its time to load is loaded when one of its functions is called: quick commands call none. */
function loadedLate(part, besides = '') {
  return {
    name: part,
    setup({ onResolve, onLoad }) {
      onResolve({ filter: new RegExp(`^${part}$`) }, ({ path, namespace }) => (namespace === part ? { path, external: true } : { path, namespace: part }));
      onLoad({ filter: /^/, namespace: part }, async () => {
        const functions = Object.entries(await import(part)).filter(([name, value]) => name !== 'default' && typeof value === 'function');
        return { contents: [besides, ...functions.map(([name]) => `export const ${name} = (...given) => require('${part}').${name}(...given);`)].join('\n') };
      });
    },
  };
}
