import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { cacheFolder } from '../../own-folders.ts';
import { findPackage, linkPackages } from '../compile/packages.ts';
import { littleOptimising } from '../child/v8-flags.ts';
import { compileBundle, isCompiled } from './compiled.ts';
import { beside, bundleable, bundlePackage, isBundleable, NotBundleableError } from './bundle.ts';

/** A MongoDB server. */
export interface Database {
  /** Without the name of a database, with the slash before it. */
  readonly uri: string;
  stop(): Promise<void>;
}

/** Counts up where a bundle is written in another way: those of before are made anew. */
const format = 8;

/** Packages that none of the bundled ones is imported by: with these beside it, there is still one of each. */
const harmless: ReadonlySet<string> = new Set([...beside, 'dotenv', 'zod']);

/** Bundles that nobody asked for in so many days go when others are made. */
const keptDays = 30;

/**
 * Where a submission's packages are, with the course's slow ones replaced by bundles of them, which load in half the
 * time. They are made when they are first asked for and kept in the cache folder of whoever grades.
 *
 * As they are, all of them, stay the packages of a submission that could tell the difference or end up with two copies
 * of one: which imports an inner module (`mongodb/lib/bson`), brings a package of its own, or another that may import
 * one of these itself. So they do where the cache can't be written.
 * @param packages where each package is that the submission imports
 * @param deep packages of which it imports more than the main module
 * @param startDatabase a database for a moment, in which new bundles are tried
 */
export async function bundled(packages: ReadonlyMap<string, string>, deep: ReadonlySet<string>, courseRoot: string, startDatabase: () => Promise<Database>): Promise<Map<string, string>> {
  const replaced = new Map(packages);
  const wanted = [...packages.keys()].filter(isBundleable);
  const replaceable = wanted.every((name) => !deep.has(name)) && [...packages].every(([name, path]) => (isBundleable(name) ? path === findPackage(name, {}, courseRoot) : harmless.has(name)));
  if (wanted.length === 0 || !replaceable) return replaced;
  try {
    const modules = await bundlesOf(courseRoot, wanted, startDatabase);
    if (modules !== undefined) for (const name of wanted) replaced.set(name, join(modules, name));
  } catch (error) {
    if (!(error instanceof NotBundleableError) && !cantWrite.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
  return replaced;
}

const cantWrite = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'ENOENT', 'ENOTDIR', 'EDQUOT']);

/** A `node_modules` with bundles of these, and of what they import; undefined where the course lacks one. */
async function bundlesOf(courseRoot: string, wanted: readonly string[], startDatabase: () => Promise<Database>): Promise<string | undefined> {
  const sources = sourcesOf(courseRoot);
  if (!sources) return undefined;
  const folder = join(cacheFolder(process.env), `bundled-${sources.key}`);
  const modules = join(folder, 'node_modules');
  if (!existsSync(modules)) await removeOld(dirname(folder));
  // All of them import the driver, or may, by its name, and it imports its BSON library.
  const names = [...new Set(['bson', 'mongodb', ...wanted])];
  const missing = names.filter((name) => !existsSync(join(modules, name)));
  if (missing.length === 0) await markUsed(folder);
  else await linkPackages(folder, new Map(beside.map((name) => [name, sources.paths.get(name) as string])));
  await Promise.all(missing.map((name) => make(name, sources.paths.get(name) as string, modules)));
  // Only now: one may import another.
  await compileAll(names.map((name) => join(modules, name)).filter((path) => !isCompiled(path)), startDatabase);
  return modules;
}

async function compileAll(folders: readonly string[], startDatabase: () => Promise<Database>): Promise<void> {
  if (folders.length === 0) return;
  const database = await startDatabase();
  try {
    await Promise.all(folders.map((folder) => compileBundle(folder, `${database.uri}${basename(folder)}`)));
  } finally {
    await database.stop();
  }
}

/** Under another name first: whoever finds a bundle finds a whole one. */
async function make(name: string, path: string, modules: string): Promise<void> {
  const draft = join(modules, `.${name}-${randomBytes(6).toString('hex')}`);
  try {
    await bundlePackage(name, path, draft);
    await rename(draft, join(modules, name));
  } catch (error) {
    // Another process was as quick: then its bundle is there.
    if (!existsSync(join(modules, name))) throw error;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

interface PackagesOfCourse {
  paths: ReadonlyMap<string, string>;
  /** Says which copies of which versions these are, and for which Node.js with which flags. */
  key: string;
}

const known = new Map<string, PackagesOfCourse>();

/** The course's own copies of all that bundles are made of; undefined where one is not there. */
function sourcesOf(courseRoot: string): PackagesOfCourse | undefined {
  const before = known.get(courseRoot);
  if (before) return before;
  const paths = new Map<string, string>();
  const hash = createHash('sha256').update(`${format} ${process.version} ${process.arch} ${littleOptimising().join(' ')}`);
  for (const name of [...Object.keys(bundleable), ...beside]) {
    const path = findPackage(name, {}, courseRoot);
    if (path === undefined) return undefined;
    paths.set(name, path);
    hash.update(`\0${name}\0${path}\0${(JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')) as { version: string }).version}`);
  }
  const sources = { paths, key: hash.digest('hex').slice(0, 16) };
  known.set(courseRoot, sources);
  return sources;
}

/** So that nobody takes it for old. A cache that may only be read serves all the same. */
async function markUsed(folder: string): Promise<void> {
  const now = new Date();
  await utimes(folder, now, now).catch((error: NodeJS.ErrnoException) => {
    if (!cantWrite.has(error.code ?? '')) throw error;
  });
}

async function removeOld(cache: string): Promise<void> {
  const names = await readdir(cache).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  for (const name of names.filter((one) => one.startsWith('bundled-'))) {
    const { mtimeMs } = await stat(join(cache, name));
    if (Date.now() - mtimeMs > keptDays * 86_400_000) await rm(join(cache, name), { recursive: true, force: true });
  }
}
