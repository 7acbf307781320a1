import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { findPackage, foldersOf } from '../../../../src/submission/compile/packages.ts';

/** A folder with these in it; what is after an arrow is what a link names. */
function place(...entries: string[]): (...path: string[]) => string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'mongo-course-test-')));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const entry of entries) {
    const [path, target] = entry.split(' -> ') as [string, string | undefined];
    mkdirSync(join(folder, target === undefined ? path : dirname(path)), { recursive: true });
    if (target !== undefined) symlinkSync(join(folder, target), join(folder, path), 'junction');
  }
  return (...path) => join(folder, ...path);
}

test('a package of the course may be linked, as pnpm does it; one of the learner may not', () => {
  const at = place('store/one', 'course/node_modules/one -> store/one', 'workbook/00-hello', 'workbook/node_modules/two -> store/one');
  expect(findPackage('one', {}, at('course'))).toBe(at('store', 'one'));
  expect(findPackage('two', { learnerFolder: at('workbook', '00-hello') }, at('course'))).toBeUndefined();
});

test('a course is hidden where the folders of packages hold it: as the installed one, and as a package of its own', async () => {
  const at = place('node_modules/mongodb', 'node_modules/mongo-course', 'node_modules/my-course/exercises', 'node_modules/.pnpm/mongo-course@1.0.0/node_modules/mongo-course', 'course');
  const packages = [at('node_modules', 'mongodb')];
  expect(await foldersOf(packages, at('course'))).toEqual({ readable: [at('node_modules')], hidden: [at('node_modules', 'mongo-course')] });
  expect((await foldersOf(packages, at('node_modules', 'my-course'))).hidden).toEqual([at('node_modules', 'mongo-course'), at('node_modules', 'my-course')]);
  const linked = at('node_modules', '.pnpm', 'mongo-course@1.0.0', 'node_modules', 'mongo-course');
  expect((await foldersOf(packages, linked)).hidden).toContain(linked);
});
