import { existsSync } from 'node:fs';
import { lstat, mkdir, readlink, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { UserError, exitCodes } from '../errors.ts';

/**
 * The folder that holds the course's npm packages: where `mongodb` is found from the course, or else from this program. Where an installer
 * links packages (pnpm), this is the folder with the links, since each package has only its own beside it.
 */
export function packagesFolder(courseRoot: string): string {
  for (const from of [join(courseRoot, 'package.json'), import.meta.url]) {
    const found = createRequire(from).resolve.paths('mongodb')?.find((modules) => existsSync(join(modules, 'mongodb')));
    if (found !== undefined) return found;
  }
  throw new UserError('The packages of the course are not there.', { exitCode: exitCodes.environment, wayOut: 'Install mongo-course again.' });
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
