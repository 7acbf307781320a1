import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { lstat, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { cacheFolder, isTrusted } from '../../own-folders.ts';
import { findPackage, linkPackages } from '../compile/packages.ts';
import { littleOptimising } from '../child/v8-flags.ts';
import { compileBundle, isCompiled } from './compiled.ts';
import { beside, bundleable, bundlePackage, isBundleable, NotBundleableError } from './bundle.ts';
import { isCurrent } from './made-of.ts';

/** A MongoDB server. */
export interface Database {
  /** Without the name of a database, with the slash before it. */
  readonly uri: string;
  stop(): Promise<void>;
}

/** Counts up where a bundle is written in another way: those of before are made anew. */
const format = 9;

/** Packages that none of the bundled ones is imported by: with these beside it, there is still one of each. */
const harmless: ReadonlySet<string> = new Set([...beside, 'dotenv', 'zod']);

const hourMs = 3_600_000;
/** Bundles that nobody asked for in so long go when others are made. */
const keptMs = 30 * 24 * hourMs;

/** Folders in which bundles could not be made: nor will the next ones, of a whole class. */
const givenUp = new Set<string>();

/**
 * Where a submission's packages are, with the course's slow ones replaced by bundles of them, which load in half the
 * time. They are made when they are first asked for and kept in the cache folder of whoever grades.
 *
 * As they are, all of them, stay the packages of a submission that could tell the difference or end up with two copies
 * of one: which imports an inner module (`mongodb/lib/bson`), brings a package of its own, or another that may import
 * one of these itself. So they do where the cache can't be written, or is somebody else's.
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

const cantWrite = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'ENOENT', 'ENOTDIR', 'EDQUOT', 'ENOTEMPTY', 'EEXIST', 'EBUSY']);

/** A `node_modules` with bundles of these, and of what they import; undefined where there are none for us. */
async function bundlesOf(courseRoot: string, wanted: readonly string[], startDatabase: () => Promise<Database>): Promise<string | undefined> {
  const sources = sourcesOf(courseRoot);
  if (!sources) return undefined;
  const cache = cacheFolder(process.env);
  const folder = join(cache, `bundled-${sources.key}`);
  if (givenUp.has(folder) || !(await areOurs([cache, folder]))) return undefined;
  try {
    return await bundlesIn(folder, sources.paths, wanted, startDatabase);
  } catch (error) {
    givenUp.add(folder);
    throw error;
  }
}

async function bundlesIn(folder: string, paths: ReadonlyMap<string, string>, wanted: readonly string[], startDatabase: () => Promise<Database>): Promise<string> {
  const modules = join(folder, 'node_modules');
  if (!existsSync(modules)) await removeOld(dirname(folder));
  else await markUsed(folder);
  // All of them import the driver, or may, by its name, and it imports its BSON library.
  const names = [...new Set(['bson', 'mongodb', ...wanted])];
  const missing = names.filter((name) => !isUsable(join(modules, name)));
  if (missing.length > 0 || !beside.every((name) => existsSync(join(modules, name)))) {
    await linkPackages(folder, new Map(beside.map((name) => [name, paths.get(name) as string])));
    await removeDrafts(modules);
    await all(missing.map((name) => make(name, paths, modules)));
  }
  // Only now: one may import another.
  await compileAll(names.map((name) => join(modules, name)).filter((path) => !isCompiled(path)), startDatabase);
  return modules;
}

const usable = new Set<string>();

/** Looked at in full once in a process: a class asks for the same bundles again and again. */
function isUsable(bundle: string): boolean {
  if (usable.has(bundle) && existsSync(bundle)) return true;
  const current = isCurrent(bundle);
  if (current) usable.add(bundle);
  return current;
}

/** Waits for all, so that nothing is still at work when one failed. */
async function all(work: readonly Promise<void>[]): Promise<void> {
  for (const result of await Promise.allSettled(work)) if (result.status === 'rejected') throw result.reason;
}

/** What of these is there belongs to whom we trust. */
async function areOurs(paths: readonly string[]): Promise<boolean> {
  const states = await Promise.all(paths.map((path) => lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  })));
  return states.every((state) => state === undefined || isTrusted(state));
}

async function compileAll(folders: readonly string[], startDatabase: () => Promise<Database>): Promise<void> {
  if (folders.length === 0) return;
  const database = await startDatabase();
  try {
    await all(folders.map((folder) => compileBundle(folder, `${database.uri}${basename(folder)}`)));
  } finally {
    await database.stop();
  }
}

/** Under another name first: whoever finds a bundle finds a whole one. */
async function make(name: string, paths: ReadonlyMap<string, string>, modules: string): Promise<void> {
  const place = join(modules, name);
  const draft = join(modules, `.${name}-${randomBytes(6).toString('hex')}`);
  try {
    await bundlePackage(name, paths, draft);
    await rename(draft, place).catch(async (error: unknown) => {
      // Another process was as quick: then its bundle is as good. Else what is there is damaged, or of other versions.
      if (isCurrent(place)) return;
      if (!existsSync(place)) throw error;
      await rename(place, `${draft}-old`);
      await rename(draft, place);
    });
  } catch (error) {
    if (!isCurrent(place)) throw error;
  } finally {
    for (const left of [draft, `${draft}-old`]) await rm(left, { recursive: true, force: true });
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

/** What others use, or may not be removed, stays. */
async function removeOld(cache: string): Promise<void> {
  for (const name of await namesIn(cache)) {
    if (name.startsWith('bundled-')) await removeWhereOld(join(cache, name), keptMs);
  }
}

/** What processes left that were ended as they wrote. */
async function removeDrafts(modules: string): Promise<void> {
  for (const name of await namesIn(modules)) if (name.startsWith('.')) await removeWhereOld(join(modules, name), hourMs);
}

async function namesIn(folder: string): Promise<string[]> {
  return await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
}

async function removeWhereOld(folder: string, ms: number): Promise<void> {
  try {
    if (Date.now() - (await stat(folder)).mtimeMs > ms) await rm(folder, { recursive: true, force: true });
  } catch (error) {
    // Another process was quicker, or it belongs to somebody else: neither keeps us from making ours.
    if (!cantWrite.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}
