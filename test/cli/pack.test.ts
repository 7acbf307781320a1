import { appendFileSync, cpSync, existsSync, lstatSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Place, root } from './place.ts';

let place: Place;
beforeAll(async () => {
  place = new Place();
  await place.workbook({ '00-hello': 'solutions/00-hello', '02-crud': 'solutions/02-crud' });
}, 120_000);
afterAll(() => place.dispose());

interface Report { submissions: { score: number; maxScore: number; digest: string; exercises: { id: string; score: number; status: string }[] }[] }

const graded = async (target: string): Promise<{ score: number; digest: string; exercises: unknown }> => {
  const { stdout } = await place.run(['check', target, '--exercise', '00-hello', '--exercise', '03-serializer', '--seed', '5', '--sandbox', 'none', '--reporter', 'json'], { cwd: 'wb' });
  const [only] = (JSON.parse(stdout) as Report).submissions;
  if (!only) throw new Error('nothing was graded');
  return { score: only.score, digest: only.digest, exercises: only.exercises.map(({ id, score, status }) => ({ id, score, status })) };
};

test('what is packed has the score of the workbook, and the report says what is inside, what stays, and what a class run checks', async () => {
  cpSync(join(root, 'exercises', '03-serializer', 'starter'), place.path('wb', '03-serializer'), { recursive: true });
  writeFileSync(place.path('wb', '.env'), 'MONGO_URI=mongodb+srv://ada:lovelace@cluster0.ab1cd.mongodb.net/\n');
  appendFileSync(place.path('wb', '02-crud', 'server.ts'), '// mine\n');
  expect((await place.run(['check', '00'], { cwd: 'wb' })).code).toBe(0);
  const packed = await place.run(['pack'], { cwd: 'wb' });
  expect(packed).toMatchObject({ code: 0, stderr: '' });
  expect(packed.stdout).toMatch(/handin\.zip: 5 files/);
  expect(packed.stdout).toMatch(/^ {2}00-hello +hello\.ts$/m);
  expect(packed.stdout).toMatch(/settings; passwords stay with you: \.env, \.env\.example/);
  expect(packed.stdout).toMatch(/brings its own: node_modules/);
  expect(packed.stdout).toMatch(/^ {2}00-hello +passes, 8 of 8 points$/m);
  expect(packed.stdout).toMatch(/^ {2}01-connect +not opened: 0 of \d+ points$/m);
  expect(packed.stdout).toMatch(/^ {2}02-crud +never checked here/m);
  expect(packed.stdout).toMatch(/^ {2}03-serializer +as it was given/m);
  expect(packed.stdout).toMatch(/02-crud\/server\.ts the class run takes the course's own/);
  expect(await graded('handin.zip')).toEqual(await graded('.'));
  const first = readFileSync(place.path('wb', 'handin.zip'));
  expect(first.includes('lovelace')).toBe(false);
  const again = await place.run(['pack'], { cwd: 'wb/00-hello' });
  expect(again.stdout).toContain(place.path('wb', 'handin.zip'));
  expect(readFileSync(place.path('wb', 'handin.zip')).equals(first)).toBe(true);
  appendFileSync(place.path('wb', '00-hello', 'hello.ts'), '\n');
  expect((await place.run(['pack'], { cwd: 'wb' })).stdout).toMatch(/00-hello +changed since its last check/);
});

test('a password in the source is refused with its place, is not printed, and nothing is written', async () => {
  const file = place.path('wb', '00-hello', 'settings.ts');
  writeFileSync(file, "\nexport const uri =\n  'mongodb+srv://ada:lovelace@cluster0.ab1cd.mongodb.net/';\n");
  const refused = await place.run(['pack', 'refused.zip'], { cwd: 'wb' });
  expect(refused).toMatchObject({ code: 1, stdout: '' });
  expect(refused.stderr).toContain('00-hello/settings.ts:3:4 a URI with a user and a password');
  expect(refused.stderr).toMatch(/\.env.*process\.env/s);
  expect(refused.stderr).not.toContain('lovelace');
  expect(existsSync(place.path('wb', 'refused.zip'))).toBe(false);
  writeFileSync(file, "export const uri = 'mongodb+srv://<user>:<password>@<cluster>.mongodb.net/';\n");
  expect((await place.run(['pack', 'refused.zip'], { cwd: 'wb' })).code).toBe(0);
});

test('a file that pack did not make stays, unless --force is said; a link is replaced and not followed', async () => {
  const mine = place.path('wb', 'mine.zip');
  writeFileSync(mine, 'mine');
  const refused = await place.run(['pack', 'mine.zip'], { cwd: 'wb' });
  expect(refused).toMatchObject({ code: 2, stdout: '' });
  expect(refused.stderr).toContain('--force');
  expect(readFileSync(mine, 'utf8')).toBe('mine');
  symlinkSync(mine, place.path('wb', 'link.zip'));
  expect((await place.run(['pack', 'link.zip'], { cwd: 'wb' })).code).toBe(2);
  expect((await place.run(['pack', 'link.zip', '--force'], { cwd: 'wb' })).code).toBe(0);
  expect(lstatSync(place.path('wb', 'link.zip')).isFile()).toBe(true);
  expect(readFileSync(mine, 'utf8')).toBe('mine');
  expect((await place.run(['pack', 'mine.zip', '--force'], { cwd: 'wb' })).code).toBe(0);
  expect(readFileSync(mine).equals(readFileSync(place.path('wb', 'link.zip')))).toBe(true);
});

test('names that are none, and a workbook with nothing in it, are told', async () => {
  expect((await place.run(['pack', 'work.tar'], { cwd: 'wb' })).stderr).toContain('work.tar.zip');
  expect((await place.run(['pack', 'no/where.zip'], { cwd: 'wb' })).stderr).toContain('There is no folder');
  mkdirSync(place.path('wb', 'folder.zip'));
  expect((await place.run(['pack', 'folder.zip', '--force'], { cwd: 'wb' })).stderr).toContain('is a folder');
  expect((await place.run(['pack'])).code).toBe(2);
  await place.run(['init', 'empty', '--yes']);
  expect(await place.run(['pack'], { cwd: 'empty' })).toMatchObject({ code: 2, stdout: '' });
});

test('with ACCESSIBLE=1, words stand for glyphs and nothing is laid out in columns', async () => {
  const told = await place.run(['pack', 'plain.zip'], { cwd: 'wb', env: { ACCESSIBLE: '1' } });
  expect(told.stdout).toMatch(/^Done: plain\.zip: /);
  expect(told.stdout).toMatch(/^01-connect: not opened/m);
  expect(told.stdout).not.toMatch(/[✔✖]/);
});

test('next and the menu point to it once everything is done', async () => {
  await place.run(['init', 'done', '--yes']);
  const file = place.path('done', '.mongo-course', 'progress.json');
  const { steps } = JSON.parse((await place.run(['list', '--json'], { cwd: 'done' })).stdout) as { steps: { kind: string; id: string }[] };
  const at = '2026-11-20T10:00:00.000Z';
  const of = (kind: string, value: object): object => Object.fromEntries(steps.filter((step) => step.kind === kind).map(({ id }) => [id, value]));
  const before = JSON.parse(readFileSync(file, 'utf8')) as object;
  writeFileSync(file, JSON.stringify({
    ...before, way: 'extensions', lessons: of('lesson', { readAt: at }), quizzes: of('quiz', { offeredAt: at }),
    exercises: of('exercise', { openedAt: at, passedAt: at, attempts: 1, hintsShown: 0, score: 5, maxScore: 5, status: 'passed' }),
  }));
  const next = await place.run(['next'], { cwd: 'done' });
  expect(next).toMatchObject({ code: 0 });
  expect(next.stdout).toMatch(/end of the way: 10 of 10 exercises passed, 50 points[\s\S]*To hand it in: +npx mongo-course pack/);
  const menu = place.terminal([], { cwd: 'done' });
  await menu.shows('Pack what I hand in');
  menu.type('\x03');
  expect(await menu.ended).toBe(130);
});
