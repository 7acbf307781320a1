import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runProgram, temporaryFolder, Terminal, type Ended } from './pty.ts';

// A busy machine is no failure: what is waited for comes, or the wait itself says what was shown instead.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let workbook: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  workbook = join(folder.path, 'wb');
  await at(folder.path, 'init', 'wb');
});

afterEach(() => folder.remove());

const at = (cwd: string, ...args: string[]): Promise<Ended> => runProgram(args, { cwd, state: join(folder.path, '.state') });
const next = (...args: string[]): Promise<Ended> => at(workbook, 'next', ...args);

interface StoredProgress {
  course: { version: string };
  lessons: Record<string, { readAt: string }>;
  exercises: Record<string, { openedAt: string; passedAt?: string }>;
}

const progressFile = (): string => join(workbook, '.mongo-course', 'progress.json');
const progress = (): StoredProgress => JSON.parse(readFileSync(progressFile(), 'utf8')) as StoredProgress;

/** Goes on until the first exercise is open. */
async function openFirst(): Promise<void> {
  for (let step = 0; step < 10 && !existsSync(join(workbook, '00-hello')); step++) await next();
}

const lessonIds = (): string[] => readdirSync(resolve('lessons')).filter((name) => name.endsWith('.md')).map((name) => name.replace(/\.md$/, ''));

/** Without the line breaks that a width makes. */
const words = (text: string): string => text.replace(/\s+/g, ' ');

const write = (from: string): void => cpSync(resolve(from), join(workbook, '00-hello'), { recursive: true });

describe('next', () => {
  it('says after two weeks where one was, and goes on from there', async () => {
    await openFirst();
    write('exercises/00-hello/mistakes/no-date');
    await next();
    const old = readFileSync(progressFile(), 'utf8').replace(/"20\d\d-[^"]+Z"/g, `"${new Date(Date.now() - 15 * 86_400_000).toISOString()}"`);
    writeFileSync(progressFile(), old);
    const run = join(workbook, '.mongo-course', 'runs', '00-hello.json');
    writeFileSync(run, readFileSync(run, 'utf8').replace(/"at":"[^"]+"/, '"at":"2020-01-01T00:00:00.000Z"'));
    const { stdout } = await next();
    expect(stdout).toContain('Welcome back after 15 days. 0 of');
    expect(words(stdout)).toContain('5 of 6 checks passed, the first that did not: stores the time of now as a date');
    expect(stdout).toContain('npx mongo-course lesson');
    expect((await next()).stdout).not.toContain('Welcome back');
  });

  it('says so once, also to somebody who did nothing then', async () => {
    await openFirst();
    writeFileSync(progressFile(), readFileSync(progressFile(), 'utf8').replace(/"20\d\d-[^"]+Z"/g, `"${new Date(Date.now() - 15 * 86_400_000).toISOString()}"`));
    expect((await next()).stdout).toContain('Welcome back after 15 days.');
    expect((await next()).stdout).not.toContain('Welcome back');
  });

  it('offers the extensions at the end to whoever took the daily task first', async () => {
    await openFirst();
    const at = new Date().toISOString();
    const stored = progress();
    const ids = readdirSync(resolve('exercises'));
    writeFileSync(progressFile(), JSON.stringify({
      ...stored, way: 'daily',
      lessons: Object.fromEntries(lessonIds().map((id) => [id, { readAt: at }])), quizzes: Object.fromEntries(lessonIds().map((id) => [id, { offeredAt: at }])),
      exercises: Object.fromEntries(ids.filter((id) => !/^0[678]/.test(id)).map((id) => [id, { openedAt: at, passedAt: at, attempts: 1, hintsShown: 0 }])),
    }));
    expect(words((await next()).stdout)).toContain('There is more, if you like: 06-odm "Posts with Mongoose", 07-orm');
    const refused = await runProgram(['check', '06'], { cwd: workbook, state: join(folder.path, '.state') });
    expect(refused.stderr).toContain('npx mongo-course watch 06-odm');
    const terminal = new Terminal(['next'], { cwd: workbook, env: { NO_COLOR: '1' } });
    await terminal.shows('Go on with that? (y/N)');
    terminal.type('y\r');
    await terminal.shows('Posts with Mongoose');
    await terminal.close();
    expect(existsSync(join(workbook, '06-odm', 'models.ts'))).toBe(true);
  });

  it('notices that another exercise, or a file beside the exercises, was edited instead', async () => {
    await openFirst();
    await at(workbook, 'skip');
    for (let step = 0; step < 10 && !existsSync(join(workbook, '01-connect')); step++) await next();
    write('exercises/00-hello/mistakes/no-date');
    writeFileSync(join(workbook, 'mongo.ts'), 'export {};\n');
    const { stdout, code } = await next();
    expect(stdout).toContain('01-connect "');
    expect(stdout).toContain('You have edited 00-hello (expect.yaml, hello.ts) instead.');
    expect(words(stdout)).toContain('There is a mongo.ts beside the exercises\' folders.');
    expect(code).toBe(0);
  });

  it('notices that only given files were edited, and checks nothing', async () => {
    await openFirst();
    for (const skipped of ['00-hello', '01-connect']) {
      for (let step = 0; step < 10 && !existsSync(join(workbook, skipped)); step++) await next();
      await at(workbook, 'skip', skipped);
    }
    for (let step = 0; step < 10 && !existsSync(join(workbook, '02-crud')); step++) await next();
    writeFileSync(join(workbook, '02-crud', 'mongo.ts'), '// mine\n');
    const { stdout, stderr, code } = await next();
    expect(stderr).toContain('You changed mongo.ts, which the course gives');
    expect(stdout).toContain('02-crud "');
    expect(code).toBe(0);
    expect(readFileSync(join(workbook, '02-crud', 'mongo.ts'), 'utf8')).toBe('// mine\n');
  });

  it('takes the files of a newer course in place of those that were never touched, and of no others', async () => {
    await openFirst();
    const starter = readFileSync(join(workbook, '00-hello', 'hello.ts'), 'utf8');
    const older = '// what an older course gave\n';
    const record = join(workbook, '.mongo-course', 'starters', '00-hello.json');
    writeFileSync(join(workbook, '00-hello', 'hello.ts'), older);
    writeFileSync(record, JSON.stringify({ 'hello.ts': createHash('sha256').update(older).digest('hex') }));
    const asOlder = (): void => writeFileSync(progressFile(), JSON.stringify({ ...progress(), course: { name: 'mongo-course', version: '0.0.1' } }));
    asOlder();
    const upgraded = await next();
    expect(upgraded.stderr).toContain('(it was 0.0.1)');
    expect(upgraded.stderr).toContain('newer 00-hello/hello.ts');
    expect(upgraded.stdout).toContain('is waiting');
    expect(readFileSync(join(workbook, '00-hello', 'hello.ts'), 'utf8')).toBe(starter);
    writeFileSync(join(workbook, '00-hello', 'hello.ts'), '// mine\n');
    asOlder();
    await next();
    expect(readFileSync(join(workbook, '00-hello', 'hello.ts'), 'utf8')).toBe('// mine\n');
  });

  it('mends a workbook that lost files', async () => {
    await openFirst();
    for (const name of ['00-hello', 'package.json', 'tsconfig.json']) rmSync(join(workbook, name), { recursive: true });
    rmSync(join(workbook, 'node_modules'));
    symlinkSync('/nowhere/at/all', join(workbook, 'node_modules'));
    const { stdout, code } = await next();
    expect(code).toBe(0);
    expect(stdout).toContain('is waiting');
    for (const name of ['00-hello/hello.ts', 'package.json', 'tsconfig.json', 'node_modules/mongodb/package.json']) expect(existsSync(join(workbook, name))).toBe(true);
  });

  it('makes a workbook whole whose .mongo-course is gone', async () => {
    await openFirst();
    write('solutions/00-hello');
    rmSync(join(workbook, '.mongo-course'), { recursive: true });
    const refused = await next();
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('mongo-course next --yes');
    expect((await next('--yes')).stdout).toContain('is a workbook again');
    for (let step = 0; step < 10 && progress().exercises['00-hello']?.passedAt === undefined; step++) await next();
    expect(progress().exercises['00-hello']?.passedAt).toBeDefined();
  });

  it('names the last workbook from another folder, and asks nothing without a terminal', async () => {
    await openFirst();
    const elsewhere = join(folder.path, 'elsewhere');
    mkdirSync(elsewhere);
    const { stderr, code } = await at(elsewhere, 'next');
    expect(stderr).toContain(`Your last one is ${workbook}`);
    expect(code).toBe(2);
  });
});
