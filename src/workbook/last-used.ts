import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stateFolder } from '../own-folders.ts';
import { writeFileAtomic } from './atomic.ts';

type Env = Readonly<Record<string, string | undefined>>;

const file = (env: Env): string => join(stateFolder(env), 'last-workbook.json');

/** Remembers the workbook for `next` elsewhere. A home that cannot be written to costs the memory, nothing else. */
export async function rememberWorkbook(path: string, env: Env): Promise<void> {
  if ((await lastWorkbook(env)) === path) return;
  await writeFileAtomic(file(env), `${JSON.stringify({ path })}\n`).catch((error: NodeJS.ErrnoException) => {
    if (!['EACCES', 'EROFS', 'EPERM', 'ENOENT', 'ENOTDIR', 'ENOSPC'].includes(error.code ?? '')) throw error;
  });
}

/** The workbook used last, or undefined. */
export async function lastWorkbook(env: Env): Promise<string | undefined> {
  try {
    const value = JSON.parse(await readFile(file(env), 'utf8')) as { path?: unknown };
    return typeof value.path === 'string' ? value.path : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || ['ENOENT', 'ENOTDIR', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}
