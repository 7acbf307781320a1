import { createRequire } from 'node:module';

/** What a program that talks to a MongoDB server, or serves HTTP, loads of Node.js sooner or later. */
const common = ['net', 'tls', 'dns', 'crypto', 'http', 'cluster', 'os', 'tty', 'fs/promises', 'perf_hooks'];

/**
 * Loads parts of Node.js, these and the common ones, while V8 has its flags as Node.js was built with: then it takes the compiled code
 * that comes with them. To be called before flags are set.
 */
export function loadPartsOfNode(...others: readonly string[]): void {
  const require = createRequire(import.meta.url);
  for (const part of [...common, ...others]) require(`node:${part}`);
}
