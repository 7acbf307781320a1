import { lstat, mkdir, readlink, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve, sep } from 'node:path';

/** The folder that holds the course's npm packages: where `mongodb` is found from the course, or else from this program. */
export function packagesFolder(courseRoot: string): string {
  const found = resolvePackage(join(courseRoot, 'package.json')) ?? createRequire(import.meta.url).resolve('mongodb');
  const marker = `${sep}node_modules${sep}mongodb${sep}`;
  const end = found.lastIndexOf(marker);
  return end === -1 ? dirname(dirname(found)) : found.slice(0, end + `${sep}node_modules`.length);
}

function resolvePackage(from: string): string | undefined {
  try {
    return createRequire(from).resolve('mongodb');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}

export type PackagesLink = 'linked' | 'kept' | 'own' | { refused: string };

/**
 * Points the workbook's `node_modules` at the course's packages, so that editors show types and code runs without an
 * installation. A real folder of the learner's is left alone; a link that leads elsewhere is pointed anew.
 */
export async function linkPackages(workbook: string, courseRoot: string): Promise<PackagesLink> {
  const link = join(workbook, 'node_modules');
  const target = packagesFolder(courseRoot);
  const state = await lstat(link).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (state && !state.isSymbolicLink()) return 'own';
  if (state && resolve(workbook, await readlink(link)) === resolve(target)) return 'kept';
  try {
    if (state) await rm(link);
    await mkdir(workbook, { recursive: true });
    await symlink(target, link, process.platform === 'win32' ? 'junction' : 'dir');
    return 'linked';
  } catch (error) {
    return { refused: (error as Error).message };
  }
}
