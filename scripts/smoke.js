// Packs the project, installs the tarball in an empty folder, and does there what a learner does first, without network.
// usage: node scripts/smoke.js [path to another node binary]
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const node = process.argv[2] ?? process.execPath;
const work = mkdtempSync(join(tmpdir(), 'smoke-'));
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
const env = { ...process.env, XDG_STATE_HOME: join(work, 'state'), NO_COLOR: '1', CI: '1' };

let failures = 0;

/** Runs the installed program; its exit code and output have to be as expected. */
function expect(what, args, { cwd, code = 0, output }) {
  const bin = join(work, 'node_modules', 'mongo-course', 'bin', 'mongo-course.js');
  const result = spawnSync(node, [bin, ...args], { cwd, env: { ...env, npm_config_offline: 'true' }, encoding: 'utf8' });
  const text = `${result.stdout}${result.stderr}`;
  const good = result.status === code && (!output || output.test(text));
  console.log(`${good ? 'ok    ' : 'FAILED'} ${what}`);
  if (good) return;
  failures += 1;
  console.log(`  exit code ${result.status}, expected ${code}\n${text.replace(/^/gm, '  ')}`);
}

try {
  const [packed] = JSON.parse(execFileSync(npm, ['pack', '--json', '--ignore-scripts', '--pack-destination', work], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }));
  execFileSync(npm, ['init', '-y'], { cwd: work, stdio: 'ignore' });
  execFileSync(npm, ['install', '--no-audit', '--no-fund', '--omit=dev', join(work, packed.filename)], { cwd: work, stdio: ['ignore', 'ignore', 'inherit'] });
  const installed = join(work, 'node_modules', 'mongo-course');
  const workbook = join(work, 'wb');
  expect('--version', ['--version'], { cwd: work, output: new RegExp(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version) });
  expect('init makes a workbook', ['init', 'wb', '--yes'], { cwd: work, output: /workbook is ready/ });
  expect('list shows the course', ['list'], { cwd: workbook, output: /00-hello/ });
  expect('next shows the first lesson', ['next'], { cwd: workbook });
  expect('next opens the first exercise', ['next'], { cwd: workbook, output: /hello\.ts/ });
  expect('the starter fails', ['check', '00-hello'], { cwd: workbook, code: 1 });
  cpSync(join(installed, 'solutions', '00-hello', 'hello.ts'), join(workbook, '00-hello', 'hello.ts'));
  expect('the solution passes', ['check', '00-hello'], { cwd: workbook, output: /passes|points/ });
  expect('trace shows what it sent', ['trace', '00-hello'], { cwd: workbook, output: /greetings/ });
  expect('next moves on', ['next'], { cwd: workbook });
  mkdirSync(join(work, 'class'));
  cpSync(join(installed, 'solutions'), join(work, 'class', 'ada'), { recursive: true });
  expect('a workbook is graded', ['check', 'class/ada', '--exercise', '00-hello', '--reporter', 'json'], { cwd: work, output: /"schemaVersion": ?1/ });
  expect('a wrong id is explained', ['check', '99-nothing'], { cwd: workbook, code: 2, output: /There is no/ });
  expect('doctor finds nothing wrong', ['doctor'], { cwd: workbook });
} finally {
  rmSync(work, { recursive: true, force: true });
}
if (failures > 0) process.exitCode = 1;
