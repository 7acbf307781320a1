import { execFile } from 'node:child_process';
import { chown, mkdir, mkdtemp, readdir, readFile, realpath, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startEngine } from '../../../../src/engine/index.ts';
import { courseRoot } from '../../../../src/course/load.ts';
import { bundleable } from '../../../../src/submission/bundled/bundle.ts';
import { bundled } from '../../../../src/submission/bundled/bundled.ts';
import { findPackage, linkPackages } from '../../../../src/submission/compile/packages.ts';
import { defaults, littleOptimising } from '../../../../src/submission/child/v8-flags.ts';
import { nodeOptions } from '../../../../src/submission/process/node-options.ts';

const root = courseRoot();
let folder: string;

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'mongo-course-test-')));
  vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'));
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

const asTheyAre = (...names: string[]): Map<string, string> => new Map(names.map((name) => [name, findPackage(name, {}, root) as string]));
const nothingDeep: ReadonlySet<string> = new Set();
let places = 0;

/** Options by which a process has V8's flags as a submission's has, once that has begun: else V8 would not take what was compiled. */
async function asInSubmissions(): Promise<string[]> {
  const flags = join(folder, 'flags.cjs');
  await writeFile(flags, [...defaults, ...littleOptimising()].map((flag) => `require('v8').setFlagsFromString('${flag}');\n`).join(''));
  return [...nodeOptions, '--require', flags];
}

/** What a module prints as JSON, run as a submission's process where these packages are linked. */
async function runWith(packages: ReadonlyMap<string, string>, code: string): Promise<unknown> {
  const place = join(folder, `place-${++places}`);
  await linkPackages(place, packages);
  await writeFile(join(place, 'main.mjs'), `${code}\n`);
  const { stdout } = await promisify(execFile)(process.execPath, [...await asInSubmissions(), join(place, 'main.mjs')], { cwd: place });
  return JSON.parse(stdout);
}

describe('a bundle of a package', () => {
  test.each(Object.keys(bundleable))('%s exports what the package exports, of the same types', async (name) => {
    const code = `import * as all from '${name}'; console.log(JSON.stringify(Object.keys(all).filter((key) => key !== 'module.exports').map((key) => [key, typeof all[key], typeof all[key] === 'string' ? all[key] : all[key]?.name ?? null])));`;
    const packages = asTheyAre(name);
    const bundles = await bundled(packages, nothingDeep, root, startEngine);
    expect(bundles.get(name)).not.toBe(packages.get(name));
    expect(await runWith(bundles, code)).toEqual(await runWith(packages, code));
  });

  test('is one copy, whoever imports it, and in whichever way', async () => {
    const bundles = await bundled(asTheyAre('mongodb', 'mongoose', 'typeorm', 'reflect-metadata'), nothingDeep, root, startEngine);
    expect(await runWith(bundles, `
      import { createRequire } from 'node:module';
      import { ObjectId, MongoBulkWriteError } from 'mongodb';
      import mongoose from 'mongoose';
      import { DataSource } from 'typeorm';
      import 'reflect-metadata';
      const require = createRequire(import.meta.url);
      const options = new DataSource({ type: 'mongodb', url: 'mongodb://127.0.0.1:1/', entities: [] });
      console.log(JSON.stringify([
        require('mongodb').ObjectId === ObjectId, mongoose.mongo.ObjectId === ObjectId, mongoose.mongo.MongoBulkWriteError === MongoBulkWriteError,
        require('typeorm').DataSource === DataSource, options.driver.mongodb.ObjectId === ObjectId, require('mongodb/package.json').name,
      ]));
    `)).toEqual([true, true, true, true, true, 'mongodb']);
  });

  test('of the BSON library is the one copy that is required, beside the one that is imported', async () => {
    const code = `
      import { createRequire } from 'node:module';
      import * as bson from 'bson';
      import { ObjectId } from 'mongodb';
      const required = createRequire(import.meta.url)('bson');
      console.log(JSON.stringify([required.ObjectId === ObjectId, bson.ObjectId === ObjectId, required.ObjectId === bson.ObjectId]));`;
    const packages = asTheyAre('bson', 'mongodb');
    const asEver = await runWith(packages, code);
    expect(asEver).toEqual([true, false, false]);
    expect(await runWith(await bundled(packages, nothingDeep, root, startEngine), code)).toEqual(asEver);
  });

  test('tells a server the same about itself', async () => {
    const code = `
      import { createServer } from 'node:net';
      import { MongoClient } from 'mongodb';
      const { BSON } = await import('mongodb');
      const server = createServer((socket) => socket.once('data', (bytes) => {
        const text = bytes.toString('latin1');
        const at = text.indexOf('client\\0') + 7;
        console.log(JSON.stringify(BSON.deserialize(bytes.subarray(at, at + bytes.readInt32LE(at)))));
        process.exit();
      })).listen(0, '127.0.0.1', () => new MongoClient('mongodb://127.0.0.1:' + server.address().port).connect());`;
    const packages = asTheyAre('mongodb');
    expect(await runWith(await bundled(packages, nothingDeep, root, startEngine), code)).toEqual(await runWith(packages, code));
  });

  test('gives TypeORM the files of its entities, which it imports', async () => {
    const code = `
      import { writeFileSync } from 'node:fs';
      import { DataSource } from 'typeorm';
      writeFileSync('entity.mjs', "import { EntitySchema } from 'typeorm'; export const Note = new EntitySchema({ name: 'Note', columns: { id: { type: 'int', primary: true } } });");
      const source = new DataSource({ type: 'sqljs', entities: [process.cwd() + '/entity.mjs'] });
      await source.initialize();
      console.log(JSON.stringify(source.entityMetadatas.map(({ name }) => name)));`;
    expect(await runWith(await bundled(asTheyAre('typeorm', 'sql.js'), nothingDeep, root, startEngine), code)).toEqual(['Note']);
  });

  test.each(Object.keys(bundleable))('%s has beside it what V8 made of it, which a submission\'s process takes', async (name) => {
    const path = (await bundled(asTheyAre(name), nothingDeep, root, startEngine)).get(name) as string;
    const script = `const { readFileSync: read } = require('fs'); process.chdir(${JSON.stringify(path)});
      const twice = read('bundle.compiled');
      console.log(new (require('vm').Script)(read('bundle.cjs', 'utf8'), { filename: 'bundle.cjs', cachedData: twice.subarray(0, twice.length / 2) }).cachedDataRejected);`;
    expect((await promisify(execFile)(process.execPath, [...await asInSubmissions(), '-e', script])).stdout).toBe('false\n');
  });

  test('runs without it too, and with one that V8 does not take', async () => {
    const packages = await bundled(asTheyAre('express'), nothingDeep, root, startEngine);
    const path = packages.get('express') as string;
    const code = "import express from 'express'; console.log(JSON.stringify(typeof express));";
    const compiled = await readFile(join(path, 'bundle.compiled'));
    for (const other of ['', 'something else', 'twicetwice', Buffer.from(compiled).fill(1, 50_000, 60_000), compiled.subarray(0, 99_999)]) {
      await writeFile(join(path, 'bundle.compiled'), other);
      expect(await runWith(packages, code)).toBe('function');
    }
    await rm(join(path, 'bundle.compiled'));
    expect(await runWith(packages, code)).toBe('function');
    await bundled(asTheyAre('express'), nothingDeep, root, startEngine);
    expect((await stat(join(path, 'bundle.compiled'))).size).toBeGreaterThan(10_000);
  });

  test('is made once, whole, by any number at once', async () => {
    const cache = join(folder, 'another-cache');
    vi.stubEnv('XDG_CACHE_HOME', cache);
    const all = await Promise.all(Array.from({ length: 4 }, () => bundled(asTheyAre('express'), nothingDeep, root, startEngine)));
    vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'));
    expect(new Set(all.map((one) => one.get('express'))).size).toBe(1);
    const [made] = await readdir(join(cache, 'mongo-course'));
    expect((await readdir(join(cache, 'mongo-course', made as string, 'node_modules'))).sort()).toEqual(['bson', 'express', 'mongodb', 'reflect-metadata', 'sql.js']);
  });

  test('goes when nobody asked for it for long and others are made', async () => {
    const cache = join(folder, 'old-cache', 'mongo-course');
    const [old, young] = [join(cache, 'bundled-0123'), join(cache, 'bundled-4567')];
    for (const path of [old, young]) await mkdir(path, { recursive: true });
    // What goes at the same moment keeps nobody from making bundles.
    await symlink('gone', join(cache, 'bundled-89ab'));
    await utimes(old, 1, 1);
    vi.stubEnv('XDG_CACHE_HOME', join(folder, 'old-cache'));
    expect((await bundled(asTheyAre('express'), nothingDeep, root, startEngine)).get('express')).toContain(cache);
    vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'));
    await rm(join(cache, 'bundled-89ab'));
    const left = await readdir(cache);
    expect(left).not.toContain('bundled-0123');
    expect(left).toContain('bundled-4567');
    const own = join(cache, left.find((name) => !name.endsWith('4567')) as string);
    await utimes(own, 1, 1);
    vi.stubEnv('XDG_CACHE_HOME', join(folder, 'old-cache'));
    await bundled(asTheyAre('express'), nothingDeep, root, startEngine);
    vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'));
    expect((await stat(own)).mtimeMs).toBeGreaterThan(Date.now() - 3_600_000);
  });
});

/** As another process finds it. */
async function bundledAnew(...given: Parameters<typeof bundled>): ReturnType<typeof bundled> {
  vi.resetModules();
  const { bundled: anew } = await import('../../../../src/submission/bundled/bundled.ts');
  return await anew(...given);
}

/** A course with packages of its own, which say where they are from. */
async function courseOfItsOwn(name: string): Promise<{ course: string; at: (...path: string[]) => string; install: (file: string, version: string, code: string) => Promise<void> }> {
  const course = join(folder, name);
  const at = (...path: string[]): string => join(course, 'node_modules', ...path);
  const install = async (file: string, version: string, code: string): Promise<void> => {
    await mkdir(dirname(at(file)), { recursive: true });
    await writeFile(at(file), code);
    await writeFile(join(dirname(at(file)), 'package.json'), JSON.stringify({ version }));
  };
  for (const one of ['bson', 'typeorm', 'sql.js', 'reflect-metadata']) await install(`${one}/index.js`, '1.0.0', '');
  await install('mongodb/index.js', '1.0.0', "exports.from = 'the course';");
  await mkdir(at('mongodb', 'lib', 'bulk'), { recursive: true });
  for (const inner of ['bson', 'bulk/common']) await writeFile(at('mongodb', 'lib', `${inner}.js`), '');
  await install('inner/index.js', '1.0.0', "exports.text = 'one';");
  await install('express/index.js', '1.0.0', "exports.text = require('inner').text;");
  await install('mongoose/index.js', '1.0.0', "exports.from = require('mongodb').from;");
  return { course, at, install };
}

describe('a bundle is made anew', () => {
  test('where a file of it is cut off or gone', async () => {
    const packages = await bundledAnew(asTheyAre('bson'), nothingDeep, root, startEngine);
    const path = packages.get('bson') as string;
    const code = "import { createRequire } from 'node:module'; console.log(JSON.stringify(typeof createRequire(import.meta.url)('bson').ObjectId));";
    for (const damage of [() => writeFile(join(path, 'bundle.cjs'), ''), () => rm(join(path, 'load.cjs')), () => writeFile(join(path, 'package.json'), '{')]) {
      await damage();
      expect(await runWith(await bundledAnew(asTheyAre('bson'), nothingDeep, root, startEngine), code)).toBe('function');
    }
    expect((await readdir(dirname(path))).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  test('where a package that is in it was upgraded in its place', async () => {
    const { course, at, install } = await courseOfItsOwn('upgraded');
    const wanted = new Map([['express', at('express')]]);
    const read = async (): Promise<unknown> => {
      const packages = await bundledAnew(wanted, nothingDeep, course, startEngine);
      expect(packages).not.toEqual(wanted);
      return await runWith(packages, "import all from 'express'; console.log(JSON.stringify(all.text));");
    };
    expect(await read()).toBe('one');
    await install('inner/index.js', '1.0.1', "exports.text = 'two';");
    await utimes(at('inner', 'package.json'), 1, 1);
    expect(await read()).toBe('two');
    // Installed anew, but no other.
    const made = (await bundledAnew(wanted, nothingDeep, course, startEngine)).get('express') as string;
    const { ino } = await stat(made);
    await utimes(at('inner', 'package.json'), 2, 2);
    await read();
    expect((await stat(made)).ino).toBe(ino);
  });

  test('and what was left half written goes', async () => {
    const { course, at } = await courseOfItsOwn('left');
    const path = (await bundled(new Map([['express', at('express')]]), nothingDeep, course, startEngine)).get('express') as string;
    for (const name of ['.express-old', '.express-young']) await mkdir(join(path, '..', name));
    await utimes(join(path, '..', '.express-old'), 1, 1);
    await rm(path, { recursive: true });
    await bundled(new Map([['express', at('express')]]), nothingDeep, course, startEngine);
    expect((await readdir(dirname(path))).filter((name) => name.startsWith('.'))).toEqual(['.express-young']);
  });
});

describe('packages stay as they are', () => {
  const unchanged = async (packages: Map<string, string>, deep = nothingDeep): Promise<void> => expect(await bundled(packages, deep, root, startEngine)).toEqual(packages);

  test('where an inner module is imported', () => unchanged(asTheyAre('mongodb', 'express'), new Set(['mongodb'])));
  test('where one of them is the submission\'s own', () => unchanged(new Map([...asTheyAre('express'), ['mongodb', join(folder, 'node_modules', 'mongodb')]])));
  test('where another package may import one of them', () => unchanged(new Map([...asTheyAre('mongodb'), ['agenda', join(folder, 'node_modules', 'agenda')]])));
  test('where none of them takes long to load', () => unchanged(asTheyAre('zod', 'dotenv')));
  test('where one has another version of the driver for itself', async () => {
    const { course, at, install } = await courseOfItsOwn('nested');
    await install('mongoose/node_modules/mongodb/index.js', '2.0.0', "exports.from = 'Mongoose';");
    const packages = new Map([['mongoose', at('mongoose')]]);
    expect(await bundled(packages, nothingDeep, course, startEngine)).toEqual(packages);
  });
  test.skipIf(process.getuid?.() !== 0)('where the bundles are somebody else\'s', async () => {
    const { course, at } = await courseOfItsOwn('planted');
    const packages = new Map([['express', at('express')]]);
    const made = (await bundled(packages, nothingDeep, course, startEngine)).get('express') as string;
    await chown(join(made, '..', '..'), 12345, 12345);
    expect(await bundled(packages, nothingDeep, course, startEngine)).toEqual(packages);
  });
  test('where the cache cannot be written', async () => {
    await writeFile(join(folder, 'a-file'), '');
    vi.stubEnv('XDG_CACHE_HOME', join(folder, 'a-file'));
    await unchanged(asTheyAre('express'));
    vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'));
  });
});

test('what the driver throws names files of node_modules, as without a bundle', async () => {
  const bundles = await bundled(asTheyAre('mongodb'), nothingDeep, root, startEngine);
  const path = await realpath(bundles.get('mongodb') as string);
  const { ObjectId } = (await import(pathToFileURL(join(path, 'index.mjs')).href)) as { ObjectId: new (text: string) => unknown };
  expect(() => new ObjectId('nothing')).toThrow(/24 character hex string/);
  expect(path).toContain('/node_modules/mongodb');
});
