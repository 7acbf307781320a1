import { isUtf8 } from 'node:buffer';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Course } from '../../course/types.ts';
import { mostBytes, mostFiles } from '../sources.ts';

/** Something of the workbook that is not handed in. */
export interface LeftOut {
  /** Forward slashes; a folder ends with one. */
  path: string;
  why: string;
}

/** What is handed in of a workbook, and what stays. */
export interface Contents {
  /** By path, forward slashes. */
  files: Map<string, Buffer>;
  left: LeftOut[];
}

const link = 'a link; links are never followed';
const folders: Record<string, string> = {
  node_modules: 'packages; a class run brings its own', '.mongo-course': 'progress, backups and data', '.git': 'your history', __MACOSX: 'made by a system',
  dist: 'made from your sources', coverage: 'made from your sources',
};
const names: readonly [pattern: RegExp, why: string][] = [
  [/^\.env(?:\..*)?$/, 'settings; passwords stay with you'],
  [/\.(?:pem|key|p12|pfx|jks|keystore)$|^id_(?:rsa|dsa|ecdsa|ed25519)$/i, 'it may hold a key'],
  [/^\._|^\.DS_Store$|^Thumbs\.db$|^desktop\.ini$/, 'made by a system'],
  [/~$|^#.*#$|\.(?:bak|orig|rej|swp|swo|tmp)$/i, 'a copy that an editor made'],
  [/\.(?:zip|tar|tgz|gz|bz2|xz|7z|rar)$/i, 'an archive, not source code'],
  [/\.(?:db|sqlite3?|bson|log)$/i, 'data, not source code'],
];
const source = /\.(?:[mc]?[jt]sx?|json|md|ya?ml|txt|html?|css|sql|csv)$/i;

/** The files of the exercises that a workbook has; whatever else is in it, with the reason why it stays. */
export async function packContents(workbook: string, course: Course): Promise<Contents> {
  const contents: Contents = { files: new Map(), left: [] };
  for (const entry of await sorted(workbook)) {
    const isExercise = course.exercises.some((exercise) => exercise.id === entry.name);
    if (isExercise && entry.isDirectory()) await walk(workbook, entry.name, contents, { count: 0 });
    else if (isExercise && entry.isSymbolicLink()) contents.left.push({ path: entry.name, why: link });
    else contents.left.push({ path: entry.isDirectory() ? `${entry.name}/` : entry.name, why: reasonOf(entry.name, entry.isDirectory(), 'not in the folder of an exercise') });
  }
  return contents;
}

async function walk(workbook: string, folder: string, contents: Contents, taken: { count: number }): Promise<void> {
  for (const entry of await sorted(join(workbook, folder))) {
    const path = `${folder}/${entry.name}`;
    const isFolder = entry.isDirectory();
    const leave = (why: string): void => void contents.left.push({ path: isFolder ? `${path}/` : path, why });
    const reason = reasonOf(entry.name, isFolder, undefined);
    if (reason !== undefined) leave(reason);
    else if (entry.isSymbolicLink()) leave(link);
    else if (isFolder) await walk(workbook, path, contents, taken);
    else if (!entry.isFile()) leave('not a file');
    else if (/[\\\p{Cc}\uFFFD]/u.test(entry.name)) leave('its name has signs that other systems do not take');
    else if ((await stat(join(workbook, path))).size > mostBytes) leave(`larger than ${mostBytes / 1024 / 1024} MiB, which no class run reads`);
    else if (taken.count >= mostFiles) leave(`more than ${mostFiles} files; a class run reads no more of an exercise`);
    else {
      const bytes = await readFile(join(workbook, path));
      if (!source.test(entry.name) && (bytes.includes(0) || !isUtf8(bytes))) {
        leave('not text, so not source code');
        continue;
      }
      taken.count += 1;
      contents.files.set(path, bytes);
    }
  }
}

/** Why a file or a folder stays; `otherwise` where it is an ordinary one. */
function reasonOf<T>(name: string, isFolder: boolean, otherwise: T): string | T {
  const known = folders[name] ?? (isFolder ? undefined : names.find(([pattern]) => pattern.test(name))?.[1]);
  return known ?? otherwise ?? (name.startsWith('.') ? 'hidden' : otherwise);
}

/** A folder's entries, by name, so that the order is the same on every system. */
async function sorted(folder: string): Promise<Awaited<ReturnType<typeof entriesOf>>> {
  return (await entriesOf(folder)).sort((a, b) => (a.name < b.name ? -1 : 1));
}

const entriesOf = (folder: string) => readdir(folder, { withFileTypes: true });
