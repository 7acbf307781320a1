import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Place, root } from './place.ts';

let place: Place;
const progress = (): unknown => JSON.parse(readFileSync(place.path('wb', '.mongo-course', 'progress.json'), 'utf8'));

beforeAll(async () => {
  place = new Place();
  await place.workbook({ '00-hello': 'test/fixtures/submissions/loops-forever/00-hello', '01-connect': 'solutions/01-connect' });
  cpSync(join(root, 'test', 'fixtures', 'submissions', 'leaves-children'), place.path('class', 'ada'), { recursive: true });
}, 120_000);
afterAll(() => place.dispose());

/** Waits until the submission's own process runs. */
const underWay = (): Promise<void> => expect.poll(() => place.leftovers().processes.some((one) => one.includes('child/start.cjs')), { timeout: 60_000 }).toBe(true) as Promise<void>;

test('Ctrl-C during a check ends everything it had started, forgets nothing, and the exit code is 130', async () => {
  const before = progress();
  const terminal = place.terminal(['check', '00'], { cwd: 'wb' });
  await underWay();
  terminal.type('\x03');
  expect(await terminal.ended).toBe(130);
  expect(terminal.screen).not.toMatch(/Error| at |node:/);
  await expect.poll(() => place.leftovers()).toEqual({ processes: [], files: [] });
  expect(progress()).toEqual(before);
});

test.skipIf(process.platform === 'win32').each(['SIGTERM', 'SIGHUP'] as const)('so does %s', async (signal) => {
  const { child, ended } = place.start(['check', '01'], { cwd: 'wb' });
  await underWay();
  child.kill(signal);
  expect(await ended).toMatchObject({ code: 130, stdout: '', stderr: 'Stopped.\n' });
  await expect.poll(() => place.leftovers()).toEqual({ processes: [], files: [] });
});

test('the same with next, and with a submission that leaves children behind', async () => {
  const next = place.terminal(['check', 'class/ada', '--exercise', '00-hello', '--sandbox', 'none']);
  await underWay();
  next.type('\x03');
  expect([130, 1]).toContain(await next.ended);
  await expect.poll(() => place.leftovers()).toEqual({ processes: [], files: [] });
});

test('and the next check is judged as ever', async () => {
  cpSync(join(root, 'solutions', '00-hello'), place.path('wb', '00-hello'), { recursive: true });
  expect((await place.run(['check', '00'], { cwd: 'wb' })).code).toBe(0);
});
