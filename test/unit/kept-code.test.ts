import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { KeptProgram } from '../../src/kept-code.ts';

test('two copies of a program, of two builds, keep each their own', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mongo-course-test-'));
  onTestFinished(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });
  vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'));
  const run = (copy: string): unknown => {
    const file = join(folder, copy, 'program.cjs');
    mkdirSync(join(folder, copy), { recursive: true });
    writeFileSync(file, `//build of ${copy}\n(function (exports) { exports.copy = '${copy}'; })\n`);
    const program = new KeptProgram(file, 'program');
    const { exports } = program.run((path) => import(path));
    program.keep(['run']);
    return exports;
  };
  const written = (): number[] => readdirSync(join(folder, 'cache', 'mongo-course')).map((name) => statSync(join(folder, 'cache', 'mongo-course', name)).ino);
  expect([run('one'), run('two')]).toEqual([{ copy: 'one' }, { copy: 'two' }]);
  const first = written();
  expect(first).toHaveLength(2);
  expect([run('one'), run('two')]).toEqual([{ copy: 'one' }, { copy: 'two' }]);
  expect(written()).toEqual(first);
});
