// The build's second step: puts each program that is started as a process of its own into one file, in place of the one
// that tsc wrote, since reading hundreds of modules takes longer than running them. Plural folders are listed while this
// runs, so that adding a file to one stays all there is to do.
import { build, transform } from 'esbuild';
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const dist = fileURLToPath(new URL('../dist/', import.meta.url));

// A checker imports these from outside: two copies would not know each other's classes.
await bundle('grading/slot.js', { apart: /^(checker\/|wire\/bson\.js)/ });
await bundle('submission/child/main.js');

/**
 * @param program a file below dist/, which is written again
 * @param options.apart modules, by their path below dist/, that stay files of their own
 */
async function bundle(program, { apart } = {}) {
  const outfile = resolve(dist, program);
  const wayTo = (path) => {
    const way = relative(dirname(outfile), path).split(sep).join('/');
    return way.startsWith('.') ? way : `./${way}`;
  };
  await build({
    entryPoints: [outfile], outfile, allowOverwrite: true, bundle: true, format: 'esm', platform: 'node', target: 'node20', packages: 'external', charset: 'utf8', logLevel: 'warning',
    plugins: [{
      name: 'programs',
      setup({ onResolve, onLoad }) {
        onResolve({ filter: /^\./ }, ({ path, resolveDir, kind }) => {
          const file = resolve(resolveDir, path);
          const isApart = kind !== 'entry-point' && apart?.test(relative(dist, file).split(sep).join('/'));
          return isApart ? { path: wayTo(file), external: true } : undefined;
        });
        onLoad({ filter: /\.js$/ }, async ({ path }) => ({ contents: await inPlace(await readFile(path, 'utf8'), path, wayTo(path)) }));
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
