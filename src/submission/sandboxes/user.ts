import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lchownSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Sandbox } from '../sandbox.ts';
import { limits } from '../limits.ts';

/** User ids that systems leave to programs that need one for a while (systemd's range for dynamic users). */
const [firstUser, users] = [61_184, 4_000];

/** What a submission must not read: the checkers, the solutions, and the home of whoever grades. */
const secrets = ['exercises', 'solutions', 'dist/exercises'].map((folder) => join(fileURLToPath(new URL('../../..', import.meta.url)), folder)).filter((folder) => existsSync(folder));

export const sandbox: Sandbox = {
  summary: 'for root in a container: a user id of its own for each submission; the network of the container is open',
  ownNetwork: false,
  showsHome: false,
  async available() {
    if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'a user id of its own needs root, on Linux';
    for (const path of [...secrets, homedir()]) {
      const answer = await asUser(firstUser, ['sh', '-c', 'ls "$1" >/dev/null 2>&1 && echo open || echo shut', '-', path]);
      if (answer === 'open') return `a user id of its own is not enough while everybody may read ${path} (chmod go= it)`;
      if (answer !== 'shut') return `a user id of its own can't be taken here: ${answer}`;
    }
    return true;
  },
  wrap(command, { scratch }) {
    const user = firstUser + (createHash('sha256').update(scratch).digest().readUInt16LE() % users);
    give(scratch, user);
    return { ...command, file: 'setpriv', args: [...become(user), 'prlimit', ...limits, command.file, ...command.args] };
  },
};

const become = (user: number): string[] => [`--reuid=${user}`, `--regid=${user}`, '--clear-groups', '--no-new-privs', '--inh-caps=-all', '--bounding-set=-all', '--'];

/** Makes a run's folder the user's own; links are left pointing where they do. */
function give(path: string, user: number): void {
  lchownSync(path, user, user);
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const inner = join(path, entry.name);
    if (entry.isDirectory()) give(inner, user);
    else lchownSync(inner, user, user);
  }
}

function asUser(user: number, command: string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile('setpriv', [...become(user), ...command], { timeout: 5000, cwd: '/' }, (error, stdout, stderr) => resolve(error ? (stderr.trim().split('\n')[0] || error.message) : stdout.trim()));
  });
}
