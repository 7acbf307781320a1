import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startEngine } from '../../src/engine/index.ts';
import type { Report } from '../../src/verdict/types.ts';
import { zip } from '../unit/submission/intake/zip.ts';

const root = resolve(import.meta.dirname, '../..');
const bin = join(root, 'bin/mongo-course.js');
const solution = readFileSync(join(root, 'solutions/00-hello/hello.ts'), 'utf8');
const neverCloses = readFileSync(join(root, 'exercises/00-hello/mistakes/never-closes/hello.ts'), 'utf8');
const other = [`import leftPad from 'left-pad-of-ours';`, solution, 'console.log(leftPad);'].join('\n');

/** A folder with a class: a name's text is that student's hello.ts; null hands in an empty folder. */
function classOf(students: Record<string, string | null>): string {
  const folder = mkdtempSync(join(tmpdir(), 'class-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(students)) {
    mkdirSync(join(folder, 'class', name, text === null ? '' : '00-hello'), { recursive: true });
    if (text !== null) writeFileSync(join(folder, 'class', name, '00-hello', 'hello.ts'), text);
  }
  return folder;
}
const args = (...more: string[]): string[] => [bin, 'check', 'class', '--exercise', '00-hello', '--sandbox', 'none', '--seed', '7', ...more];
function check(folder: string, ...more: string[]): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, args(...more), { cwd: folder, encoding: 'utf8' });
  return { code: status, out: stdout, err: stderr };
}
const report = (folder: string, name = 'r.json'): Report => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Report;
const scores = (one: Report): Record<string, string> => Object.fromEntries(one.submissions.map(({ name, status, score }) => [name, `${status} ${score}`]));

describe('checking a class', () => {
  it('grades everybody, says what goes wrong most often, and lists first what nobody can read', () => {
    const folder = classOf({ ana: solution, bob: neverCloses, cy: neverCloses, dee: null });
    writeFileSync(join(folder, 'class', 'eve.zip'), zip([{ name: 'wb/00-hello/hello.ts', text: solution }]));
    const { code, out } = check(folder, '--reporter', 'pretty', '--reporter', 'json=r.json');
    expect(code).toBe(1);
    expect(scores(report(folder))).toEqual({ dee: 'unreadable 0', ana: 'passed 8', bob: 'failed 6', cy: 'failed 6', eve: 'passed 8' });
    expect(report(folder).causes[0]).toMatchObject({ check: '00-hello/closes-its-client', submissions: ['bob', 'cy'] });
    expect(out).toContain('2×  00-hello/closes-its-client');
  });

  it('gives a row to every student of the roster, and says who was late', () => {
    const folder = classOf({ 'Ada Lovelace_1_assignsubmission_file_': solution });
    writeFileSync(join(folder, 'roster.csv'), 'name,submitted_at\nAda Lovelace,2026-11-20T12:30:00Z\nGrace Hopper,\n');
    expect(check(folder, '--roster', 'roster.csv', '--deadline', '2026-11-20T12:00Z', '--reporter', 'json=r.json').code).toBe(1);
    expect(report(folder).submissions).toMatchObject([{ name: 'Ada Lovelace', status: 'passed', lateBy: '30 min' }, { name: 'Grace Hopper', status: 'missing', score: 0 }]);
  });

  it('that was killed goes on where it was, and grades anew only what has changed', async () => {
    const folder = classOf(Object.fromEntries(Array.from({ length: 5 }, (_one, index) => [`student${index}`, index % 2 ? solution : neverCloses])));
    const child = spawn(process.execPath, args('--jobs', '1', '--reporter', 'json=r.json'), { cwd: folder, stdio: 'ignore' });
    while (!existsSync(join(folder, 'r.json')) || (readFileSync(join(folder, 'r.json'), 'utf8').match(/"name": "student/g)?.length ?? 0) < 2) await new Promise((done) => setTimeout(done, 30));
    child.kill('SIGKILL');
    await new Promise((done) => child.once('exit', done));
    const graded = (readFileSync(join(folder, 'r.json'), 'utf8').match(/"name": "student/g) ?? []).length;
    expect(graded).toBeLessThan(5);
    check(folder, '--resume', '--reporter', 'json=r.json');
    const resumed = report(folder);
    check(folder, '--reporter', 'json=whole.json');
    expect(scores(resumed)).toEqual(scores(report(folder, 'whole.json')));
    writeFileSync(join(folder, 'class/student0/00-hello/hello.ts'), solution);
    check(folder, '--resume', '--reporter', 'json=r.json');
    expect(report(folder).submissions.filter((one) => one.exercises[0]?.durationMs !== resumed.submissions.find(({ name }) => name === one.name)?.exercises[0]?.durationMs).map((one) => one.name)).toEqual(['student0']);
    expect(scores(report(folder)).student0).toBe('passed 8');
    expect(readdirSync(folder).sort()).toEqual(['class', 'r.json', 'whole.json']);
  });

  it('in shards, merged, gives the report of one run', () => {
    const folder = classOf({ ana: solution, bob: neverCloses, cy: solution, dee: null });
    for (const shard of ['1/3', '2/3', '3/3']) check(folder, '--shard', shard, '--reporter', `json=part${shard[0]}.json`);
    check(folder, '--reporter', 'json=whole.json');
    const merged = spawnSync(process.execPath, [bin, 'report', 'merge', 'part1.json', 'part2.json', 'part3.json', '--reporter', 'json=merged.json'], { cwd: folder, encoding: 'utf8' });
    expect(merged.status).toBe(0);
    expect(scores(report(folder, 'merged.json'))).toEqual(scores(report(folder, 'whole.json')));
    expect(spawnSync(process.execPath, [bin, 'report', 'diff', 'whole.json', 'merged.json'], { cwd: folder, encoding: 'utf8' })).toMatchObject({ status: 0, stdout: 'The results are the same.\n' });
  });

  it('keeps what an appeal needs, and takes decisions by hand', () => {
    const folder = classOf({ ana: neverCloses });
    writeFileSync(join(folder, 'o.yaml'), '- { submission: ana, exercise: 00-hello, check: closes-its-client, points: 2, reason: "looked at it" }\n');
    expect(check(folder, '--roster', 'none.csv')).toMatchObject({ code: 2, err: expect.stringContaining('none.csv') });
    expect(check(folder, '--overrides', 'o.yaml', '--artifacts', 'kept', '--feedback', 'told', '--reporter', 'json=r.json').code).toBe(0);
    expect(readdirSync(join(folder, 'kept/ana')).sort()).toEqual(['feedback.html', 'feedback.txt', 'sources', 'verdict.json', 'wire.json']);
    expect(readFileSync(join(folder, 'kept/ana/sources/00-hello/hello.ts'), 'utf8')).toBe(neverCloses);
    expect(readFileSync(join(folder, 'kept/ana/feedback.txt'), 'utf8')).toContain('closes-its-client: 2 points by hand; looked at it');
    expect(readFileSync(join(folder, 'told/ana/feedback.txt'), 'utf8')).toContain('closes-its-client: 2 points by hand');
    expect(JSON.parse(readFileSync(join(folder, 'kept/ana/wire.json'), 'utf8'))['00-hello'].length).toBeGreaterThan(0);
  });

  it('imports packages of the instructor, and none that a student hands in', () => {
    const folder = classOf({ ana: other, bob: other });
    cpSync(join(folder, 'class/ana/00-hello'), join(folder, 'class/bob/00-hello'), { recursive: true });
    for (const place of ['class/ana', 'packages']) {
      mkdirSync(join(folder, place, 'node_modules/left-pad-of-ours'), { recursive: true });
      writeFileSync(join(folder, place, 'node_modules/left-pad-of-ours/package.json'), '{"main":"index.js"}');
      writeFileSync(join(folder, place, 'node_modules/left-pad-of-ours/index.js'), 'module.exports = 1;');
    }
    check(folder, '--reporter', 'json=r.json');
    expect(report(folder).submissions.map((one) => one.exercises[0]?.checks[0]?.status)).toEqual(['failed', 'failed']);
    expect(JSON.stringify(report(folder))).toContain('--packages');
    check(folder, '--packages', 'packages', '--reporter', 'json=r.json');
    expect(scores(report(folder))).toEqual({ ana: 'passed 8', bob: 'passed 8' });
  });

  it('points out who handed in the same, or our own solution, and takes no point for it', () => {
    const renamed = neverCloses.replace('const greetings', 'const mine').replaceAll('greetings.', 'mine.').replaceAll('stored', 'found');
    const folder = classOf({ ana: neverCloses, bob: `// mine\n${renamed}`, cy: solution, dee: readFileSync(join(root, 'exercises/00-hello/starter/hello.ts'), 'utf8'), eve: readFileSync(join(root, 'exercises/00-hello/starter/hello.ts'), 'utf8') });
    check(folder, '--reporter', 'json=r.json');
    expect(Object.fromEntries(report(folder).submissions.map((one) => [one.name, one.exercises[0]?.notes?.join(' ') ?? '']))).toEqual({
      ana: expect.stringContaining('the same as the code of bob.'), bob: expect.stringContaining('the same as the code of ana.'), cy: expect.stringContaining('own solution'), dee: '', eve: '',
    });
    expect(scores(report(folder)).cy).toBe('passed 8');
  });

  it('puts results into a gradebook, one document for each student however often', async () => {
    const engine = await startEngine();
    onTestFinished(() => engine.stop());
    const folder = classOf({ ana: solution, bob: neverCloses });
    for (let run = 0; run < 2; run++) {
      const child = spawn(process.execPath, args('--gradebook', `${engine.uri}grades`, '--reporter', 'json=r.json'), { cwd: folder, stdio: 'ignore' });
      await new Promise((done) => child.once('exit', done));
    }
    const { MongoClient } = await import('mongodb');
    const client = await new MongoClient(engine.uri).connect();
    onTestFinished(() => client.close());
    expect(await client.db('grades').collection('results').find({}, { projection: { _id: 0, name: 1, score: 1 } }).sort({ name: 1 }).toArray()).toEqual([{ name: 'ana', score: 8 }, { name: 'bob', score: 6 }]);
  });

  it('without a sandbox is refused until somebody says none', () => {
    const folder = classOf({ ana: solution, bob: solution });
    const { status, stderr } = spawnSync(process.execPath, [bin, 'check', 'class', '--exercise', '00-hello'], { cwd: folder, encoding: 'utf8', env: { ...process.env, PATH: '/nowhere' } });
    expect(status).toBe(3);
    expect(stderr).toMatch(/No sandbox works on this machine/);
    expect(stderr).toContain('--sandbox none');
  });

  it.each([
    [['--shard', '5/4'], '"5/4" is no shard'], [['--deadline', 'soon'], 'The deadline "soon"'], [['--resume'], '--resume needs to know'], [['--overrides', 'none.yaml'], 'none.yaml can\'t be read'],
    [['--packages', 'none'], 'There is no folder "none"'], [['--reporter', 'gradescope=g.json'], 'for one submission'], [['--gradebook', 'http://x'], 'gradebook can\'t be opened'],
  ])('with %j is wrong use, in one sentence with the way out', (more, message) => {
    const { code, err } = check(classOf({ ana: solution, bob: solution }), ...more);
    expect(code).toBe(2);
    expect(err).toContain(message);
    expect(err).not.toMatch(/\n\s+at /);
  });
});
