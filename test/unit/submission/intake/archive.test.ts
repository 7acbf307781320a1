import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { extractArchive, listArchive } from '../../../../src/submission/intake/archive.ts';
import { zip, type ZipFile } from './zip.ts';

let folder: string;
let count = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'archive-test-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function archive(files: readonly ZipFile[] | Buffer): string {
  const path = join(folder, `${++count}.zip`);
  writeFileSync(path, Buffer.isBuffer(files) ? files : zip(files));
  return path;
}

describe('a zip that was handed in', () => {
  it('is unpacked, without what nobody hands in', async () => {
    const path = archive([
      { name: 'wb/02-crud/views.ts', text: 'export {};' }, { name: 'wb/node_modules/x/index.js', text: 'no' },
      { name: '__MACOSX/wb/._views.ts', text: 'no' }, { name: 'wb/.DS_Store', text: 'no' }, { name: 'wb/änderung ü.txt', text: 'yes' },
    ]);
    expect(await listArchive(path)).toEqual(['wb/02-crud/views.ts', 'wb/änderung ü.txt']);
    const to = join(folder, 'out');
    await extractArchive(path, to);
    expect(readFileSync(join(to, 'wb/02-crud/views.ts'), 'utf8')).toBe('export {};');
    expect(existsSync(join(to, 'wb/node_modules'))).toBe(false);
  });

  it('leaves links behind', async () => {
    expect(await listArchive(archive([{ name: 'a.ts', text: 'x' }, { name: 'link.ts', text: '/etc/passwd', mode: 0o120777 }]))).toEqual(['a.ts']);
  });

  it.each([
    ['names a path outside itself', [{ name: '../../outside.ts', text: 'x' }], /outside itself/],
    ['names an absolute path', [{ name: '/etc/cron.d/x', text: 'x' }], /outside itself/],
    ['names a path outside itself with backslashes', [{ name: '..\\..\\outside.ts', text: 'x' }], /outside itself/],
    ['holds a path twice', [{ name: 'a.ts', text: '1' }, { name: 'a.ts', text: '2' }], /twice/],
    ['is protected by a password', [{ name: 'a.ts', text: '1', encrypted: true }], /password/],
    ['is a bomb', [{ name: 'a.ts', text: '\0'.repeat(8 * 1024 * 1024) }], /fill the disk/],
    ['claims to be huge', [{ name: 'a.ts', text: 'x', claimedSize: 0xfffffff0 }], /more than 64 MiB|fill the disk/],
    ['holds too many files', Array.from({ length: 5001 }, (_one, index) => ({ name: `${index}.ts`, text: '' })), /more than 5000 files/],
  ])('is refused where it %s', async (_what, files, reason) => {
    await expect(listArchive(archive(files))).rejects.toThrow(reason);
  });

  it('is refused where a file is larger than it says', async () => {
    const path = archive([{ name: 'a.ts', text: 'x'.repeat(5000), claimedSize: 10 }]);
    await expect(extractArchive(path, join(folder, 'larger'))).rejects.toMatchObject({ name: 'ArchiveError' });
  });

  it.each([['is no zip at all', Buffer.from('junk')], ['is cut off', zip([{ name: 'a.ts', text: 'x'.repeat(500) }]).subarray(0, 60)], ['is empty', Buffer.alloc(0)]])('is told to be damaged where it %s', async (_what, bytes) => {
    await expect(listArchive(archive(bytes))).rejects.toThrow(/damaged/);
  });
});
