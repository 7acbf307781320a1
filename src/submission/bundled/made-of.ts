import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What a bundle's `package.json` says of how it was made. */
export interface MadeOf {
  /** The size of each file that was written. */
  readonly files: Readonly<Record<string, number>>;
  /** The `package.json` of each package that is in the bundle, its version, and a mark that changes with the file. */
  readonly packages: Readonly<Record<string, { readonly version: string; readonly mark: string }>>;
}

/** What is to be said of a bundle, from what was written and the files that went into it. */
export function madeOf(written: readonly (readonly [file: string, contents: string])[], sources: Iterable<string>): MadeOf {
  const manifests = new Set<string>();
  for (const source of sources) {
    const folder = /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(source)?.[0];
    if (folder !== undefined && existsSync(join(folder, 'package.json'))) manifests.add(join(folder, 'package.json'));
  }
  return {
    files: Object.fromEntries(written.map(([file, contents]) => [file, Buffer.byteLength(contents)])),
    packages: Object.fromEntries([...manifests].map((manifest) => [manifest, { version: versionIn(manifest), mark: markOf(manifest) }])),
  };
}

/**
 * Whether a bundle is there, with each of its files in full, and made of the versions that are installed: tools that clean up take single
 * files of a cache, and an upgrade changes packages in their place.
 */
export function isCurrent(folder: string): boolean {
  try {
    const { files, packages } = (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { madeOf: MadeOf }).madeOf;
    return Object.entries(files).every(([file, size]) => statSync(join(folder, file)).size === size)
      // Images of containers keep no fractions of a second, and some no times at all.
      && Object.entries(packages).every(([manifest, { version, mark }]) => markOf(manifest) === mark || versionIn(manifest) === version);
  } catch {
    // Something is missing, damaged or may not be read: there is no such bundle for us, and another is made where that can be done.
    return false;
  }
}

function markOf(manifest: string): string {
  const { size, mtimeMs } = statSync(manifest);
  return `${size} ${Math.floor(mtimeMs / 1000)}`;
}

const versionIn = (manifest: string): string => String((JSON.parse(readFileSync(manifest, 'utf8')) as { version?: unknown }).version);
