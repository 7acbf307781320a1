import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createReportFile } from '../../../src/cli/report-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'mongo-course-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('what is written comes one after the other, in a folder that is made', () => {
  const file = join(folder, 'new', 'report.json');
  const write = createReportFile(file);
  expect(readFileSync(file, 'utf8')).toBe('');
  for (const text of ['ä', '\u{1f600}', 'z']) write(text);
  expect(readFileSync(file, 'utf8')).toBe('ä\u{1f600}z');
});

test.each([
  ['another run begins anew', (file: string) => writeFileSync(file, '')],
  ['another run goes on', (file: string) => appendFileSync(file, ',')],
])('where %s in the same file, it says so and writes no more', (_what, change) => {
  const file = join(folder, 'shared.json');
  const write = createReportFile(file);
  write('{');
  change(file);
  const before = readFileSync(file, 'utf8');
  expect(() => write('}')).toThrow(`${file} was changed while this run wrote its report there.`);
  expect(readFileSync(file, 'utf8')).toBe(before);
});

test('a file that was removed is not begun in the middle', () => {
  const file = join(folder, 'gone.json');
  const write = createReportFile(file);
  write('{');
  rmSync(file);
  expect(() => write('}')).toThrow('was removed while this run');
});
