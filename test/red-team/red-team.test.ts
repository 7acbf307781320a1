import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sandbox as bwrap } from '../../src/submission/sandboxes/bwrap.ts';
import { readReport } from '../../src/verdict/read.ts';
import type { Report } from '../../src/verdict/types.ts';

const root = resolve(import.meta.dirname, '../..');
const attacks = readdirSync(join(import.meta.dirname, 'attacks')).map((file) => basename(file, '.ts'));
const solution = readFileSync(join(root, 'solutions/00-hello/hello.ts'), 'utf8');
/** Students who did all right, whatever they are called; some sit between the attackers. */
const honest = ['honest', 'aaa', 'zzz', "=cmd|'∕C calc'!A1", '<script>alert(3)<∕script>', 'new\nline'];
/** What ends or stops the trusted process itself, where no sandbox keeps it from doing so: a person looks at it. */
const oursToBlame = ['kills-its-parent', 'stops-its-parent'];
const secret = 'INSTRUCTOR_SECRET=rosebud';

interface Run {
  report: Report;
  folder: string;
  connections: number;
  text: Record<'json' | 'csv' | 'html' | 'github', string>;
}

/** Grades a class of attackers and honest students in a folder of its own. */
async function grade(sandbox: string): Promise<Run> {
  const folder = mkdtempSync(join(tmpdir(), 'red-team-'));
  const at = (name: string): string => join(folder, name);
  for (const name of ['class', 'outside', 'tmp', 'home']) mkdirSync(at(name));
  writeFileSync(at('home/secret.txt'), secret);
  let connections = 0;
  const listener = await listen(() => connections++);
  const { port } = listener.address() as { port: number };
  const values: Record<string, string> = { SECRET_FILE: at('home/secret.txt'), CLASS: at('class'), LISTENER: String(port), OUTSIDE: at('outside'), RESULTS: at(sandbox === 'none' ? 'outside/results.json' : 'report.json') };
  const hand = (student: string, text: string): void => {
    const exercise = join(folder, 'class', student, '00-hello');
    mkdirSync(exercise, { recursive: true });
    writeFileSync(join(exercise, 'right.ts'), solution);
    writeFileSync(join(exercise, 'hello.ts'), text.replace(/\{\{(\w+)\}\}/g, (_all, key: string) => values[key] as string));
  };
  for (const attack of attacks) hand(attack, readFileSync(join(import.meta.dirname, 'attacks', `${attack}.ts`), 'utf8'));
  for (const student of honest) hand(student, solution);
  const reporters = ['json', 'csv', 'html', 'github'].flatMap((name) => ['--reporter', `${name}=${at(`report.${name}`)}`]);
  const child = spawn(process.execPath, [join(root, 'bin/mongo-course.js'), 'check', at('class'), '--exercise', '00-hello', '--sandbox', sandbox, '--jobs', '4', '--timeout', '20', ...reporters], {
    cwd: folder, stdio: ['ignore', 'ignore', 'ignore'], env: { PATH: process.env.PATH, HOME: at('home'), TMPDIR: at('tmp'), INSTRUCTOR_SECRET: 'rosebud' },
  });
  await new Promise((done) => child.once('exit', done));
  await new Promise((done) => listener.close(done));
  const text = Object.fromEntries(['json', 'csv', 'html', 'github'].map((name) => [name, readFileSync(at(`report.${name}`), 'utf8')])) as Run['text'];
  return { report: readReport('report.json', text.json), folder, connections, text };
}

function listen(onConnection: () => void): Promise<Server> {
  return new Promise((done) => {
    const server = createServer((socket) => {
      onConnection();
      socket.destroy();
    });
    server.listen(0, '127.0.0.1', () => done(server));
  });
}

const works = (await bwrap.available()) === true;

describe.runIf(process.platform === 'linux').each([['without a sandbox', 'none'], ['in bubblewrap', 'bwrap']])('a class of attackers %s', (_what, sandbox) => {
  describe.runIf(sandbox === 'none' || works)('', () => {
    let run: Run;
    beforeAll(async () => {
      run = await grade(sandbox);
    }, 600_000);
    afterAll(() => {
      if (run) rmSync(run.folder, { recursive: true, force: true });
    });

    it.each(attacks)('%s gains no pass', (attack) => {
      const verdict = run.report.submissions.find((one) => one.name === attack);
      expect(verdict?.status).toMatch(/^(failed|timeout|errored)$/);
      expect(verdict?.score).toBeLessThan(8);
    });

    it('is never taken for a failure of ours', () => {
      expect(run.report.submissions.filter((one) => one.status === 'errored').map((one) => one.name)).toEqual(sandbox === 'none' ? oursToBlame : []);
    });

    it('disturbs no honest student', () => {
      const scores = Object.fromEntries(run.report.submissions.filter((one) => honest.includes(one.name)).map((one) => [one.name, one.score]));
      expect(scores).toEqual(Object.fromEntries(honest.map((name) => [name, 8])));
    });

    it('leaves no process', () => {
      expect(spawnSync('pgrep', ['-f', '^sleep 997$'], { encoding: 'utf8' }).stdout).toBe('');
      expect(execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).split('\n').filter((line) => line.includes(run.folder))).toEqual([]);
    });

    it('leaves no temporary file', () => {
      expect(readdirSync(join(run.folder, 'tmp'))).toEqual([]);
    });

    it('makes no report do anything', () => {
      expect(run.text.html).not.toMatch(/<script>alert|<img|\u001b/);
      expect(run.text.csv).not.toMatch(/(^|,)"?\s*[=+\-@|%]/m);
      expect(run.text.csv).not.toContain('\u001b');
      expect(run.text.github.split('\n').filter((line) => line !== '' && !/^::(error|notice) ?/.test(line))).toEqual([]);
      expect(run.text.github).not.toMatch(/^::(set-output|error::forged)/m);
    });

    it.runIf(sandbox === 'bwrap')('reads, reaches and writes nothing that is not its own', () => {
      const leaks = run.report.submissions.filter((one) => JSON.stringify(one).includes('LEAKED')).map((one) => [one.name, /LEAKED[^"\\]*/.exec(JSON.stringify(one))?.[0]]);
      expect(leaks).toEqual([]);
      expect(run.connections).toBe(0);
      expect(existsSync(join(run.folder, 'outside/written'))).toBe(false);
      expect(run.text.json).not.toContain('rosebud');
    });
  });
});
