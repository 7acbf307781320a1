import { spawn } from 'node:child_process';
import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { loadProgress, type Progress } from '../../src/workbook/progress.ts';
import { runProgram, temporaryFolder } from './pty.ts';

/** `KILLS=500 npx vitest run test/cli/kills.test.ts` is the long way. */
const kills = Number(process.env.KILLS ?? 16);
vi.setConfig({ testTimeout: 120_000 + kills * 20_000, hookTimeout: 120_000 });

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let workbook: string;
let state: string;
const course = { name: 'mongo-course', version: '0' };

beforeAll(async () => {
  folder = await temporaryFolder();
  workbook = join(folder.path, 'wb');
  state = join(folder.path, '.state');
  await runProgram(['init', workbook], { cwd: folder.path, state });
  cpSync(resolve('solutions/00-hello'), join(workbook, '00-hello'), { recursive: true });
  cpSync(resolve('exercises/01-connect/starter'), join(workbook, '01-connect'), { recursive: true });
});

afterAll(() => folder.remove());

/** Starts a command, and kills it with all it started when so much time has gone by; how long it ran where it was faster. */
function killed(args: readonly string[], afterMs: number): Promise<number> {
  const startedAt = performance.now();
  return new Promise((done) => {
    const child = spawn(process.execPath, [resolve('bin/mongo-course.js'), ...args], { cwd: workbook, env: { ...process.env, XDG_STATE_HOME: state }, stdio: 'ignore', detached: true });
    const timer = setTimeout(() => child.pid !== undefined && process.kill(-child.pid, 'SIGKILL'), afterMs);
    child.once('exit', () => {
      clearTimeout(timer);
      done(performance.now() - startedAt);
    });
  });
}

/** All that must never become less. */
function achieved(progress: Progress): Record<string, number> {
  const facts: Record<string, number> = { lessons: Object.keys(progress.lessons).length, quizzes: Object.keys(progress.quizzes).length, exercises: Object.keys(progress.exercises).length };
  for (const [id, exercise] of Object.entries(progress.exercises)) {
    Object.assign(facts, { [`${id} attempts`]: exercise.attempts, [`${id} hints`]: exercise.hintsShown, [`${id} passed`]: exercise.passedAt ? 1 : 0, [`${id} skipped`]: exercise.skippedAt ? 1 : 0 });
  }
  return facts;
}

const commands = [['check', '00'], ['hint', '00'], ['next'], ['lesson', '02'], ['hint', '01'], ['skip', '01'], ['reset', '01'], ['lesson']] as const;

describe('a command that is killed', () => {
  it(`loses nothing that was achieved, at any of ${kills} moments`, async () => {
    const work = readFileSync(join(workbook, '00-hello', 'hello.ts'), 'utf8');
    await runProgram(['check', '00'], { cwd: workbook, state });
    let before = achieved((await loadProgress(workbook, course)).progress);
    expect(before['00-hello passed']).toBe(1);
    const longest = new Map<string, number>();
    for (let index = 0; index < kills; index++) {
      const command = commands[index % commands.length] as readonly string[];
      const key = command.join(' ');
      const afterMs = Math.random() * (longest.get(key) ?? 1500);
      const ran = await killed(command, afterMs);
      // What ended by itself tells how long it takes; what was killed may take longer than was thought.
      longest.set(key, ran < afterMs ? ran : (longest.get(key) ?? 1500) * 1.05);
      const { progress, repaired } = await loadProgress(workbook, course);
      expect(repaired, `after ${key}, killed after ${Math.round(afterMs)} ms`).toBeUndefined();
      const after = achieved(progress);
      for (const [fact, value] of Object.entries(before)) expect(after[fact], `${fact}, after ${key}, killed after ${Math.round(afterMs)} ms`).toBeGreaterThanOrEqual(value);
      expect(readFileSync(join(workbook, '00-hello', 'hello.ts'), 'utf8')).toBe(work);
      before = after;
    }
    const ended = await runProgram(['check', '00'], { cwd: workbook, state });
    expect(ended.code).toBe(0);
    expect(readdirSync(workbook)).toContain('01-connect');
  });
});
