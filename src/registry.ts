import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A plural folder: a directory URL that ends with a slash. In a bundled program (scripts/bundle.js) the list of its files. */
export type Folder = URL | { name: string; files: Readonly<Record<string, () => Promise<unknown>>> };

/** The ids of a plural folder: its files' names without the ending, sorted. Loads nothing. */
export function registryIds(folder: Folder): string[] {
  return filesOf(folder).map((file) => file.replace(/\.[jt]s$/, ''));
}

/** Loads one registrant of a plural folder; throws when the file lacks the export. */
export async function loadRegistrant<T>(folder: Folder, id: string, exportName: string): Promise<T> {
  const file = filesOf(folder).find((name) => name.replace(/\.[jt]s$/, '') === id);
  if (!file) throw new Error(`${nameOf(folder)} has no file for "${id}"`);
  const module = (await ('files' in folder ? folder.files[file]?.() : import(new URL(file, folder).href))) as Record<string, unknown>;
  const registrant = module[exportName];
  if (registrant === undefined) {
    throw new Error(`${nameOf(folder)}${file} does not export "${exportName}"`);
  }
  return registrant as T;
}

/** Loads every file of a plural folder. Each file is a registrant: its name is the id, and it exports `exportName`. */
export async function loadRegistry<T>(folder: Folder, exportName: string): Promise<Map<string, T>> {
  const ids = registryIds(folder);
  const loaded = await Promise.all(ids.map((id) => loadRegistrant<T>(folder, id, exportName)));
  return new Map(ids.map((id, index) => [id, loaded[index] as T]));
}

function filesOf(folder: Folder): string[] {
  return ('files' in folder ? Object.keys(folder.files) : readdirSync(folder))
    .filter((name) => /^[^.].*\.[jt]s$/.test(name) && !name.endsWith('.d.ts'))
    .sort();
}

const nameOf = (folder: Folder): string => ('files' in folder ? folder.name : fileURLToPath(folder));
