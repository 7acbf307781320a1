import { cpSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Place, root, type InTerminal } from './place.ts';

let place: Place;
beforeEach(() => {
  place = new Place();
});
afterEach(() => place.dispose());

const solve = (workbook: string, id: string): void => cpSync(join(root, 'solutions', id), place.path(workbook, id), { recursive: true });

/** Reads lessons, puts quizzes off, and answers every other question with Enter, until the program has ended. */
async function readOn(terminal: InTerminal): Promise<number> {
  for (;;) {
    // Only while it waits: a question that is answered is drawn once more, with its answer.
    const asked = await terminal.first(/Press Enter to read it\./, /They never block the way\. \(Y\/n\)(?!\s*n)/, /Make one in [^\n]*\(Y\/n\)(?!\s*n)/);
    if (asked === -1) return terminal.ended;
    terminal.type(asked === 1 ? 'n\r' : '\r');
  }
}

test('a newcomer types next in an empty folder, again and again, and gets through lessons, 00 and 01', { timeout: 300_000 }, async () => {
  const opened = place.terminal(['next']);
  expect(await readOn(opened)).toBe(0);
  expect(opened.screen).toContain('Your workbook is ready');
  expect(opened.screen).toContain('After it you can');
  expect(opened.screen).toMatch(/Edit +00-hello\/hello\.ts/);

  const reminded = place.terminal(['next']);
  expect(await readOn(reminded)).toBe(0);
  expect(reminded.screen).toContain('is waiting: hello.ts is as it was given');

  solve('.', '00-hello');
  const passed = place.terminal(['next']);
  expect(await readOn(passed)).toBe(0);
  expect(passed.screen).toContain('Well done: "Say hello to MongoDB" passes');
  expect(passed.screen).toMatch(/Edit +01-connect\/mongo\.ts/);

  const file = place.path('01-connect', 'mongo.ts');
  cpSync(join(root, 'exercises', '01-connect', 'mistakes', 'client-per-call', 'mongo.ts'), file);
  const failed = place.terminal(['next']);
  expect(await readOn(failed)).toBe(1);
  expect(failed.screen).toMatch(/at +01-connect\/mongo\.ts:\d+:\d+|20 calls/);
  expect(failed.screen).toContain('npx mongo-course hint');

  solve('.', '01-connect');
  const on = place.terminal(['next']);
  expect(await readOn(on)).toBe(0);
  expect(on.screen).toContain('"One client, connected with care" passes');
  expect(on.screen).toMatch(/Edit +02-crud\/views\.ts/);
  await expect.poll(() => place.leftovers()).toEqual({ processes: [], files: [] });
});

test('next asks before it makes a workbook, and makes none after a no', async () => {
  const terminal = place.terminal(['next']);
  await terminal.shows('Make one in');
  terminal.type('n\r');
  expect(await terminal.ended).toBe(0);
  expect(terminal.screen).toContain('Nothing was made');
  expect(existsSync(place.path('.mongo-course'))).toBe(false);
});

test('Ctrl-C at a question ends with 130 and one word', async () => {
  const terminal = place.terminal(['next']);
  await terminal.shows('Make one in');
  terminal.type('\x03');
  expect(await terminal.ended).toBe(130);
  expect(terminal.screen).toContain('Stopped.');
  expect(terminal.screen).not.toContain('Error');
});

test('next elsewhere offers the workbook used last, with how far it is', async () => {
  await place.workbook();
  await place.run(['next'], { cwd: 'wb' });
  const terminal = place.terminal(['next'], { cwd: '.home' });
  await terminal.shows(/Go on in the last one, .*wb \(0 of \d+ exercises passed\)/);
  terminal.type('\x03');
  expect(await terminal.ended).toBe(130);
  const told = await place.run(['next'], { cwd: '.home' });
  expect(told).toMatchObject({ code: 2, stdout: '' });
  expect(told.stderr).toContain(place.path('wb'));
});

test('without a terminal: init, a starter that fails with feedback, a solution that passes, and next moves on', { timeout: 300_000 }, async () => {
  const made = await place.run(['init', 'wb', '--yes']);
  expect(made.code).toBe(0);
  expect(made.stdout).toContain('cd wb');
  for (const file of ['package.json', 'tsconfig.json', '.env.example', '.gitignore', 'README.md', 'AGENTS.md', '.vscode/settings.json', 'node_modules/mongodb/package.json']) {
    expect(existsSync(place.path('wb', file)), file).toBe(true);
  }
  cpSync(join(root, 'exercises', '01-connect', 'starter'), place.path('wb', '01-connect'), { recursive: true });
  const failed = await place.run(['check', '01'], { cwd: 'wb' });
  expect(failed.code).toBe(1);
  expect(failed.stdout).toMatch(/✖ getMongoClient\(\) gives a client that works/);
  expect(failed.stdout).toMatch(/01-connect\/mongo\.ts:\d+:\d+/);
  expect(failed.stdout).toMatch(/read on +npx mongo-course lesson 02-connecting/);
  expect(failed.stdout).toMatch(/--seed \d+/);
  solve('wb', '01-connect');
  const passed = await place.run(['check', '01'], { cwd: 'wb' });
  expect({ code: passed.code, output: passed.stdout }).toMatchObject({ code: 0 });
  solve('wb', '00-hello');
  expect((await place.run(['check', '00'], { cwd: 'wb' })).code).toBe(0);
  const progress = JSON.parse(readFileSync(place.path('wb', '.mongo-course', 'progress.json'), 'utf8')) as { exercises: Record<string, { passedAt?: string }> };
  expect(Object.values(progress.exercises).every((exercise) => exercise.passedAt)).toBe(true);
  // Lessons one by one, then the next exercise.
  let shown = '';
  for (let step = 0; step < 12 && !shown.includes('02-crud/views.ts'); step++) shown = (await place.run(['next'], { cwd: 'wb' })).stdout;
  expect(shown).toMatch(/Edit +02-crud\/views\.ts/);
});

test('with --assistants allow, nothing is said to assistants', async () => {
  expect((await place.run(['init', 'wb', '--yes', '--assistants', 'allow'])).code).toBe(0);
  expect(existsSync(place.path('wb', 'AGENTS.md'))).toBe(false);
  expect(existsSync(place.path('wb', '.vscode'))).toBe(false);
});
