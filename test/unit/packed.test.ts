import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { files: string[]; bin: object; exports: object };

/** What npm packs of the build, and of the command: `files` names folders, and what of them stays out. */
const packed = new Set(['bin', 'dist'].flatMap((folder) => readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => `${folder}/${file.replaceAll('\\', '/')}`))
  .filter((file) => statSync(join(root, file)).isFile() && !manifest.files.some((rule) => rule.startsWith('!') && matcher(rule.slice(1)).test(file))));

/** A pattern of `files` with alternatives in braces, `*` and `**`; a folder stands for all that is in it. */
function matcher(pattern: string): RegExp {
  const source = pattern.replaceAll(/\*\*\/|[{},.*]/g, (sign) => ({ '**/': '(?:.*/)?', '{': '(?:', '}': ')', ',': '|', '.': '\\.', '*': '[^/]*' })[sign] as string);
  return new RegExp(`^${source}(?:/.*)?$`);
}

/** Places in the build that a file names: what it imports, starts as a process, or finds by its own place. */
function namedIn(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  const named: string[] = [];
  // A bundle remembers where each of its modules was.
  const bases = new Map([['import.meta.url', file], ['bundleUrl', file], ['__url', file]]);
  for (const [, imported, variable, from, base, program] of text.matchAll(/\b(?:from|import|require|__import)\s*\(?\s*["'](\.\.?\/[^"']+)["']|(?:(\w+) = )?new URL\(\s*["'](\.[^"']*)["'],\s*([\w.]+)\)|\bprogramFile\(["']([^"']+)["']\)/g)) {
    if (imported !== undefined) named.push(posix.join(posix.dirname(file), imported));
    else if (program !== undefined) named.push(posix.join('dist', program));
    else if (from !== undefined) {
      const place = posix.join(posix.dirname(bases.get(base ?? '') ?? file), from);
      if (variable?.startsWith('__moduleUrl')) bases.set(variable, place);
      else named.push(place);
    }
  }
  return named.map((path) => (file.endsWith('.d.ts') ? path.replace(/(?<!\.d)\.[jt]s$/, '.d.ts') : path));
}

const isPacked = (path: string): boolean => packed.has(path) || [...packed].some((file) => file.startsWith(`${path.replace(/\/$/, '')}/`));
const isBuilt = (path: string): boolean => path.startsWith('dist/') && existsSync(join(root, path));

test('nothing that stays out of the package is used by what is in it', () => {
  const lacking = [...packed].filter((file) => /\.(?:[cm]?js|d\.ts)$/.test(file)).flatMap((file) => namedIn(file).filter((path) => isBuilt(path) && !isPacked(path)).map((path) => `${file} names ${path}`));
  expect(lacking).toEqual([]);
});

test('all that others may import or run is in the package', () => {
  const paths = [...JSON.stringify([manifest.exports, manifest.bin]).matchAll(/"(?:\.\/)?((?:dist|bin)\/[^"]+)"/g)].map(([, path]) => path as string);
  expect(paths.length).toBeGreaterThan(8);
  expect(paths.filter((path) => !packed.has(path))).toEqual([]);
});

test('files that the test knows how to read are named in many ways', () => {
  const named = new Set([...packed].flatMap(namedIn));
  for (const path of ['dist/start.cjs', 'dist/cli/check.js', 'dist/grading/slot.cjs', 'dist/grading/start.cjs', 'dist/submission/child/start.cjs', 'dist/submission/bundled/compile-used.cjs', 'dist/cli/completion/shells/']) expect(named).toContain(path);
});

test('programs that were ES modules are strict, as those are', () => {
  const programs = [...packed].filter((file) => file.endsWith('.cjs'));
  expect(programs).toHaveLength(6);
  expect(programs.filter((file) => !/^(?:\/\/\w+\n\((?:async )?function \([^)]*\) \{)?'use strict';/.test(readFileSync(join(root, file), 'utf8')))).toEqual([]);
});
