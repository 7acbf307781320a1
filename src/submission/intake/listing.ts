import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isSkipped } from './skipped.ts';

const mostFiles = 20_000;
const mostDepth = 24;

/** A folder has more files, or lies deeper, than anybody hands in; the message is a sentence. */
export class ListingError extends Error {
  override readonly name = 'ListingError';
}

/**
 * The files below a folder, relative, forward slashes, sorted; links and what is skipped left out.
 * @throws ListingError
 */
export async function listFolder(folder: string): Promise<string[]> {
  const files: string[] = [];
  const visit = async (under: string, depth: number): Promise<void> => {
    if (depth > mostDepth) throw new ListingError(`Its folders lie more than ${mostDepth} deep.`);
    for (const entry of await readdir(join(folder, under), { withFileTypes: true })) {
      const path = under === '' ? entry.name : `${under}/${entry.name}`;
      if (isSkipped(path)) continue;
      if (entry.isDirectory()) await visit(path, depth + 1);
      else if (entry.isFile()) files.push(path);
      if (files.length > mostFiles) throw new ListingError(`It holds more than ${mostFiles} files besides node_modules.`);
    }
  };
  await visit('', 0);
  return files.sort();
}
