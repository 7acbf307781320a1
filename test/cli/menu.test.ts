import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { temporaryFolder, Terminal } from './pty.ts';

// A busy machine is no failure: what is waited for comes, or the wait itself says what was shown instead.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

const program = resolve('bin/mongo-course.js');
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let terminal: Terminal | undefined;

beforeEach(async () => {
  folder = await temporaryFolder();
});

afterEach(async () => {
  await terminal?.close();
  await folder.remove();
});

async function workbook(): Promise<string> {
  const path = join(folder.path, 'wb');
  await promisify(execFile)(process.execPath, [program, 'init', path], { env: { ...process.env, XDG_STATE_HOME: join(folder.path, '.state') } });
  return path;
}

describe('the menu', () => {
  it('offers what can be done now, does it, and comes back', async () => {
    terminal = new Terminal([], { cwd: await workbook(), env: { NO_COLOR: '1' } });
    await terminal.shows('❯ Go on');
    terminal.type('\u001b[B');
    await terminal.shows('❯ See where I am');
    terminal.type('\r');
    await terminal.shows('exercises passed, about');
    await terminal.shows('❯ Go on');
    terminal.type('\u0003');
    expect(await terminal.exited).toBe(130);
  });

  it('is numbered where ACCESSIBLE=1 asks for it', async () => {
    terminal = new Terminal([], { cwd: await workbook(), env: { ACCESSIBLE: '1' } });
    await terminal.shows('1. Go on');
    terminal.type('2\r');
    await terminal.shows('exercises passed, about');
    await terminal.shows('Type a number from 1 to 5');
    terminal.type('5\r');
    expect(await terminal.exited).toBe(0);
    expect(terminal.raw).not.toContain('\u001b[2');
  });

  it('begins outside of a workbook too', async () => {
    terminal = new Terminal([], { cwd: folder.path, env: { ACCESSIBLE: '1' } });
    await terminal.shows('you are not in a workbook');
    terminal.type('1\r');
    await terminal.shows('There is no workbook yet. Make one in');
    terminal.type('no\r');
    await terminal.shows('Nothing was made');
    await terminal.shows('1. Begin');
  });

  it('is help where there is no terminal', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [program], { cwd: folder.path });
    expect(stdout).toContain('Usage: mongo-course');
  });
});
