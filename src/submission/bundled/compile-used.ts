/**
 * A program: loads a bundle as a submission's process does, uses it, and writes to its standard output what V8 made of it.
 * usage: compile-used.cjs FOLDER NAME URI, of a database in which nobody minds what is done
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { flagsByDefault, optimiseLittle } from '../child/v8-flags.ts';
import { usePackage } from './use.ts';

const [folder = '', name = '', uri = ''] = process.argv.slice(2);

/** Longer than any use takes. */
const mostMs = 5000;

async function main(): Promise<void> {
  flagsByDefault();
  optimiseLittle();
  const bundle = createRequire(import.meta.url)(join(folder, 'load.cjs')) as { '.'(): unknown; createCachedData(): Buffer };
  const loaded = bundle['.']();
  // What is compiled by then is worth keeping, whatever the use came to.
  await Promise.race([usePackage(name, loaded, uri).catch(() => undefined), new Promise((done) => setTimeout(done, mostMs))]);
  process.stdout.write(bundle.createCachedData(), () => process.exit(0));
}

void main();
