import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
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

test('the program starts where nothing can be kept', async () => {
  const right = await start('list');
  rmSync(place.path('cache'), { recursive: true });
  writeFileSync(place.path('cache'), '');
  expect(await start('list')).toEqual(right);
});
