import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, vi } from 'vitest';

// What is measured is another matter: nothing here looks at a time.
vi.setConfig({ testTimeout: 240_000 });

const bench = async (args: string[], env: Record<string, string> = {}): Promise<string> =>
  (await promisify(execFile)(process.execPath, [resolve('scripts/bench/index.js'), ...args], { env: { ...process.env, ...env } })).stdout;

describe('the bench', () => {
  it.each<[string, string[], ...string[]]>([
    ['commands', ['check 03-serializer, cold']],
    ['engine', ['listening', 'point read', 'point write', 'a second unique index']],
    ['million', ['find by an indexed field among 2,000']],
    ['install', ['the packed package']],
    ['course', ['check solutions']],
    ['watch', ['from save to verdict']],
    ['class', ['each 00-hello'], '--exercise', '00-hello'],
  ])('measures %s', async (part, rows, ...more) => {
    const text = await bench([part, '--small', ...more]);
    for (const row of rows) expect(text).toContain(row);
  });

  it('puts a mongod beside the engine, where there is one', async () => {
    const text = await bench(['engine', '--small'], { MONGOMS_SYSTEM_BINARY: resolve('test/fixtures/mongod/stand-in') });
    for (const row of [/listening, a mongod/, /point read.*: a mongod/, /insertMany of 20: a mongod/]) expect(text).toMatch(row);
  });

  it('says which parts there are', async () => {
    await expect(bench(['engin'])).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining('the parts are commands, engine') });
  });
});
