import { cpSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, expectTypeOf, test } from 'vitest';
import type { z } from 'zod';
import type { ExportedProgress } from '../../src/cli/progress-export.ts';
import { progressJsonSchema, progressSchema } from '../../src/cli/progress-schema.ts';
import { Place, root } from './place.ts';

let place: Place;
beforeAll(async () => {
  place = new Place();
  await place.workbook({ '00-hello': 'solutions/00-hello', '01-connect': '' });
}, 120_000);
afterAll(() => place.dispose());

async function exported(cwd: string): Promise<ExportedProgress> {
  const ended = await place.run(['list', '--json'], { cwd });
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  return progressSchema.parse(JSON.parse(ended.stdout));
}

const step = (progress: ExportedProgress, kind: string, id: string): unknown => progress.steps.find((one) => one.kind === kind && one.id === id);

test('list --json is as its schema says, before anything was done and after', async () => {
  const before = await exported('wb');
  expect(before).toMatchObject({ schemaVersion: 1, workbook: place.path('wb'), way: null });
  expect(before.steps.map(({ state }) => state).filter((state) => state !== 'to do' && state !== 'to read')).toEqual([]);
  expect(step(before, 'exercise', '00-hello')).toEqual({ kind: 'exercise', id: '00-hello', title: 'Say hello to MongoDB', minutes: 10, extension: false, state: 'to do', maxScore: 8, attempts: 0, hintsShown: 0 });

  await place.run(['lesson', '01'], { cwd: 'wb' });
  await place.run(['hint', '00'], { cwd: 'wb' });
  expect((await place.run(['check', '00'], { cwd: 'wb' })).code).toBe(0);
  expect((await place.run(['check', '01'], { cwd: 'wb' })).code).toBe(1);
  await place.run(['skip', '02'], { cwd: 'wb' });
  const after = await exported('wb');
  expect(step(after, 'lesson', '01-why-and-when')).toMatchObject({ state: 'read' });
  expect(step(after, 'exercise', '00-hello')).toMatchObject({ state: 'passed', score: 8, maxScore: 8, attempts: 1, hintsShown: 1 });
  expect(step(after, 'exercise', '01-connect')).toMatchObject({ state: 'tried', score: 0, attempts: 1 });
  expect(step(after, 'exercise', '02-crud')).toMatchObject({ state: 'put off' });
  expect(after.minutesLeft).toBeLessThan(before.minutesLeft);

  // A copy of the folder, as it comes to another machine.
  cpSync(place.path('wb'), place.path('elsewhere'), { recursive: true, filter: (from) => !from.endsWith('node_modules') });
  rmSync(place.path('wb'), { recursive: true });
  expect(await exported('elsewhere')).toEqual({ ...after, workbook: place.path('elsewhere') });
  expect((await place.run(['check', '00'], { cwd: 'elsewhere' })).code).toBe(0);
});

test('outside of a workbook nothing is done', async () => {
  expect(await exported('.home')).toMatchObject({ workbook: null, way: null });
});

test('the published schema is this one, and types say the same', () => {
  expect(JSON.parse(readFileSync(join(root, 'dist', 'progress.schema.json'), 'utf8'))).toEqual(progressJsonSchema());
  expectTypeOf<z.infer<typeof progressSchema>>().toEqualTypeOf<ExportedProgress>();
});
