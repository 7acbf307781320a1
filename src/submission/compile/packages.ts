import { lstatSync, realpathSync, statSync } from 'node:fs';
import { lstat, mkdir, realpath, symlink } from 'node:fs/promises';
import { builtinModules, createRequire } from 'node:module';
import { dirname, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const builtins = new Set(builtinModules);

export function isBuiltin(name: string): boolean {
  return name.startsWith('node:') || builtins.has(name);
}

/** The package that a bare import names: `@scope/name/sub` is `@scope/name`. */
export function packageOf(specifier: string): string {
  const parts = specifier.split('/');
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] as string);
}

/** Where packages may come from besides the course. */
export interface PackageSources {
  /** The learner's exercise folder, whose own `node_modules` wins, or its workbook's; not for a class. */
  learnerFolder?: string;
  /** A folder of the instructor's with further packages: one that has `node_modules`, or is one. */
  packagesFolder?: string;
}

/**
 * Where a package is: in the learner's own `node_modules`, a real folder and never a link; in the course's, to which some installers
 * link it; or in the instructor's folder. Undefined where it is in none.
 */
export function findPackage(name: string, { learnerFolder, packagesFolder }: PackageSources, courseRoot: string): string | undefined {
  // No further up than a workbook's root: the exercise's folder and the one that holds it.
  for (const folder of learnerFolder === undefined ? [] : [learnerFolder, dirname(learnerFolder)]) {
    const modules = join(folder, 'node_modules');
    if (isFolder(modules) && isFolder(join(modules, name))) return join(modules, name);
  }
  // A course of somebody else's (`--course`) may have no packages of its own: then ours are used.
  for (const from of [join(courseRoot, 'package.json'), import.meta.url]) {
    for (const modules of createRequire(from).resolve.paths(name) ?? []) {
      const path = join(modules, name);
      if (isFolder(path)) return path;
      if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return realpathSync(path);
    }
  }
  return packagesFolder === undefined ? undefined : [join(packagesFolder, 'node_modules', name), join(packagesFolder, name)].find(isFolder);
}

function isFolder(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** Links packages into `folder/node_modules`, so that Node finds them from the compiled files below it. */
export async function linkPackages(folder: string, packages: ReadonlyMap<string, string>): Promise<void> {
  for (const [name, path] of packages) {
    const link = join(folder, 'node_modules', name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(path, link, process.platform === 'win32' ? 'junction' : 'dir').catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}

const ownRoot = resolve(fileURLToPath(new URL('../../..', import.meta.url)));

/**
 * What a submission has to read of these packages: every `node_modules` on the way to one, since what it imports itself may be in any of
 * them; and what it must not see in there: this course with its checkers and solutions, installed, linked or a package of its own.
 */
export async function foldersOf(packages: readonly string[], courseRoot: string): Promise<{ readable: string[]; hidden: string[] }> {
  const readable = new Set<string>();
  for (const path of packages) {
    for (const match of (await realpath(path)).matchAll(/[\\/]node_modules(?=[\\/])/g)) readable.add(match.input.slice(0, match.index + match[0].length));
  }
  const installed = [...readable].map((folder) => join(folder, 'mongo-course'));
  const there = await Promise.all(installed.map((folder) => lstat(folder).then((state) => state.isDirectory(), notThere)));
  const roots = (await Promise.all([ownRoot, courseRoot].map((root) => realpath(root)))).filter((root) => [...readable].some((folder) => root.startsWith(`${folder}${sep}`)));
  return { readable: [...readable], hidden: [...new Set([...installed.filter((_folder, index) => there[index]), ...roots])] };
}

function notThere(error: NodeJS.ErrnoException): false {
  if (error.code === 'ENOENT') return false;
  throw error;
}
