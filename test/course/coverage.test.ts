import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { coveragePage } from '../../src/author/coverage.ts';
import { readContract } from '../../src/course/exercise-folder.ts';
import { courseRoot } from '../../src/course/load.ts';
import { validateCourse } from '../../src/course/validate.ts';

const course = await validateCourse(courseRoot());

test.each(course.exercises.map((exercise) => [exercise.id, exercise] as const))('%s says which rules it has', async (_id, exercise) => {
  expect((await readContract(course.root, exercise, [])).length).toBeGreaterThan(0);
});

test('every rule has a mistake that breaks it, and docs/coverage.md says so (npx mongo-course author coverage > docs/coverage.md)', async () => {
  const page = await coveragePage(course);
  expect(page).not.toContain('**none**');
  expect(page).toBe(await readFile(fileURLToPath(new URL('../../docs/coverage.md', import.meta.url)), 'utf8'));
});
