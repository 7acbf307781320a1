import { readFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';

/**
 * Finds the submission's process within bubblewrap's, from what `--info-fd` says: the first of the namespace, whose first
 * child it is.
 * @returns a function that gives its pid as this system counts, undefined where it has ended
 */
export function innerPid(info: Readable): () => Promise<number | undefined> {
  let text = '';
  info.setEncoding('utf8');
  info.on('data', (chunk: string) => (text = (text + chunk).slice(0, 4096)));
  info.on('error', () => info.destroy());
  return async () => {
    const first = Number(/"child-pid":\s*(\d+)/.exec(text)?.[1]);
    if (!Number.isInteger(first)) return undefined;
    try {
      const children = await readFile(`/proc/${first}/task/${first}/children`, 'utf8');
      return Number(children.trim().split(' ')[0]) || first;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  };
}
