import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The ids of a plural folder: its files' names without the ending, sorted. Loads nothing. */
export function registryIds(folder: URL): string[] {
  return files(folder).map((file) => file.replace(/\.[jt]s$/, ''));
}

/** Loads one registrant of a plural folder; throws when the file lacks the export. */
export async function loadRegistrant<T>(folder: URL, id: string, exportName: string): Promise<T> {
  const file = files(folder).find((name) => name.replace(/\.[jt]s$/, '') === id);
  if (!file) throw new Error(`${fileURLToPath(folder)} has no file for "${id}"`);
  const module = (await import(new URL(file, folder).href)) as Record<string, unknown>;
  const registrant = module[exportName];
  if (registrant === undefined) {
    throw new Error(`${fileURLToPath(new URL(file, folder))} does not export "${exportName}"`);
  }
  return registrant as T;
}

/**
 * Loads every file of a plural folder. Each file is a registrant: its name is the id, and it exports `exportName`.
 * @param folder a directory URL that ends with a slash
 */
export async function loadRegistry<T>(folder: URL, exportName: string): Promise<Map<string, T>> {
  const ids = registryIds(folder);
  const loaded = await Promise.all(ids.map((id) => loadRegistrant<T>(folder, id, exportName)));
  return new Map(ids.map((id, index) => [id, loaded[index] as T]));
}

function files(folder: URL): string[] {
  return readdirSync(folder)
    .filter((name) => /^[^.].*\.[jt]s$/.test(name) && !name.endsWith('.d.ts'))
    .sort();
}
