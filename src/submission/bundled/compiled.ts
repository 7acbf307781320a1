import { randomBytes } from 'node:crypto';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { nodeOptions } from '../process/node-options.ts';
import { NotBundleableError } from './bundle.ts';

/** Whether what V8 makes of a bundle is kept beside it. */
export const isCompiled = (folder: string): boolean => existsSync(join(folder, 'bundle.compiled'));

/**
 * Keeps what V8 makes of a bundle once it has been loaded, under the flags of a submission's process: a third of the
 * time that it takes to load is compiling. Where an `import()` of its own is left in it, nothing is kept.
 * @param folder the bundle's, where everything that it imports is found already
 * @throws NotBundleableError where it does not load
 */
export async function compileBundle(folder: string): Promise<void> {
  const draft = join(folder, `.compiled-${randomBytes(6).toString('hex')}`);
  const script = `const bundle = require(${JSON.stringify(join(folder, 'load.cjs'))}); bundle['.'](); process.stdout.write(bundle.createCachedData());`;
  try {
    if (await importsItself(await readFile(join(folder, 'bundle.cjs'), 'utf8'))) return await writeFile(join(folder, 'bundle.compiled'), '');
    const { stdout } = await promisify(execFile)(process.execPath, [...nodeOptions(), '-e', script], { cwd: folder, env: {}, timeout: 20_000, encoding: 'buffer', maxBuffer: 64 * 1024 * 1024 });
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
  const { transform } = await import('esbuild');
  return /\bimport\s*\(/.test((await transform(code, { minifyWhitespace: true, legalComments: 'none', charset: 'utf8' })).code);
}
