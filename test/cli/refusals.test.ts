import { execFile } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canBePowerless, Place, root, type Ended, type RunOptions } from './place.ts';

let place: Place;
beforeAll(async () => {
  place = new Place();
  await place.workbook({ '00-hello': '' });
}, 120_000);
afterAll(() => place.dispose());

/** What every refusal has: the exit code, no stack, one sentence that begins with what is wrong. */
function refused(ended: Ended, code: number, ...said: (string | RegExp)[]): void {
  expect({ code: ended.code, stderr: ended.stderr }).toMatchObject({ code });
  expect(ended.stderr).not.toMatch(/^ +at |node:internal|file:\/\//m);
  for (const one of said) expect(ended.stderr).toMatch(typeof one === 'string' ? new RegExp(one.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')) : one);
}

const inWorkbook = (args: string, options: RunOptions = {}): Promise<Ended> => place.run(args.split(' '), { cwd: 'wb', ...options });

test.skipIf(process.platform === 'win32')('a folder that was removed while the shell stayed in it', async () => {
  const script = 'mkdir gone && cd gone && rmdir ../gone && exec "$@"';
  const ended = await new Promise<{ code: unknown; stderr: string }>((done) => {
    execFile('sh', ['-c', script, 'sh', process.execPath, join(root, 'bin', 'mongo-course.js'), 'list'], { cwd: place.path('.') }, (error, _stdout, stderr) => done({ code: error?.code, stderr }));
  });
  expect(ended).toEqual({ code: 3, stderr: 'Error: The folder that you are in is no longer there.\nGo to another one first: cd\n' });
});

describe('a word that is nearly right is understood', () => {
  test.each([
    ['chek', 'There is no command "chek".', 'Did you mean check?'],
    ['statsu', 'There is no command "statsu".', 'Did you mean status?'],
    ['check 01-conect', 'There is no exercise and no folder "01-conect".', 'Did you mean 01-connect?'],
    ['check curd', 'There is no exercise and no folder "curd".', 'Did you mean 02-crud?'],
    ['task helo', 'There is no exercise "helo".', 'Did you mean 00-hello?'],
    ['hint 01-conect', 'There is no exercise "01-conect".', 'Did you mean 01-connect?'],
    ['skip 00-helo', 'There is no exercise "00-helo".', 'Did you mean 00-hello?'],
    ['solution 02-curd', 'There is no exercise "02-curd".', 'Did you mean 02-crud?'],
    ['reset 00-hallo', 'There is no exercise "00-hallo".', 'Did you mean 00-hello?'],
    ['trace 00-helol', 'There is no exercise "00-helol".', 'Did you mean 00-hello?'],
    ['lesson 02-conecting', 'There is no lesson "02-conecting".', 'Did you mean 02-connecting?'],
    ['check --sed 4', "unknown option '--sed'", 'Did you mean --seed?'],
    ['author verfy', "unknown command 'verfy'", 'Did you mean verify?'],
  ])('%s', async (line, ...said) => refused(await inWorkbook(line), 2, ...said));
});

describe('wrong use ends with 2 and says what is right', () => {
  test.each([
    ['--frobnicate', "unknown option '--frobnicate'"],
    ['check 99', 'There is no exercise and no folder "99".', 'The exercises are: 00-hello'],
    ['check ./nowhere', /There is no .*nowhere/],
    ['check package.json', 'package.json is neither a folder nor a zip.'],
    ['check --seed minus', 'A seed is a whole number'],
    ['check --timeout 0', 'A time limit is a whole number from 1 to 3600.'],
    ['check --jobs -1', 'The number of jobs is a whole number'],
    ['check 00 --reporter prety', 'There is no reporter "prety".', 'pretty'],
    ['check 00 --engine mysql', 'Allowed choices are embedded, mongod'],
    ['check 00 --mongo-uri http://x', 'The MongoDB URI must begin with mongodb://'],
    ['check 02', '02-crud has not been opened in this workbook yet.', 'npx mongo-course next'],
    ['trace 02', '02-crud has not been checked yet.', 'npx mongo-course check 02-crud'],
    ['solution 01', '01-connect has not passed yet.', '--reveal'],
    ['reset 00 --restore yesterday', 'There is no such backup of 00-hello.', '--list'],
    ['lesson 02#nothing', 'has no section "nothing"', 'Its sections are:'],
    ['serve --port x', 'A port is a whole number from 0 to 65535.'],
    ['init .', 'is a workbook already.'],
    ['list --course .', 'There is no course in'],
    ['author new Bad_Name', '"Bad_Name" can\'t be the name of an exercise.', '10-transactions'],
  ])('%s', async (line, ...said) => refused(await inWorkbook(line), 2, ...said));

  test('in a folder that is no workbook, each command says where one is or how to make one', async () => {
    for (const line of ['check', 'next', 'hint', 'skip', 'reset', 'trace', 'solution']) {
      refused(await place.run([line], { cwd: '.home' }), 2, /There is no workbook in this folder/, 'mongo-course');
    }
    refused(await place.run(['check', '00'], { cwd: '.home' }), 2, 'There is no workbook in this folder, so there is no 00-hello to check.');
  });

  test('init makes nothing in a folder that holds other things', async () => {
    mkdirSync(place.path('full'));
    writeFileSync(place.path('full', 'mine.txt'), 'mine');
    refused(await place.run(['init', 'full', '--yes']), 2, 'is not empty');
    expect(readdirSync(place.path('full'))).toEqual(['mine.txt']);
  });
});

describe('a damaged progress file', () => {
  const state = (file: string): string => place.path('wb', '.mongo-course', file);
  const aside = (): string[] => readdirSync(place.path('wb', '.mongo-course')).filter((name) => name.includes('damaged'));

  test('is set aside, and its backup takes its place', async () => {
    expect((await inWorkbook('hint 00')).code).toBe(0);
    writeFileSync(state('progress.json'), '{"version":1,"less');
    const ended = await inWorkbook('hint 00');
    expect(ended).toMatchObject({ code: 0 });
    expect(ended.stderr).toMatch(/The progress file was damaged; it is kept as \.mongo-course\/progress\.damaged-.*\.json\. Progress was restored from its backup\./);
    expect(ended.stdout).toContain('hint 2 of');
    expect(aside().map((name) => readFileSync(state(name), 'utf8'))).toEqual(['{"version":1,"less']);
  });

  test('is rebuilt from the last checks where its backup is damaged too, and nothing is lost', async () => {
    cpSync(join(root, 'solutions', '00-hello'), place.path('wb', '00-hello'), { recursive: true });
    expect((await inWorkbook('check 00')).code).toBe(0);
    writeFileSync(state('progress.json'), 'one');
    writeFileSync(state('progress.backup.json'), 'two');
    const ended = await inWorkbook('next');
    expect(ended.stderr).toContain('Progress was rebuilt from the last check of each exercise; your files are untouched.');
    expect(aside().map((name) => readFileSync(state(name), 'utf8')).sort()).toEqual(['one', 'two', '{"version":1,"less']);
    expect((await inWorkbook('list')).stdout).toMatch(/00-hello .* passed/);
  });

  test('a last run that is damaged is as good as none', async () => {
    writeFileSync(state('runs/00-hello.json'), '{"at":"x"}');
    refused(await inWorkbook('trace 00'), 2, '00-hello has not been checked yet.');
  });
});

test('a damaged exercise.yaml is named with file, line, field and what was expected', async () => {
  for (const folder of ['lessons', 'exercises', 'solutions', 'package.json']) cpSync(join(root, folder), place.path('course', folder), { recursive: true, filter: (from) => !/[\\/](mistakes|variants)[\\/]/.test(from) });
  const file = place.path('course', 'exercises', '00-hello', 'exercise.yaml');
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replace('minutes: 10', 'minutes: ten').replace('kind: core', 'kindd: core'));
  for (const line of ['list', 'check 00', 'task 00', 'author verify 00']) {
    refused(await inWorkbook(`${line} --course ../course`), 2, /exercises\/00-hello\/exercise\.yaml:\d+:\d+ minutes: expected a number, found "ten"/, /kindd: is no field here/, 'Correct the lines named');
  }
  writeFileSync(file, 'title: [never closed\n');
  refused(await inWorkbook('list --course ../course'), 2, /exercise\.yaml:2:1 not valid YAML/);
});

describe('the environment is at fault: 3', () => {
  test('a port that is taken', async () => {
    const other = createServer();
    await new Promise<void>((done) => other.listen(0, '127.0.0.1', done));
    const { port } = other.address() as { port: number };
    refused(await place.run(['serve', '--port', String(port)]), 3, `Port ${port} is taken by another program.`, 'leave --port out');
    other.close();
  });

  test('no mongod on this machine', async () => {
    const env = { MONGOMS_DOWNLOAD_DIR: place.path('none'), MONGOMS_PREFER_GLOBAL_PATH: '0' };
    refused(await inWorkbook('check 00 --engine mongod', { env }), 3, 'No mongod could be started', 'the embedded engine needs none');
  });

  test('a server that is not there', async () => {
    refused(await inWorkbook('check 00 --mongo-uri mongodb://127.0.0.1:9/'), 3, /127\.0\.0\.1:9/);
  });

  test.skipIf(process.platform !== 'linux')('a full disk behind stdout', async () => {
    refused(await inWorkbook('list', { shell: '"$@" > /dev/full' }), 3, 'the disk is full');
  });

  test.skipIf(process.platform === 'win32')('a full disk behind the workbook: nothing is half written, and nothing stands in the way afterwards', async () => {
    rmSync(place.path('full'), { recursive: true, force: true });
    await place.workbook({ '00-hello': '' }, 'full');
    const mine = readFileSync(place.path('full', '00-hello', 'hello.ts'), 'utf8');
    const full = (line: string): Promise<Ended> => place.run(line.split(' '), { cwd: 'full', shell: 'ulimit -f 0; exec "$@"' });
    for (const line of ['hint 00', 'reset 00', 'reset 01']) expect(await full(line)).toMatchObject({ code: 3 });
    expect(readFileSync(place.path('full', '00-hello', 'hello.ts'), 'utf8')).toBe(mine);
    expect(existsSync(place.path('full', '01-connect', 'mongo.ts'))).toBe(false);
    expect(existsSync(place.path('full', '.mongo-course', 'lock'))).toBe(false);
    expect((await place.run(['reset', '00', '--list'], { cwd: 'full' })).stdout).toContain('no backups');
    expect(await place.run(['hint', '00'], { cwd: 'full' })).toMatchObject({ code: 0, stderr: '' });
  }, 240_000);

  test.skipIf(process.platform === 'win32')('a reader that goes away is no fault at all', async () => {
    for (const line of ['list', '--help', 'task 00', 'check 00 --reporter json']) {
      const ended = await inWorkbook(line, { shell: '"$@" | head -1' });
      expect(ended).toMatchObject({ code: 0, stderr: '' });
      expect(ended.stdout.split('\n')).toHaveLength(2);
    }
  });

  test.skipIf(!canBePowerless)('a folder that can only be read', async () => {
    mkdirSync(place.path('closed'), { mode: 0o555 });
    refused(await place.run(['init', 'wb', '--yes'], { cwd: 'closed', powerless: true }), 3, /closed.*can't be written to/, 'Choose a folder of your own.');
    await place.workbook({ '00-hello': '' }, 'fixed');
    const folders = [place.path('fixed'), place.path('fixed', '.mongo-course'), place.path('fixed', '00-hello')];
    for (const folder of folders) chmodSync(folder, 0o555);
    for (const line of ['next', 'check 00', 'check', 'hint 00', 'skip 00', 'reset 00', 'solution 00 --reveal']) {
      refused(await place.run(line.split(' '), { cwd: 'fixed', powerless: true }), 3, /can't be written to/, 'copy it to a folder of your own');
    }
    for (const line of ['list', 'task 00', 'lesson 01', 'reset 00 --list']) {
      expect(await place.run(line.split(' '), { cwd: 'fixed', powerless: true })).toMatchObject({ code: 0, stderr: '' });
    }
    expect((await place.run(['doctor'], { cwd: 'fixed', powerless: true })).code).toBe(3);
    for (const folder of folders) chmodSync(folder, 0o755);
  });
});

test('--debug shows where an error came from, and nothing else does', async () => {
  expect((await inWorkbook('task 99 --debug')).stderr).toMatch(/^ +at /m);
  expect((await inWorkbook('task 99')).stderr).not.toMatch(/^ +at /m);
});

test('nothing is left running or lying about', async () => {
  await expect.poll(() => place.leftovers()).toEqual({ processes: [], files: [] });
});
