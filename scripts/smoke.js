// Packs the project, installs the tarball in an empty folder, and does there what a learner does first, without network.
// Prints what the install weighs, and fails where that is more than we promise.
// usage: node scripts/smoke.js [path to another node binary]
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const node = process.argv[2] ?? process.execPath;
const work = mkdtempSync(join(tmpdir(), 'smoke-'));
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
const env = { ...process.env, HOME: work, MONGOMS_MAX_RETRIES: '1', XDG_STATE_HOME: join(work, 'state'), NO_COLOR: '1', CI: '1' };
/** No registry, no proxy, no download: whatever wants the network fails. */
const offline = { npm_config_offline: 'true', npm_config_registry: 'http://127.0.0.1:9/', HTTP_PROXY: 'http://127.0.0.1:9', HTTPS_PROXY: 'http://127.0.0.1:9' };
const mostMegabytes = 145;

let failures = 0;

/** Runs the installed program; its exit code and output have to be as expected. */
function expect(what, args, { cwd, code = 0, output }) {
  const bin = join(work, 'node_modules', 'mongo-course', 'bin', 'mongo-course.js');
  const result = spawnSync(node, [bin, ...args], { cwd, env: { ...env, ...offline }, encoding: 'utf8' });
  const text = `${result.stdout}${result.stderr}`;
  const good = result.status === code && (!output || output.test(text));
  note(good, what, `exit code ${result.status}, expected ${code}\n${text}`);
}

function note(good, what, why) {
  console.log(`${good ? 'ok    ' : 'FAILED'} ${what}`);
  if (good) return;
  failures += 1;
  console.log(why.replace(/^/gm, '  '));
}

function weigh() {
  if (process.platform === 'win32') return;
  const megabytes = Number(execFileSync('du', ['-sk', join(work, 'node_modules')], { encoding: 'utf8' }).split('\t')[0]) / 1024;
  note(megabytes <= mostMegabytes, `the install weighs ${megabytes.toFixed(0)} MB (du -sk node_modules)`, `at most ${mostMegabytes} MB are promised`);
}

/** All that other projects may import of it is found, and has types that stand the strictest look. */
function othersImportIt() {
  for (const name of ['vitest', '@vitest']) symlinkSync(join(root, 'node_modules', name), join(work, 'node_modules', name), 'junction');
  const files = {
    'uses.mts': [
      "import * as checker from 'mongo-course/checker';", "import type * as probe from 'mongo-course/probe';", "import { startEngine, type LoggingEngine } from 'mongo-course/engine';",
      ...['report', 'progress'].map((name) => `import ${name} from 'mongo-course/${name}.schema.json' with { type: 'json' };`),
      'export type Probe = keyof typeof probe;', 'const engine: LoggingEngine = await startEngine({ log: true });', 'await engine.stop();', 'console.log(typeof checker, report.$schema === progress.$schema);',
    ],
    'uses.test.mts': [
      "import { expect } from 'vitest';", "import { test } from 'mongo-course/engine/vitest';", "test('a server', ({ mongo }) => expect(mongo.log.queries()).toEqual([]));",
    ],
    'tsconfig.json': [JSON.stringify({ compilerOptions: { strict: true, module: 'nodenext', target: 'es2023', outDir: 'used', resolveJsonModule: true, types: ['node'] }, files: ['uses.mts', 'uses.test.mts'] })],
  };
  for (const [file, lines] of Object.entries(files)) writeFileSync(join(work, file), lines.join('\n'));
  for (const [what, args] of [
    ['its types are right', [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', '.']], ['others import it', [join('used', 'uses.mjs')]],
    ['a test of Vitest gets a server', [join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run', 'uses.test.mts']],
  ]) {
    const { status, stdout, stderr } = spawnSync(node, args, { cwd: work, env: { ...env, ...offline }, encoding: 'utf8' });
    note(status === 0, what, `${stdout}${stderr}`);
  }
}

try {
  const [packed] = JSON.parse(execFileSync(npm, ['pack', '--json', '--ignore-scripts', '--pack-destination', work], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }));
  execFileSync(npm, ['init', '-y'], { cwd: work, stdio: 'ignore' });
  execFileSync(npm, ['install', '--no-audit', '--no-fund', '--omit=dev', join(work, packed.filename)], { cwd: work, stdio: ['ignore', 'ignore', 'inherit'] });
  const installed = join(work, 'node_modules', 'mongo-course');
  weigh();
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
  cpSync(join(installed, 'exercises', '01-connect', 'starter'), join(workbook, '01-connect'), { recursive: true });
  expect('the starter of 01 fails, and says where', ['check', '01'], { cwd: workbook, code: 1, output: /01-connect\/mongo\.ts:\d+:\d+/ });
  cpSync(join(installed, 'solutions', '01-connect'), join(workbook, '01-connect'), { recursive: true });
  expect('the solution of 01 passes', ['check', '01'], { cwd: workbook });
  expect('what is handed in is packed, without packages', ['pack'], { cwd: workbook, output: /00-hello +passes[\s\S]*01-connect +passes/ });
  expect('the zip is graded', ['check', 'handin.zip', '--exercise', '00-hello', '--reporter', 'json'], { cwd: workbook, output: /"score": ?8\b/ });
  expect('setup says what to do without network', ['setup'], { cwd: workbook, code: 3, output: /network refuses[\s\S]*MONGOMS_SYSTEM_BINARY/ });
  expect('the Tab key is explained', ['completion', 'bash'], { cwd: workbook, output: /complete -F _mongo_course mongo-course/ });
  mkdirSync(join(work, 'class'));
  cpSync(join(installed, 'solutions'), join(work, 'class', 'ada'), { recursive: true });
  expect('a workbook is graded', ['check', 'class/ada', '--exercise', '00-hello', '--reporter', 'json'], { cwd: work, output: /"schemaVersion": ?1/ });
  expect('an exercise is proved', ['author', 'verify', '00-hello'], { cwd: work, output: /Proved: 1 exercise/ });
  for (const folder of ['lessons', 'exercises', 'solutions']) cpSync(join(installed, folder), join(work, 'mine', folder), { recursive: true });
  expect('a course of somebody else gets an exercise', ['--course', 'mine', 'author', 'new', '10-mine'], { cwd: work });
  expect('a course of somebody else is graded', ['--course', 'mine', 'check', 'class/ada', '--exercise', '00-hello', '--reporter', 'json'], { cwd: work, output: /"score": ?8\b/ });
  othersImportIt();
  expect('a wrong id is explained', ['check', '99-nothing'], { cwd: workbook, code: 2, output: /There is no/ });
  expect('doctor finds nothing wrong', ['doctor'], { cwd: workbook });
  const { status, stderr } = spawnSync(npm.replace('npm', 'npx'), ['mongo-course', '--version'], { cwd: work, env: { ...env, ...offline }, encoding: 'utf8', shell: process.platform === 'win32' });
  note(status === 0, 'npx finds it without the network', stderr);
} finally {
  rmSync(work, { recursive: true, force: true });
}
if (failures > 0) process.exitCode = 1;
