import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * The file of a program that is started as a process of its own: beside us where we run compiled, else in `dist/`.
 * @param path below `dist/`
 */
export function programFile(path: string): string {
  const beside = fileURLToPath(new URL(`./${path}`, import.meta.url));
  return existsSync(beside) ? beside : fileURLToPath(new URL(`../dist/${path}`, import.meta.url));
}
