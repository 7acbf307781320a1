import { spawn } from 'node:child_process';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { id, scaffoldedCourse } from './scaffolded.ts';

const program = fileURLToPath(new URL('../../bin/mongo-course.js', import.meta.url));

async function verify(root: string): Promise<{ code: number | null; stdout: string }> {
  const child = spawn(process.execPath, [program, '--course', root, 'author', 'verify', '--jobs', '4'], { stdio: ['ignore', 'pipe', 'ignore'] });
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  const code = await new Promise<number | null>((done) => child.once('close', done));
  return { code, stdout };
}

async function edit(file: string, from: string, to: string): Promise<void> {
  const text = await readFile(file, 'utf8');
  expect(text).toContain(from);
  await writeFile(file, text.replace(from, to));
}

/** A course that lacks nothing. */
async function wholeCourse(): Promise<{ root: string; exercise: string; solution: string }> {
  const root = await scaffoldedCourse();
  const exercise = join(root, 'exercises', id);
  for (let copy = 2; copy <= 8; copy++) await cp(join(exercise, 'mistakes/counts-another-collection'), join(exercise, `mistakes/copy-${copy}`), { recursive: true });
  for (let copy = 2; copy <= 5; copy++) await cp(join(exercise, 'variants/javascript'), join(exercise, `variants/copy-${copy}`), { recursive: true });
  return { root, exercise, solution: join(root, 'solutions', id, 'answer.ts') };
}

test('a course that is right is proved, and the exit code is 0', async () => {
  const { root } = await wholeCourse();
  expect(await verify(root)).toEqual({ code: 0, stdout: 'Proved: 1 exercise, 1 check, 8 mistakes, 5 variants (seed 1).\n' });
});

test('a course broken in five ways is told each of them, and the exit code is 1', async () => {
  const { root, exercise, solution } = await wholeCourse();
  const right = await readFile(solution, 'utf8');
  await writeFile(join(exercise, 'starter/answer.ts'), right);
  await writeFile(join(exercise, 'mistakes/copy-3/answer.ts'), right);
  await edit(join(exercise, 'variants/copy-2/answer.js'), 'things.length', 'things.length + 1');
  await edit(join(exercise, 'check.ts'), "check('counts the documents of the collection', async", "check('counts the documents of the collection', { lesson: '00-welcome#nowhere' }, async");
  await edit(solution, '.countDocuments()', '.countDocuments() * 0');
  const { code, stdout } = await verify(root);
  expect(code).toBe(1);
  const lines = stdout.trimEnd().split('\n');
  expect(lines).toEqual([
    expect.stringMatching(new RegExp(`^${id} solution: should pass everything, but counts-documents failed: countThings returned another number`)),
    `${id} starter: should score 0, but counts-documents gave points (let such a check need one that the starter fails)`,
    `${id} starter: should not pass`,
    expect.stringMatching(new RegExp(`^${id} variant copy-2: should pass everything, but counts-documents failed: countThings returned another number`)),
    `${id} mistake copy-3: should fail [counts-documents], fails [] (counts-documents passed)`,
    expect.stringMatching(new RegExp(`^${id}: the check counts-documents links to 00-welcome#nowhere: lesson 00-welcome has no heading "#nowhere"; it has #`)),
    '6 problems in 1 exercise, 1 check, 8 mistakes, 5 variants (seed 1).',
  ]);
});
