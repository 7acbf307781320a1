import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { loadRegistrant, loadRegistry, registryIds, type Folder } from '../../src/registry.ts';

const place = mkdtempSync(join(tmpdir(), 'registry-'));
afterAll(() => rmSync(place, { recursive: true, force: true }));
writeFileSync(join(place, 'b-two.js'), 'export const it = 2;');
writeFileSync(join(place, 'a.js'), 'export const it = 1; export const more = 3;');
for (const other of ['a.d.ts', '.hidden.js', 'notes.md']) writeFileSync(join(place, other), '');

const inBundle: Folder = { name: './numbers/', files: { 'b-two.js': async () => ({ it: 2 }), 'a.js': async () => ({ it: 1, more: 3 }) } };

test.each([['a folder', pathToFileURL(`${place}/`)], ['its list in a bundle', inBundle]])('the files of %s are its registrants', async (_, folder) => {
  expect(registryIds(folder)).toEqual(['a', 'b-two']);
  expect([...(await loadRegistry<number>(folder, 'it'))]).toEqual([['a', 1], ['b-two', 2]]);
  expect(await loadRegistrant<number>(folder, 'a', 'more')).toBe(3);
  await expect(loadRegistrant(folder, 'b-two', 'more')).rejects.toThrow(/b-two\.js does not export "more"/);
  await expect(loadRegistrant(folder, 'c', 'it')).rejects.toThrow(/has no file for "c"/);
});
