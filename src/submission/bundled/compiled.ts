import { randomBytes } from 'node:crypto';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { programFile } from '../../program-file.ts';
import { loadEsbuild } from '../compile/esbuild.ts';
import { nodeOptions } from '../process/node-options.ts';
import { NotBundleableError } from './bundle.ts';

/** Whether what V8 makes of a bundle is kept beside it. */
export const isCompiled = (folder: string): boolean => existsSync(join(folder, 'bundle.compiled'));

/**
 * Keeps what V8 makes of a bundle once it has been loaded and used, under the flags of a submission's process: a third of the
 * time that it takes to load is compiling, and as much is compiled later, when its functions are called. Where an
 * `import()` of its own is left in it, nothing is kept.
 * @param folder the bundle's, where everything that it imports is found already
 * @param uri a database that it may use
 * @throws NotBundleableError where it does not load
 */
export async function compileBundle(folder: string, uri: string): Promise<void> {
  const draft = join(folder, `.compiled-${randomBytes(6).toString('hex')}`);
  try {
    if (await importsItself(await readFile(join(folder, 'bundle.cjs'), 'utf8'))) return await writeFile(join(folder, 'bundle.compiled'), '');
    const { stdout } = await promisify(execFile)(process.execPath, [...nodeOptions, programFile('submission/bundled/compile-used.cjs'), folder, basename(folder), uri], { cwd: folder, env: {}, timeout: 20_000, encoding: 'buffer', maxBuffer: 64 * 1024 * 1024 });
    await writeFile(draft, Buffer.concat([stdout, stdout]));
    await rename(draft, join(folder, 'bundle.compiled'));
  } catch (error) {
    if ((error as { stderr?: Buffer }).stderr === undefined) throw error;
    throw new NotBundleableError(`${folder}: ${(error as Error).message}`, { cause: error });
  } finally {
    await rm(draft, { force: true });
  }
}

/** Whether code has an `import()`, which it would lose; not in its comments, which a smaller form of it has not. */
async function importsItself(code: string): Promise<boolean> {
  const { transform } = loadEsbuild();
  return /\bimport\s*\(/.test((await transform(code, { minifyWhitespace: true, legalComments: 'none', charset: 'utf8' })).code);
}
