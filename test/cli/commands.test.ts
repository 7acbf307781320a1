import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Place, root, type Ended } from './place.ts';

let place: Place;
beforeAll(async () => {
  place = new Place();
  await place.workbook({ '00-hello': '' });
}, 120_000);
afterAll(() => place.dispose());

const inWorkbook = (args: string): Promise<Ended> => place.run(args.split(' '), { cwd: 'wb' });
const hello = (): string => place.path('wb', '00-hello', 'hello.ts');

/** What a command prints that has to end well. */
async function shown(args: string): Promise<string> {
  const ended = await inWorkbook(args);
  expect({ args, code: ended.code, stderr: ended.stderr }).toEqual({ args, code: 0, stderr: '' });
  return ended.stdout;
}

describe('to read', () => {
  test('list and status show every exercise with its points and minutes, and how far it is', async () => {
    const list = await shown('list');
    expect(list).toMatch(/00-hello +Say hello to MongoDB +to do +–\/8 +10 min/);
    expect(list).toMatch(/0 of \d+ exercises passed, about \d+ minutes to go/);
    expect(await shown('status')).toBe(list);
  });

  test('a lesson is found by its id, its number or its name, and counts as read; a section of it does not', async () => {
    expect(await shown('lesson 02#one-client-for-the-whole-process')).toMatch(/one client/i);
    expect(await shown('lesson 02#one-client')).toBe(await shown('lesson 02#one-client-for-the-whole-process'));
    expect(await shown('list')).toMatch(/02-connecting .* to read/);
    const whole = await shown('lesson 02-connecting');
    expect(await shown('lesson 2')).toBe(whole);
    expect(await shown('lesson connecting')).toBe(whole);
    expect(await shown('list')).toMatch(/02-connecting .* read/);
  });

  test('a task says what is asked, in the folder of the exercise without an id too', async () => {
    const task = await shown('task 00');
    expect(task).toContain('sayHello');
    expect((await place.run(['task'], { cwd: 'wb/00-hello' })).stdout).toBe(task);
  });
});

describe('to get help', () => {
  test('hints come one by one, gentle ones first, until there are no more', async () => {
    const of = Number(/hint 1 of (\d+)/.exec(await shown('hint 00'))?.[1]);
    for (let number = 2; number <= of; number++) expect(await shown('hint 00')).toContain(`hint ${number} of ${of}`);
    expect(await shown('hint 00')).toContain('That was the last hint');
    expect((await shown('hint 00 --all')).match(/hint \d+ of/g)).toHaveLength(of);
  });

  test('the solution is shown after passing, or with --reveal', async () => {
    expect((await inWorkbook('solution 01')).code).toBe(2);
    expect(await shown('solution 01 --reveal')).toContain('export function getMongoClient()');
    expect(JSON.parse(readFileSync(place.path('wb', '.mongo-course', 'progress.json'), 'utf8'))).toMatchObject({ exercises: { '01-connect': { revealedAt: expect.any(String) as string } } });
  });
});

describe('to work', () => {
  test('the starter fails, what it sent is in the trace, and the seed stays until it passes', async () => {
    cpSync(join(root, 'exercises', '00-hello', 'mistakes', 'date-as-text'), place.path('wb', '00-hello'), { recursive: true });
    const failed = await inWorkbook('check 00');
    expect(failed.code).toBe(1);
    const seed = /--seed (\d+)/.exec(failed.stdout)?.[1];
    expect((await inWorkbook('check 00')).stdout).toContain(`--seed ${seed}`);
    const trace = await shown('trace 00');
    expect(trace).toContain(`seed ${seed}`);
    expect(trace).toMatch(/db\.greetings\.insertOne\(/);
    expect((JSON.parse(await shown('trace 00 --json')) as { entries: unknown[] }).entries.length).toBeGreaterThan(4);
    const one = await shown('trace 00 --check stores-the-greeting');
    expect(one).toContain('insertOne');
    expect(one.length).toBeLessThan(trace.length);
  });

  test('our solution passes; then it may be seen beside the learner\'s', async () => {
    cpSync(join(root, 'solutions', '00-hello'), place.path('wb', '00-hello'), { recursive: true });
    writeFileSync(hello(), `// mine\n${readFileSync(hello(), 'utf8')}`);
    const ended = await inWorkbook('check');
    expect(ended.code).toBe(0);
    expect(await shown('list')).toMatch(/00-hello .* passed +8\/8/);
    expect(await shown('solution 00 --diff')).toMatch(/^- \/\/ mine$/m);
    expect(await shown('solution 00')).not.toContain('// mine');
  });

  test('exercises of one submission are graded side by side where there are jobs for it, and told in their order', async () => {
    const graded = async (jobs: string): Promise<unknown> => {
      const { code, stdout } = await place.run(['check', join(root, 'solutions'), '--exercise', '00-hello', '03-serializer', '--jobs', jobs, '--seed', '7', '--reporter', 'json']);
      expect(code).toBe(0);
      const { submissions } = JSON.parse(stdout) as { submissions: { digest: string; exercises: { id: string; status: string; score: number }[] }[] };
      return submissions.map(({ digest, exercises }) => [digest, ...exercises.map(({ id, status, score }) => `${id} ${status} ${score}`)]);
    };
    const oneByOne = await graded('1');
    expect(oneByOne).toEqual([[expect.any(String), '00-hello passed 8', expect.stringMatching(/^03-serializer passed/)]]);
    expect(await graded('2')).toEqual(oneByOne);
  });

  test('reset keeps the learner\'s files, lists what it kept, and brings it back', async () => {
    const mine = readFileSync(hello(), 'utf8');
    const kept = /--restore (\S+)/.exec(await shown('reset 00'))?.[1] ?? '';
    expect(readFileSync(hello(), 'utf8')).toBe(readFileSync(join(root, 'exercises', '00-hello', 'starter', 'hello.ts'), 'utf8'));
    expect(await shown('reset 00 --list')).toBe(`${kept}\n`);
    expect(await shown(`reset 00 --restore ${kept}`)).toContain('is as it was');
    expect(readFileSync(hello(), 'utf8')).toBe(mine);
    expect((await shown('reset 00 --list')).trim().split('\n')).toHaveLength(2);
  });

  test('reset works from a broken state: no folder, or a file in its place', async () => {
    await shown('reset 01');
    expect(existsSync(place.path('wb', '01-connect', 'mongo.ts'))).toBe(true);
    expect((await inWorkbook('check 01')).code).toBe(1);
    expect(await shown('list')).toMatch(/01-connect .* 0\/\d+/);
    await shown('reset 01');
    expect(await shown('list')).toMatch(/01-connect .* –\/\d+/);
    writeFileSync(place.path('wb', '02-crud'), 'what is this');
    await shown('reset 02');
    expect(existsSync(place.path('wb', '02-crud', 'views.ts'))).toBe(true);
  });

  test('skip puts an exercise off, and next goes on behind it', async () => {
    expect(await shown('skip 01')).toContain('01-connect is put off');
    expect(await shown('list')).toMatch(/01-connect .* put off/);
    expect((await inWorkbook('skip 00')).stderr).toContain('00-hello has passed already');
  });

  test('what the course gives is restored for grading, and that is said', async () => {
    writeFileSync(place.path('wb', '02-crud', 'mongo.ts'), 'export const nothing = 1;\n');
    expect((await inWorkbook('check 02')).stdout).toContain('mongo.ts is given by the course; your changed copy was not used.');
  });

  test('several exercises are checked as one piece of work, named, and remembered', async () => {
    const ended = await inWorkbook('check 00 02');
    expect(ended).toMatchObject({ code: 1, stderr: '' });
    expect(ended.stdout).toMatch(/^00-hello .* 8 of 8 points$/m);
    expect(ended.stdout).toMatch(/^02-crud .* 0 of 37 points$/m);
    const attempts = JSON.parse(readFileSync(place.path('wb', '.mongo-course', 'progress.json'), 'utf8')) as { exercises: Record<string, { attempts: number }> };
    expect((await inWorkbook('check --exercise 00-hello 05-api-detail')).stdout).toMatch(/^05-api-detail /m);
    const after = JSON.parse(readFileSync(place.path('wb', '.mongo-course', 'progress.json'), 'utf8')) as typeof attempts;
    expect(after.exercises['00-hello']?.attempts).toBe((attempts.exercises['00-hello']?.attempts ?? 0) + 1);
    expect(after.exercises['05-api-detail']).toBeUndefined();
  });

  test('a report goes to a file, and what is printed stays readable', async () => {
    const ended = await inWorkbook('check 00 --reporter pretty --reporter json=out/report.json');
    expect(ended.code).toBe(0);
    expect(ended.stdout).toContain('8 of 8 points');
    expect(JSON.parse(readFileSync(place.path('wb', 'out', 'report.json'), 'utf8'))).toMatchObject({ schemaVersion: 1, totals: { passed: 1 } });
  });
});

test.skipIf(process.platform === 'win32')('Ctrl-C in the pager is the pager\'s business', async () => {
  writeFileSync(place.path('pager'), '#!/bin/sh\ntrap "echo caught" INT\ncat > /dev/null\necho reading\nwhile read -r line < /dev/tty; do [ "$line" = q ] && exit; done\nread -r line < /dev/tty\n', { mode: 0o755 });
  const terminal = place.terminal(['lesson', '01'], { cwd: 'wb', rows: 24, env: { PAGER: place.path('pager') } });
  await terminal.shows('reading');
  terminal.type('\x03');
  await terminal.shows('caught');
  terminal.type('q\r');
  expect(await terminal.ended).toBe(0);
});

test('where there is no pager, a long text comes a screen at a time, and can be searched', async () => {
  const terminal = place.terminal(['lesson', '01'], { cwd: 'wb', columns: 80, rows: 24, env: { PAGER: place.path('no-such-pager') } });
  await terminal.shows('Why and when');
  await terminal.shows('q: end');
  expect(terminal.screen.split('\n').length).toBeLessThanOrEqual(25);
  terminal.type('/polyglot persistence\r');
  await terminal.shows('Polyglot persistence');
  await terminal.shows('q: end');
  terminal.type('/nowhere in it\r');
  await terminal.shows('does not come again');
  await terminal.shows('q: end');
  terminal.type('q\r');
  expect(await terminal.ended).toBe(0);
});

test('doctor finds nothing wrong here, without changing anything', async () => {
  expect(await shown('doctor')).toMatch(/✔ workbook +.*wb/);
});

test('doctor tells of settings that dotenv can\'t read', async () => {
  const file = place.path('wb', '.env');
  writeFileSync(file, Buffer.from('\ufeffMONGO_URI=mongodb://localhost/\r\n', 'utf16le'));
  const ended = await inWorkbook('doctor');
  rmSync(file);
  expect(ended.code).toBe(3);
  expect(ended.stdout.replace(/\s+/g, ' ')).toMatch(/✖ \.env .* UTF-16.* save it as UTF-8/);
});

test('doctor tells where packages are kept ready, and when they can\'t be', async () => {
  const folder = place.path('cache');
  expect((await place.run(['doctor'], { cwd: 'wb', env: { XDG_CACHE_HOME: folder } })).stdout.replace(/\s+/g, ' ')).toContain(`are kept ready in ${folder}/mongo-course`);
  expect(readdirSync(join(folder, 'mongo-course'))).toEqual([expect.stringMatching(/^program-/)]);
  const blocked = await place.run(['doctor'], { cwd: 'wb', env: { XDG_CACHE_HOME: place.path('wb', 'package.json') } });
  expect(blocked.stdout.replace(/\s+/g, ' ')).toMatch(/– packages none can be kept ready in .*package\.json.*XDG_CACHE_HOME names another/);
  expect(blocked.code).toBe(0);
});

test('two checks at once leave a whole progress file', async () => {
  const both = await Promise.all([inWorkbook('check 00'), inWorkbook('check 00'), inWorkbook('hint 00')]);
  expect(both.map((ended) => ended.code)).toEqual([0, 0, 0]);
  expect(JSON.parse(readFileSync(place.path('wb', '.mongo-course', 'progress.json'), 'utf8'))).toMatchObject({ version: 1 });
  expect(existsSync(place.path('wb', '.mongo-course', 'lock'))).toBe(false);
});

test.skipIf(process.platform === 'win32')('serve prints one line, a driver can use it, and Ctrl-C ends it', async () => {
  const terminal = place.terminal(['serve']);
  await terminal.shows(/ready mongodb:\/\/127\.0\.0\.1:\d+\//);
  const uri = /mongodb:\/\/\S+/.exec(terminal.screen)?.[0] ?? '';
  // What a client asks on closing waits for a server that is gone.
  const client = await MongoClient.connect(uri, { serverSelectionTimeoutMS: 3000 });
  await client.db('a').collection('b').insertOne({ x: 1 });
  expect(await client.db('a').collection('b').countDocuments()).toBe(1);
  terminal.type('\x03');
  expect(await terminal.ended).toBe(130);
  await client.close();
  await expect(MongoClient.connect(uri, { serverSelectionTimeoutMS: 500 })).rejects.toThrow(/ECONNREFUSED/);
});

test.skipIf(process.platform === 'win32')('serve --auth lets in nobody but who logs in', async () => {
  const terminal = place.terminal(['serve', '--auth', 'teacher:a secret: with %']);
  await terminal.shows(/ready mongodb:\/\/127\.0\.0\.1:\d+\//);
  const uri = /mongodb:\/\/\S+/.exec(terminal.screen)?.[0] ?? '';
  const stranger = await MongoClient.connect(uri);
  await expect(stranger.db('a').collection('b').insertOne({ x: 1 })).rejects.toMatchObject({ code: 13 });
  await stranger.close();
  await expect(MongoClient.connect(uri, { auth: { username: 'teacher', password: 'wrong' } })).rejects.toMatchObject({ code: 18 });
  const teacher = await MongoClient.connect(uri, { auth: { username: 'teacher', password: 'a secret: with %' } });
  expect((await teacher.db('a').collection('b').insertOne({ x: 1 })).acknowledged).toBe(true);
  await teacher.close();
  terminal.type('\x03');
  expect(await terminal.ended).toBe(130);
});

test('nothing is left running or lying about', async () => {
  await expect.poll(() => place.leftovers()).toEqual({ processes: [], files: [] });
});
