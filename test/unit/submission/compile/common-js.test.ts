import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { courseRoot } from '../../../../src/course/load.ts';
import { compileSubmission, type Compiled } from '../../../../src/submission/compile/compile.ts';
import { linkPackages } from '../../../../src/submission/compile/packages.ts';

interface Loaded {
  default?: { here?: string[]; said?: string };
  all?: unknown[];
  'module.exports'?: object;
}

/** Compiles files, the first of which is the entry, and writes what comes out beside them. */
async function compile(files: Record<string, string>): Promise<Compiled & { load: () => Promise<Loaded>; out: string }> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'mongo-course-test-')));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, 'src', name)), { recursive: true });
    await writeFile(join(root, 'src', name), text);
  }
  const [entry] = Object.keys(files) as [string];
  const compiled = await compileSubmission({ root: join(root, 'src'), entries: [entry], courseRoot: courseRoot() });
  const out = join(root, 'out');
  await mkdir(out);
  await writeFile(join(out, 'package.json'), '{"type":"module"}');
  for (const [name, bytes] of compiled.outputs) await writeFile(join(out, name), bytes);
  await linkPackages(root, compiled.packages);
  return { ...compiled, out, load: () => import(pathToFileURL(join(out, entry.replace(/\.\w+$/, '.js'))).href) as Promise<Loaded> };
}

test.each(['js', 'cjs', 'ts', 'cts'])('require works in a .%s file, for packages, built-in modules and own files', async (ending) => {
  const { errors, load, packages } = await compile({
    [`server.${ending}`]: "const express = require('express');\nconst { join } = require('path');\nconst { ObjectId } = require('mongodb');\nconst part = require('./part');\nconst data = require('./data.json');\nmodule.exports = { app: typeof express(), id: String(new ObjectId('a'.repeat(24))), path: join('a', 'b'), part, data, here: [__dirname, __filename] };\n",
    [`part.${ending}`]: "exports.value = 3;\n",
    'data.json': '{"a":1}',
  });
  expect(errors).toEqual([]);
  expect([...packages.keys()].sort()).toEqual(['express', 'mongodb']);
  const { 'module.exports': exported } = await load();
  expect(exported).toMatchObject({ app: 'function', id: 'a'.repeat(24), path: join('a', 'b'), part: { value: 3 }, data: { a: 1 } });
});

test('__dirname and __filename are those of the compiled file', async () => {
  const { load, out } = await compile({ 'here.js': 'module.exports = { here: [__dirname, __filename] };' });
  expect((await load()).default?.here).toEqual([out, join(out, 'here.js')]);
});

test("names of the learner's own win: require, __dirname and createRequire", async () => {
  const { errors, load, out } = await compile({
    'own.js': "import { createRequire } from 'node:module';\nimport { dirname } from 'node:path';\nimport { fileURLToPath } from 'node:url';\nconst require = createRequire(import.meta.url);\nconst __filename = fileURLToPath(import.meta.url);\nconst __dirname = dirname(__filename);\nconst { MongoClient } = require('mongodb');\nexport const all = [typeof MongoClient, typeof require('mongoose/package.json'), require.resolve.paths('x')[0], __dirname, __filename];\n",
  });
  expect(errors).toEqual([]);
  expect((await load()).all).toEqual(['function', 'object', join(out, 'node_modules'), out, join(out, 'own.js')]);
});

test('an ES module may declare a function require, and its default export stays a default export', async () => {
  const { load } = await compile({ 'own.js': 'function require(name) { return `mine: ${name}`; }\nexport default { said: require("x") };\n' });
  const module = await load();
  expect(module.default).toEqual({ said: 'mine: x' });
  expect('module.exports' in module).toBe(false);
});

test.each([
  ["require('../outside')", /outside the exercise's folder/],
  ["require('../../../etc/passwd')", /no file/],
  ["require('/etc/passwd')", /no file|outside/],
  ["require('left-pad-of-nobody')", /is not there/],
  ["require('file:///etc/passwd')", /can't be imported/],
  ["try { require('../outside') } catch {}", /outside the exercise's folder/],
  ["try { require('left-pad-of-nobody') } catch {}", /is not there/],
])('%s is refused as an import is', async (code, message) => {
  const { errors } = await compile({ 'a.cjs': `${code};\n`, '../outside.js': 'module.exports = "secret";\n' });
  expect(errors).toEqual([expect.objectContaining({ at: expect.stringMatching(/^a\.cjs:1:/), message: expect.stringMatching(message) })]);
});

test("places are those of the learner's lines", async () => {
  const { outputs } = await compile({ 'a.cjs': "const { MongoClient } = require('mongodb');\n\nmodule.exports = { fails: () => { throw new Error('here'); }, MongoClient };\n" });
  const lines = Buffer.from(outputs.get('a.js') as Uint8Array).toString().split('\n');
  const line = lines.findIndex((one) => one.includes('new Error("here")'));
  const map = new SourceMap(JSON.parse(Buffer.from(outputs.get('a.js.map') as Uint8Array).toString()) as SourceMapPayload);
  expect(map.findEntry(line, (lines[line] as string).indexOf('new Error'))).toMatchObject({ originalSource: expect.stringMatching(/a\.cjs$/), originalLine: 2 });
});
