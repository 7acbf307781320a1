// What a whole install takes on the disk, of the package as it is packed.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { root, row } from './measuring.js';

export async function measure({ work, small }) {
  const npm = (args) => execFileSync('npm', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const [packed] = JSON.parse(npm(['pack', '--json', '--ignore-scripts', '--pack-destination', work]));
  row('the packed package', `${(packed.size / 2 ** 20).toFixed(1)} MB`);
  if (small) return;
  const place = join(work, 'install');
  npm(['install', '--no-audit', '--no-fund', '--omit=dev', '--prefix', place, join(work, packed.filename)]);
  const kib = Number(execFileSync('du', ['-sk', place], { encoding: 'utf8' }).split('\t')[0]);
  row('whole install (du -sk)', `${(kib / 1024).toFixed(0)} MB`);
}
