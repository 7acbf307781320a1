import { execFile } from 'node:child_process';
import { cp } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { temporaryFolder } from './pty.ts';

// A busy machine is no failure: what is waited for comes, or the wait itself says what was shown instead.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

const program = resolve('bin/mongo-course.js');
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let workbook: string;

/** Runs the program; its exit code is no error here. */
async function course(...args: string[]): Promise<{ stdout: string; stderr: string; code: number }> {
  const env = { ...process.env, XDG_STATE_HOME: join(folder.path, '.state'), NO_COLOR: '1' };
  const options = { cwd: args[0] === 'init' ? folder.path : workbook, env };
  return promisify(execFile)(process.execPath, [program, ...args], options).then(
    ({ stdout, stderr }) => ({ stdout, stderr, code: 0 }),
    (error: { stdout: string; stderr: string; code: number }) => ({ stdout: error.stdout, stderr: error.stderr, code: error.code }),
  );
}

beforeEach(async () => {
  folder = await temporaryFolder();
  workbook = join(folder.path, 'wb');
  await course('init', 'wb');
});

afterEach(() => folder.remove());

describe('trace', () => {
  it('puts the solution\'s round trips beside the learner\'s once they have passed, or with --reveal', async () => {
    await cp(resolve('exercises/00-hello/mistakes/no-date'), join(workbook, '00-hello'), { recursive: true });
    await course('check', '00');
    const refused = await course('trace', '00', '--compare');
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('--compare --reveal');
    expect((await course('trace', '00', '--compare', '--reveal')).stdout).toMatch(/The solution did this in \d+ round trips?, yours in \d+\./);
    await cp(resolve('solutions/00-hello'), join(workbook, '00-hello'), { recursive: true });
    await course('check', '00');
    const { stdout } = await course('trace', '00', '--compare', '--json');
    const { comparison, roundTrips } = JSON.parse(stdout) as { comparison: { yours: number; ours: number }[]; roundTrips: number };
    expect(roundTrips).toBeGreaterThan(0);
    for (const { yours, ours } of comparison) expect(yours).toBe(ours);
  });
});
