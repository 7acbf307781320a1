import { lstatSync } from 'node:fs';
import { mkdir, symlink } from 'node:fs/promises';
import { builtinModules, createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const builtins = new Set(builtinModules);

export function isBuiltin(name: string): boolean {
  return name.startsWith('node:') || builtins.has(name);
}

/** The package that a bare import names: `@scope/name/sub` is `@scope/name`. */
export function packageOf(specifier: string): string {
  const parts = specifier.split('/');
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] as string);
}

/**
 * Where a package is: in the learner's own `node_modules`, a real folder and never a link, or in the course's.
 * Undefined where it is in neither.
 */
export function findPackage(name: string, learnerFolder: string | undefined, courseRoot: string): string | undefined {
  // No further up than a workbook's root: the exercise's folder and the one that holds it.
  for (const folder of learnerFolder === undefined ? [] : [learnerFolder, dirname(learnerFolder)]) {
    const modules = join(folder, 'node_modules');
    if (isFolder(modules) && isFolder(join(modules, name))) return join(modules, name);
  }
  // A course of somebody else's (`--course`) may have no packages of its own: then ours are used.
  for (const from of [join(courseRoot, 'package.json'), import.meta.url]) {
    for (const modules of createRequire(from).resolve.paths(name) ?? []) {
      if (isFolder(join(modules, name))) return join(modules, name);
    }
  }
  return undefined;
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
