import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { chooseSandbox, sandboxChoices } from '../../../src/submission/choose-sandbox.ts';
import type { Sandbox } from '../../../src/submission/sandbox.ts';
import { sandbox as bwrap } from '../../../src/submission/sandboxes/bwrap.ts';
import { sandbox as user } from '../../../src/submission/sandboxes/user.ts';

const bwrapWorks = (await bwrap.available()) === true;
const isRoot = process.getuid?.() === 0;

/** What a script says that runs in a sandbox, with a folder of its own. */
function inside(sandbox: Sandbox, script: string): { said: string; scratch: string } {
  const scratch = mkdtempSync(join(tmpdir(), 'sandbox-test-'));
  onTestFinished(() => rmSync(scratch, { recursive: true, force: true }));
  mkdirSync(join(scratch, 'run-1'));
  const command = sandbox.wrap({ file: process.execPath, args: ['-e', script], cwd: join(scratch, 'run-1'), env: { PATH: process.env.PATH ?? '', HOME: scratch } }, { scratch, readable: [], hidden: [] }, 3);
  const { stdout, stderr } = spawnSync(command.file, command.args, { cwd: command.cwd, env: command.env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe', 'pipe'] });
  return { said: stdout.trim() || stderr.trim(), scratch };
}

describe('sandboxes', () => {
  it('are listed by their files, and auto before them', () => {
    expect(sandboxChoices()).toEqual(['auto', 'bwrap', 'none', 'user']);
  });

  it('auto ends with bubblewrap, with none for one’s own code, or with a reason', async () => {
    expect(await chooseSandbox('auto', false)).toBe(bwrapWorks ? 'bwrap' : 'none');
    if (bwrapWorks) expect(await chooseSandbox('auto', true)).toBe('bwrap');
    else await expect(chooseSandbox('auto', true)).rejects.toMatchObject({ exitCode: 3, wayOut: expect.stringContaining('--sandbox none') });
  });

  describe.runIf(bwrapWorks)('bwrap', () => {
    it('runs the same Node.js, writes in its own folder and sees none of this machine’s files', () => {
      const { said, scratch } = inside(bwrap, `
        const { existsSync, writeFileSync } = require('node:fs');
        writeFileSync('mine.txt', 'x');
        console.log(process.version, existsSync(${JSON.stringify(process.cwd())}), existsSync('/root'), existsSync('/home'), existsSync('/etc/passwd'));`);
      expect(said).toBe(`${process.version} false false false false`);
      expect(readFileSync(join(scratch, 'run-1/mine.txt'), 'utf8')).toBe('x');
    });
    it('has no way out of its loopback interface, and no other process', () => {
      expect(inside(bwrap, "console.log(Object.keys(require('node:os').networkInterfaces()).join(), require('node:fs').readdirSync('/proc').filter((name) => /^\\d+$/.test(name)).length < 4)").said).toBe('lo true');
    });
  });

  describe.runIf(isRoot)('user', () => {
    it('runs as somebody without rights, who owns the run’s folder', () => {
      const { said, scratch } = inside(user, "require('node:fs').writeFileSync('mine.txt', 'x'); let shadow = 'shut'; try { require('node:fs').readFileSync('/etc/shadow'); shadow = 'open'; } catch {} console.log(process.getuid(), shadow)");
      const { uid } = statSync(scratch);
      expect(uid).toBeGreaterThan(60_000);
      expect(said).toBe(`${uid} shut`);
    });
    it('is refused exactly while the checkers can be read by everybody', async () => {
      const { status } = spawnSync('setpriv', ['--reuid=61184', '--regid=61184', '--clear-groups', '--', 'ls', join(process.cwd(), 'exercises')], { cwd: '/' });
      const answer = await user.available();
      if (status === 0) expect(answer).toMatch(/everybody may read .*exercises/);
      else expect(answer === true || !answer.includes('exercises')).toBe(true);
    });
    it('leaves two runs apart from each other', () => {
      const secret = mkdtempSync(join(tmpdir(), 'sandbox-test-'));
      onTestFinished(() => rmSync(secret, { recursive: true, force: true }));
      writeFileSync(join(secret, 'x'), 'theirs');
      chmodSync(secret, 0o700);
      expect(inside(user, `try { require('node:fs').readFileSync(${JSON.stringify(join(secret, 'x'))}); console.log('open'); } catch { console.log('shut'); }`).said).toBe('shut');
    });
  });

  it.skipIf(isRoot)('user needs root', async () => {
    expect(await user.available()).toMatch(/needs root/);
  });
});
