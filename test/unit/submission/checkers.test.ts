import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Course, Exercise } from '../../../src/course/types.ts';
import { loadChecker } from '../../../src/submission/checkers.ts';

test.skipIf(process.platform === 'win32')('a checker of another course is compiled where nobody else may look or write, and nothing stays', async () => {
  const root = mkdtempSync(join(tmpdir(), 'mongo-course-test-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const id = '77-alone';
  mkdirSync(join(root, 'exercises', id), { recursive: true });
  writeFileSync(join(root, 'exercises', id, 'check.ts'), "import { statSync } from 'node:fs';\nexport const mode: number = statSync(new URL('.', import.meta.url)).mode & 0o777;\n");
  const { exports } = await loadChecker({ root, exercises: [] } as unknown as Course, { id } as Exercise);
  expect(exports.mode).toBe(0o700);
  expect(readdirSync(tmpdir()).filter((name) => name.includes(id))).toEqual([]);
});
