import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { withLock } from '../../../src/workbook/lock.ts';

const folder = mkdtempSync(join(tmpdir(), 'mc-lock-'));
afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  ['of a process that is gone', JSON.stringify({ pid: 2 ** 30, host: hostname() })],
  ['that says nothing', 'what is this'],
])('a lock %s is taken over, by one after the other', async (_what, text) => {
  const path = join(folder, 'lock');
  for (let round = 0; round < 20; round++) {
    writeFileSync(path, text);
    let inside = 0;
    let most = 0;
    const work = (): Promise<void> => withLock(path, async () => {
      most = Math.max(most, ++inside);
      await new Promise((done) => setTimeout(done, 1));
      inside--;
    });
    await Promise.all([work(), work(), work(), work()]);
    expect(most).toBe(1);
  }
  expect(existsSync(path)).toBe(false);
  expect(readdirSync(folder)).toEqual([]);
});
