import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** A real server's program on this machine. */
export interface Mongod {
  path: string;
  from: 'MONGOMS_SYSTEM_BINARY' | 'the cache of mongodb-memory-server' | 'PATH';
}

/**
 * The mongod that `--engine mongod` starts: the one that is named, else the one of mongodb-memory-server's cache in the
 * version that it takes (or MONGOMS_VERSION says), else the one on PATH. The one that is named may not exist.
 */
export async function findMongod(env: Readonly<Record<string, string | undefined>>): Promise<Mongod | undefined> {
  if (env.MONGOMS_SYSTEM_BINARY) return { path: env.MONGOMS_SYSTEM_BINARY, from: 'MONGOMS_SYSTEM_BINARY' };
  const { DryMongoBinary } = await import('mongodb-memory-server-core');
  const cached = await DryMongoBinary.locateBinary(await DryMongoBinary.generateOptions());
  if (cached !== undefined) return { path: cached, from: 'the cache of mongodb-memory-server' };
  for (const folder of (env.PATH ?? env.Path ?? '').split(delimiter).filter((one) => one !== '')) {
    const path = join(folder, process.platform === 'win32' ? 'mongod.exe' : 'mongod');
    if (await access(path, constants.X_OK).then(() => true, () => false)) return { path, from: 'PATH' };
  }
  return undefined;
}
