// Grades a class whose outcomes are known: right (solution and variants), wrong in each known way (mistakes and the
// starter), hostile (the red team's attacks), missing, late, unreadable. Every verdict has to be the one expected, twice the
// same, the same once killed half-way and resumed, and once merged from four shards. Takes minutes; not one of the tests.
// usage: node scripts/class.js [STUDENTS] [JOBS] [EXERCISE…]     default: 200 students, 3 jobs a core, 00-hello 03-serializer
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { availableParallelism, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { assemble, casesOf } from '../dist/author/cases.js';
import { judge } from '../dist/author/judge.js';
import { loadCourse } from '../dist/course/load.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = join(root, 'bin', 'mongo-course.js');
const [students = '200', jobs = String(3 * availableParallelism()), ...named] = process.argv.slice(2);
const ids = named.length > 0 ? named : ['00-hello', '03-serializer'];
const deadline = '2026-11-20T12:00:00Z';
const work = mkdtempSync(join(tmpdir(), 'class-'));
const at = (...parts) => join(work, ...parts);
for (const name of ['class', 'outside', 'home', 'tmp']) mkdirSync(at(name));
writeFileSync(at('home', 'secret.txt'), 'INSTRUCTOR_SECRET=rosebud');
const env = { PATH: process.env.PATH, HOME: at('home'), TMPDIR: at('tmp'), INSTRUCTOR_SECRET: 'rosebud', CI: '1' };
let connections = 0;
/** Names of the attackers: what stops an attack first, a limit or the other one, may differ; that it fails may not. */
const attackers = new Set();
const listener = createServer((socket) => { connections++; socket.destroy(); });
await new Promise((done) => listener.listen(0, '127.0.0.1', done));

try {
  const expected = await makeClass(Number(students));
  console.log(`${expected.length} students, ${ids.join(' ')}, ${jobs} jobs, Node.js ${process.version}`);
  const first = await grade('first.json');
  const wrong = compare(expected, first.report);
  say('every verdict is the one expected', wrong.length === 0, `${first.seconds} s, sandbox ${first.report.sandbox}`, wrong);
  say('nothing leaked, nobody was reached, nothing was written', !/rosebud|LEAKED/.test(JSON.stringify(first.report)) && connections === 0 && readdirSync(at('outside')).length === 0, `${connections} connections`);
  const second = await grade('second.json');
  say('the same a second time', same(first.report, second.report), `${second.seconds} s`, differences(first.report, second.report));
  const killed = await grade('killed.json', [], expected.length / 2);
  const resumed = await grade('killed.json', ['--resume']);
  say(`killed after ${killed.graded}, resumed`, killed.graded < expected.length && same(first.report, resumed.report), `${killed.seconds} + ${resumed.seconds} s`, differences(first.report, resumed.report));
  let seconds = 0;
  for (const shard of [1, 2, 3, 4]) seconds += (await grade(`part${shard}.json`, ['--shard', `${shard}/4`])).seconds;
  const { status, stderr } = spawnSync(process.execPath, [bin, 'report', 'merge', ...[1, 2, 3, 4].map((part) => `part${part}.json`), '--reporter', 'json=merged.json'], { cwd: work, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`report merge ended with ${status}: ${stderr}`);
  const merged = JSON.parse(readFileSync(at('merged.json'), 'utf8'));
  say('four shards, merged, are the same report', same(first.report, merged), `${seconds} s`, differences(first.report, merged));
  const left = readdirSync(at('tmp'));
  say('no temporary file is left', left.length === 0, left.join(' '));
} finally {
  listener.close();
  rmSync(work, { recursive: true, force: true, maxRetries: 5 });
}

/** Writes the class and its roster. @returns what is expected of whom */
async function makeClass(count) {
  const course = await loadCourse(root);
  const exercises = ids.map((id) => course.exercises.find((one) => one.id === id) ?? (() => { throw new Error(`there is no exercise ${id}`); })());
  const cases = await Promise.all(exercises.map((exercise) => casesOf(course, exercise)));
  const attacks = ids.includes('00-hello') ? readdirSync(join(root, 'test/red-team/attacks')).map((file) => basename(file, '.ts')) : [];
  const values = { SECRET_FILE: at('home', 'secret.txt'), CLASS: at('class'), LISTENER: String(listener.address().port), OUTSIDE: at('outside'), RESULTS: at('first.json') };
  const kinds = [...attacks.map((attack) => ({ kind: 'hostile', attack })), ...Array.from({ length: 10 }, () => ({ kind: 'missing' })), ...['a damaged zip', 'two workbooks', 'an empty folder'].map((why) => ({ kind: 'unreadable', why }))];
  const plan = [];
  let known = 0;
  // Spread among the others, so that each has neighbours of every kind.
  const every = Math.max(1, Math.floor(count / (kinds.length + 1)));
  for (let index = 0; plan.length < count; index++) {
    if (index % every === every - 1 && kinds.length > 0) plan.push(kinds.shift());
    else plan.push({ kind: 'known', cases: cases.map((list) => list[known % list.length]), late: known++ % 7 === 3 });
  }
  console.log(exercises.map(({ id }, at) => `${Math.min(known, cases[at].length)} of ${cases[at].length} known submissions of ${id}`).join(', '));
  const roster = ['name,email,submitted_at'];
  for (const [index, one] of plan.entries()) {
    one.name = `Student ${String(index + 1).padStart(4, '0')}`;
    if (one.kind === 'hostile') attackers.add(one.name);
    roster.push(`${one.name},s${index + 1}@example.org,${one.kind === 'missing' ? '' : one.late ? '2026-11-20T14:30:00Z' : '2026-11-20T11:59:00Z'}`);
    const folder = at('class', `${one.name}_${7000 + index}_assignsubmission_file_`);
    if (one.kind === 'missing') continue;
    mkdirSync(folder);
    if (one.why === 'a damaged zip') writeFileSync(join(folder, 'work.zip'), 'PK\u0003\u0004 no zip');
    else if (one.kind === 'unreadable' && one.why !== 'two workbooks') continue;
    else for (const inner of one.why ? ['old', 'new'] : ['my work']) for (const known of one.cases ?? cases.map(([solution]) => solution)) await assemble(course, known, join(folder, inner));
    if (one.attack) {
      writeFileSync(join(folder, 'my work/00-hello/right.ts'), readFileSync(join(root, 'solutions/00-hello/hello.ts')));
      writeFileSync(join(folder, 'my work/00-hello/hello.ts'), readFileSync(join(root, 'test/red-team/attacks', `${one.attack}.ts`), 'utf8').replace(/\{\{(\w+)\}\}/g, (_all, key) => values[key]));
    }
  }
  writeFileSync(at('roster.csv'), `${roster.join('\n')}\n`);
  return plan;
}

/** @param stopAfter kills it once so many are graded */
async function grade(file, more = [], stopAfter = Infinity) {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [bin, 'check', 'class', '--exercise', ...ids, '--seed', '7', '--roster', 'roster.csv', '--deadline', deadline, '--jobs', jobs, '--timeout', '30', '--reporter', `json=${file}`, ...more], { cwd: work, env, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (text) => { said += text; });
  const graded = () => (existsSync(at(file)) ? (readFileSync(at(file), 'utf8').match(/^ {6}"name": /gm)?.length ?? 0) : 0);
  const timer = setInterval(() => { if (graded() >= stopAfter) child.kill('SIGKILL'); }, 100);
  const code = await new Promise((done) => child.once('close', done));
  clearInterval(timer);
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  if (stopAfter < Infinity) return { seconds, graded: graded() };
  if (code !== 1) throw new Error(`check ended with ${code}: ${said.slice(-2000)}`);
  return { seconds, report: JSON.parse(readFileSync(at(file), 'utf8')) };
}

/** Prints a table of what was expected and found. @returns what is not as expected */
function compare(plan, report) {
  const table = new Map();
  const wrong = [];
  for (const one of plan) {
    const verdict = report.submissions.find((other) => other.name === one.name);
    const problems = verdict ? problemsOf(one, verdict) : ['is not in the report'];
    wrong.push(...problems.map((problem) => `${one.name}, ${one.attack ?? one.why ?? one.cases?.map((known) => known.name).join(' + ') ?? one.kind}: ${problem}`));
    const label = one.kind === 'known' ? [...new Set(one.cases.map((known) => (known.kind === 'mistake' || known.kind === 'starter' ? 'wrong' : 'right')))].sort().join(' and ') + (one.late ? ', late' : '') : one.kind;
    const row = table.get(label) ?? table.set(label, { students: 0, asExpected: 0 }).get(label);
    row.students++;
    if (problems.length === 0) row.asExpected++;
    for (const status of [verdict?.status ?? 'absent']) row[status] = (row[status] ?? 0) + 1;
  }
  console.table(Object.fromEntries([...table].sort()));
  return wrong;
}

function problemsOf(one, verdict) {
  if (one.kind === 'missing' || one.kind === 'unreadable') return verdict.status === one.kind && verdict.score === 0 ? [] : [`is ${verdict.status}`];
  const late = (verdict.lateBy === '2 h 30 min') === Boolean(one.late) ? [] : [`late by ${verdict.lateBy}`];
  if (one.kind === 'known') return [...late, ...one.cases.flatMap((known) => judge(known, verdict.exercises.find(({ id }) => id === known.exercise.id)))];
  const hello = verdict.exercises.find(({ id }) => id === '00-hello');
  const others = verdict.exercises.filter(({ id, status }) => id !== '00-hello' && status !== 'passed').map(({ id, status }) => `its own ${id}, which is right, ${status}`);
  return [...late, ...others, ...(['failed', 'timeout'].includes(hello.status) && hello.score < hello.maxScore ? [] : [`00-hello is ${hello.status} with ${hello.score} points`])];
}

/** What counts of a report: everything but times, and how an attack was stopped. */
function essence(report) {
  const checksOf = (name, checks) => (attackers.has(name) ? [] : checks.map((check) => [check.id, check.status, check.points, check.cause]));
  const of = ({ name, status, score, maxScore, lateBy, digest, exercises }) => [name, JSON.stringify([attackers.has(name) ? 'not passed' : status, score, maxScore, lateBy, digest, exercises.map(({ id, status: state, score: points, checks }) => [id, attackers.has(name) || state, points, checksOf(name, checks)])])];
  const causes = report.causes.map(({ check, cause, submissions }) => JSON.stringify([check, cause, submissions.filter((name) => !attackers.has(name)).sort()])).filter((line) => !line.endsWith('[]]')).sort();
  return new Map([...report.submissions.map(of).sort(([a], [b]) => (a < b ? -1 : 1)), ['totals', JSON.stringify(report.totals)], ['causes', JSON.stringify(causes)]]);
}

function differences(a, b) {
  const [one, two] = [essence(a), essence(b)];
  return [...new Set([...one.keys(), ...two.keys()])].filter((key) => one.get(key) !== two.get(key)).map((key) => `${key}:\n    ${String(one.get(key)).slice(0, 1000)}\n    ${String(two.get(key)).slice(0, 1000)}`);
}

function same(a, b) {
  return differences(a, b).length === 0;
}

function say(what, holds, note = '', details = []) {
  console.log(`${holds ? 'holds' : 'DOES NOT HOLD'}  ${what}${note ? ` (${note})` : ''}`);
  if (holds) return;
  process.exitCode = 1;
  for (const detail of details.slice(0, 40)) console.log(`  ${detail}`);
}
