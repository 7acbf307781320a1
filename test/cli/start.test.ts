import { spawnSync } from 'node:child_process';
import { chownSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { Place, root } from './place.ts';

const place = new Place();
afterAll(() => place.dispose());

const cache = place.path('cache', 'mongo-course');
const start = (...args: string[]): ReturnType<Place['run']> => place.run(args, { env: { XDG_CACHE_HOME: place.path('cache') } });
const file = (): string => join(cache, readdirSync(cache).find((name) => name.endsWith('.compiled')) as string);
/** The commands whose functions are in what is kept. */
const commands = (): string[] => readFileSync(file(), 'latin1').split('\n', 1)[0]?.split('\t').slice(1) ?? [];

test('what V8 makes of the program is kept, each command with what it adds', async () => {
  const first = await start('list');
  expect(commands()).toEqual(['list']);
  expect(await start('list')).toEqual(first);
  await start('--help');
  await start('lesson', '--help');
  expect(commands()).toEqual(['list', '', 'lesson']);
  await start('--course', root, 'lesson', '--help');
  await start('--course', 'lessons', 'list');
  expect(commands()).toEqual(['list', '', 'lesson']);
  await start('../odd\tword');
  expect(commands()).toEqual(['list', '', 'lesson']);
  expect(readdirSync(cache)).toHaveLength(1);
});

test.each([
  ['of another build', (kept: Buffer) => Buffer.concat([Buffer.from('0123456789abcdef0123456789abcdef'), kept.subarray(32)])],
  ['damaged', (kept: Buffer) => Buffer.from(kept).fill(7, 40_000, 60_000)],
  ['cut off', (kept: Buffer) => kept.subarray(0, 70_001)],
  ['empty', () => Buffer.alloc(0)],
  ['of another V8', (kept: Buffer) => Buffer.concat([kept.subarray(0, kept.indexOf('\n') + 1), Buffer.from('other code, other code, ')])],
])('what is %s is not run, and made anew', async (_what, change) => {
  const right = await start('list');
  writeFileSync(file(), change(readFileSync(file())));
  expect(await start('list')).toEqual(right);
  expect(commands()).toEqual(['list']);
  expect(await start('list')).toEqual(right);
});

test('so is what V8 makes of the grading process, for each exercise, and of the packages that are bundled', async () => {
  const check = (): ReturnType<Place['run']> => place.run(['check', join(root, 'solutions'), '--exercise', '00-hello', '--sandbox', 'none', '--seed', '1'], { env: { XDG_CACHE_HOME: place.path('cache') } });
  const { code, stdout } = await check();
  expect(code).toBe(0);
  const slot = join(cache, readdirSync(cache).find((name) => name.startsWith('slot-')) as string);
  expect(readFileSync(slot, 'latin1').split('\n', 1)[0]?.split('\t').slice(1)).toEqual(['00-hello']);
  const bundles = join(cache, readdirSync(cache).find((name) => name.startsWith('bundled-')) as string, 'node_modules');
  for (const name of ['mongodb', 'bson']) expect(statSync(join(bundles, name, 'bundle.compiled')).size).toBeGreaterThan(50_000);
  const { mtimeMs } = statSync(slot);
  expect((await check()).stdout).toBe(stdout);
  // Taken, or it would have been written anew.
  expect(statSync(slot).mtimeMs).toBe(mtimeMs);
  writeFileSync(slot, readFileSync(slot).fill(7, 40_000, 60_000));
  expect((await check()).stdout).toBe(stdout);
  expect(statSync(slot).mtimeMs).not.toBe(mtimeMs);
});

test('where it can not be put in its place, nothing is left', async () => {
  const right = await start('list');
  const taken = file();
  rmSync(taken);
  mkdirSync(join(taken, 'something'), { recursive: true });
  const before = readdirSync(cache);
  expect(await start('list')).toEqual(right);
  expect(readdirSync(cache)).toEqual(before);
  rmSync(taken, { recursive: true });
  await start('list');
});

test.skipIf(process.getuid?.() !== 0)('what is somebody else\'s is not run, and made anew', async () => {
  await start('list');
  chownSync(file(), 12345, 12345);
  await start('list');
  expect(statSync(file()).uid).toBe(0);
});

test('what nobody used for long goes, with what was left half written', async () => {
  rmSync(file());
  const names = { old: 'program-v18.0.0.compiled', young: 'slot-v18.0.0.compiled', left: 'program-v18.0.0.compiled.123', beingWritten: 'slot-v18.0.0.compiled.123-x', foreign: 'notes.txt' };
  const week = Date.now() / 1000 - 7 * 86_400;
  for (const name of Object.values(names)) writeFileSync(join(cache, name), '');
  for (const name of [names.old, names.foreign]) utimesSync(join(cache, name), 1, 1);
  for (const name of [names.young, names.left]) utimesSync(join(cache, name), week, week);
  await start('list');
  const kept = [names.young, names.beingWritten, names.foreign];
  expect(readdirSync(cache).filter((name) => Object.values(names).includes(name)).sort()).toEqual([...kept].sort());
  for (const name of kept) rmSync(join(cache, name));
  utimesSync(file(), week, week);
  await start('list');
  expect(statSync(file()).mtimeMs).toBeGreaterThan(Date.now() - 3_600_000);
});

test('a damaged installation is told in a sentence, with code 3', async () => {
  const copy = place.path('copy');
  for (const folder of ['bin', 'dist']) mkdirSync(join(copy, folder), { recursive: true });
  for (const path of ['bin/mongo-course.js', 'bin/package.json', 'dist/start.cjs']) writeFileSync(join(copy, path), readFileSync(join(root, path)));
  const run = (...args: string[]): ReturnType<typeof spawnSync> => spawnSync(process.execPath, [join(copy, 'bin', 'mongo-course.js'), ...args], { env: place.env, encoding: 'utf8' });
  expect(run('list')).toMatchObject({ status: 3, stderr: expect.stringMatching(/^mongo-course has not been built yet\. .*\n$/) });
  writeFileSync(join(copy, 'dist', 'program.cjs'), '// cut off\n(function () {');
  expect(run('list')).toMatchObject({ status: 3, stderr: expect.stringMatching(/^mongo-course can't start: .*\nInstall it again.*\n$/) });
  expect(run('list', '--debug')).toMatchObject({ status: 3, stderr: expect.stringContaining('program.cjs:') });
});

test('a submission that could not be started is not judged', async () => {
  for (const name of ['bin', 'dist', 'lessons', 'exercises', 'solutions', 'package.json']) cpSync(join(root, name), place.path('broken', name), { recursive: true });
  symlinkSync(join(root, 'node_modules'), place.path('broken', 'node_modules'), 'junction');
  const check = (...options: string[]): ReturnType<typeof spawnSync> => spawnSync(process.execPath, [place.path('broken', 'bin', 'mongo-course.js'), 'check', ...options, place.path('broken', 'solutions'), '--exercise', '00-hello', '--sandbox', 'none'], { env: place.env, encoding: 'utf8' });
  rmSync(place.path('broken', 'dist', 'submission', 'child', 'start.cjs'));
  expect(check()).toMatchObject({ status: 3, stdout: expect.stringMatching(/our mistake and does not count/) });
  rmSync(place.path('broken', 'dist', 'grading', 'slot.cjs'));
  expect(check()).toMatchObject({ status: 3, stderr: expect.stringMatching(/^Error: The grading process did not start: ENOENT.*\nInstall mongo-course again\.\n$/) });
  expect(check('--debug')).toMatchObject({ status: 3, stderr: expect.stringMatching(/again\.\nError: ENOENT.*\n +at .*start\.cjs/s) });
});

test.each(['--inspect=127.0.0.1:19229', '--max-old-space-size=300', '--require=./before.cjs', '--import=./before.mjs'])('it runs under NODE_OPTIONS=%s', async (options) => {
  for (const name of ['before.cjs', 'before.mjs']) writeFileSync(place.path(name), 'globalThis.before = true;\n');
  const check = ['check', join(root, 'solutions'), '--exercise', '00-hello', '--sandbox', 'none', '--seed', '1'];
  const { code, stdout, stderr } = await place.run(check, { env: { NODE_OPTIONS: options, XDG_CACHE_HOME: place.path('cache') } });
  expect({ code, stdout }).toEqual({ code: 0, stdout: (await place.run(check)).stdout });
  expect(stderr).not.toContain('failed');
});

test('the program starts where nothing can be kept', async () => {
  const right = await start('list');
  rmSync(place.path('cache'), { recursive: true });
  writeFileSync(place.path('cache'), '');
  expect(await start('list')).toEqual(right);
});
