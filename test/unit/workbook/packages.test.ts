import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { packagesFolder } from '../../../src/workbook/packages.ts';

test('a workbook gets the folder in which all packages of the course are, or are linked', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'mongo-course-test-')));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const [store, modules] = [join(folder, '.store', 'mongodb', 'node_modules', 'mongodb'), join(folder, 'course', 'node_modules')];
  for (const path of [store, modules]) mkdirSync(path, { recursive: true });
  symlinkSync(store, join(modules, 'mongodb'), 'junction');
  expect(packagesFolder(join(folder, 'course'))).toBe(modules);
  // A course without packages gets this program's.
  expect(packagesFolder(join(folder, '.store'))).toContain('node_modules');
});
