import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Entry, ZipFile } from 'yauzl';
import { isSkipped } from './skipped.ts';

/** Why an archive was refused or could not be read, one sentence for the person who grades. */
export class ArchiveError extends Error {
  override readonly name = 'ArchiveError';
}

const mostFiles = 5000;
const mostEntries = 200_000;
const mostBytes = 64 * 1024 * 1024;
/** Source code packs to a fifth or so; a thousandfold is made to fill a disk. */
const mostRatio = 1000;

/**
 * The files that a zip holds: what is skipped, and links, left out.
 * @throws ArchiveError where it is damaged, encrypted, names a path outside itself or one path twice, or is a bomb
 */
export async function listArchive(path: string): Promise<string[]> {
  const files = new Set<string>();
  let bytes = 0;
  await eachEntry(path, (entry) => {
    if (!isWanted(entry)) return Promise.resolve();
    if (files.has(entry.fileName)) throw new ArchiveError(`The archive holds ${entry.fileName} twice, so it is unclear which one counts.`);
    files.add(entry.fileName);
    bytes += entry.uncompressedSize;
    if (entry.isEncrypted()) throw new ArchiveError('The archive is protected by a password.');
    if (files.size > mostFiles) throw new ArchiveError(`The archive holds more than ${mostFiles} files besides node_modules.`);
    if (bytes > mostBytes) throw new ArchiveError(`The archive unpacks to more than ${mostBytes / 1024 / 1024} MiB.`);
    if (entry.uncompressedSize > 1024 * 1024 && entry.uncompressedSize > entry.compressedSize * mostRatio) throw new ArchiveError(`${entry.fileName} unpacks to a thousand times its size: the archive is made to fill the disk.`);
    return Promise.resolve();
  });
  return [...files].sort();
}

/**
 * Unpacks what `listArchive` lists into a folder.
 * @throws ArchiveError as `listArchive`, and where a file is larger than the archive said
 */
export async function extractArchive(path: string, to: string): Promise<void> {
  await listArchive(path);
  await eachEntry(path, async (entry, zip) => {
    if (!isWanted(entry)) return;
    const file = join(to, ...entry.fileName.split('/'));
    await mkdir(dirname(file), { recursive: true });
    await pipeline(await read(zip, entry), createWriteStream(file, { flags: 'wx', mode: 0o600 }));
  });
}

function isWanted(entry: Entry): boolean {
  if (entry.fileName.endsWith('/') || isSkipped(entry.fileName)) return false;
  const type = (entry.externalFileAttributes >>> 16) & 0o170000;
  // A link, a device or a pipe, where a Unix made the archive.
  return type === 0 || type === 0o100000;
}

async function eachEntry(path: string, visit: (entry: Entry, zip: ZipFile) => Promise<void>): Promise<void> {
  try {
    const zip = await openZip(path);
    try {
      let count = 0;
      for (let entry = await nextEntry(zip); entry; entry = await nextEntry(zip)) {
        if (++count > mostEntries) throw new ArchiveError(`The archive has more than ${mostEntries} entries.`);
        await visit(entry, zip);
      }
    } finally {
      zip.close();
    }
  } catch (error) {
    throw error instanceof ArchiveError ? error : damaged(error);
  }
}

async function openZip(path: string): Promise<ZipFile> {
  const { open } = await import('yauzl');
  return new Promise((resolve, reject) => {
    open(path, { lazyEntries: true, validateEntrySizes: true, autoClose: false }, (error, zip) => {
      if (error) reject(error);
      else resolve(zip);
    });
  });
}

function nextEntry(zip: ZipFile): Promise<Entry | undefined> {
  return new Promise((resolve, reject) => {
    const settle = (end: () => void): void => {
      zip.removeAllListeners();
      end();
    };
    zip.once('entry', (entry: Entry) => settle(() => resolve(entry)));
    zip.once('end', () => settle(() => resolve(undefined)));
    zip.once('error', (error: Error) => settle(() => reject(error)));
    zip.readEntry();
  });
}

function read(zip: ZipFile, entry: Entry): Promise<NodeJS.ReadableStream> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => {
      if (error) reject(error);
      else resolve(stream);
    });
  });
}

function damaged(cause: unknown): Error {
  const { code, message } = cause as NodeJS.ErrnoException;
  // Ours, not the archive's: a full disk, no right to read.
  if (code !== undefined && /^E[A-Z]+$/.test(code)) return cause as Error;
  if (/invalid relative path|absolute path/.test(message)) return new ArchiveError(`The archive names a path outside itself (${message.replace(/^.*: /, '')}), and was not unpacked.`);
  return new ArchiveError(`The archive is damaged: ${message.replace(/\.+$/, '')}.`);
}
