import { execFile } from 'node:child_process';
import { existsSync, lstatSync, readlinkSync, realpathSync } from 'node:fs';
import { dirname, basename, join } from 'node:path';
import { limits } from '../limits.ts';
import type { Sandbox, SandboxCommand, SandboxReach } from '../sandbox.ts';

const mebibyte = 1024 * 1024;

export const sandbox: Sandbox = {
  summary: 'bubblewrap: no files but its own, no network but its own loopback, no other processes',
  ownNetwork: true,
  showsHome: true,
  async available() {
    if (process.platform !== 'linux') return 'bubblewrap is for Linux only';
    if (program() === undefined) return 'bubblewrap (the program bwrap) is not installed';
    const probe = wrap({ file: process.execPath, args: ['-p', 'process.version'], cwd: '/tmp', env: {} }, { scratch: '/tmp', readable: [], hidden: [] }, undefined);
    return new Promise((resolve) => {
      execFile(probe.file, probe.args, { env: probe.env, timeout: 10_000 }, (error, stdout, stderr) => {
        if (stdout.trim() === process.version) resolve(true);
        else resolve(`bubblewrap does not work here: ${stderr.trim().split('\n')[0] || error?.message || `it runs Node.js ${stdout.trim()}`}`);
      });
    });
  },
  wrap,
};

function wrap(command: SandboxCommand, { scratch, readable, hidden }: SandboxReach, infoFd: number | undefined): SandboxCommand {
  const node = realpathSync(process.execPath);
  const args = [
    '--unshare-user', '--disable-userns', '--unshare-all', '--die-with-parent', '--new-session', '--cap-drop', 'ALL',
    '--ro-bind', '/usr', '/usr', ...['/bin', '/sbin', '/lib', '/lib64'].flatMap(systemFolder),
    '--ro-bind-try', '/etc/hosts', '/etc/hosts', '--ro-bind-try', '/etc/nsswitch.conf', '/etc/nsswitch.conf', '--ro-bind-try', '/etc/localtime', '/etc/localtime',
    '--proc', '/proc', '--dev', '/dev', '--size', String(mebibyte), '--tmpfs', '/dev/shm', '--size', String(64 * mebibyte), '--tmpfs', '/tmp',
    '--ro-bind', dirname(node), '/opt/node',
    ...readable.filter((path) => !within(hidden, path)).flatMap((path) => ['--ro-bind', path, path]),
    ...hidden.flatMap((path) => ['--tmpfs', path]),
    ...readable.filter((path) => within(hidden, path)).flatMap((path) => ['--ro-bind', path, path]),
    // The probe of `available` needs no folder of its own: /tmp is there already.
    ...(scratch === '/tmp' ? [] : ['--bind', scratch, scratch]),
    '--remount-ro', '/dev', '--remount-ro', '/',
    ...(infoFd === undefined ? [] : ['--info-fd', String(infoFd)]),
    '--chdir', command.cwd,
    '--', 'prlimit', ...limits, command.file === process.execPath ? join('/opt/node', basename(node)) : command.file, ...command.args,
  ];
  return { file: program() ?? 'bwrap', args, cwd: '/', env: { ...command.env, PATH: '/opt/node:/usr/local/bin:/usr/bin:/bin' } };
}

/** Looked for along our own PATH: a submission's has nothing to say here. */
function program(): string | undefined {
  return (process.env.PATH ?? '').split(':').filter((folder) => folder.startsWith('/')).map((folder) => join(folder, 'bwrap')).find((path) => existsSync(path));
}

const within = (folders: readonly string[], path: string): boolean => folders.some((folder) => path.startsWith(`${folder}/`));

/** A top folder as the system has it: a link into /usr, or a folder of its own. */
function systemFolder(path: string): string[] {
  const state = lstatSync(path, { throwIfNoEntry: false });
  if (!state) return [];
  return state.isSymbolicLink() ? ['--symlink', readlinkSync(path), path] : ['--ro-bind', path, path];
}
