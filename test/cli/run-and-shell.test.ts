import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { temporaryFolder, Terminal } from './pty.ts';

// A busy machine is no failure: what is waited for comes, or the wait itself says what was shown instead.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

const run = promisify(execFile);
const program = resolve('bin/mongo-course.js');

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let workbook: string;
let env: NodeJS.ProcessEnv;
const open: Terminal[] = [];

beforeEach(async () => {
  folder = await temporaryFolder();
  workbook = join(folder.path, 'wb');
  env = { ...process.env, XDG_STATE_HOME: join(folder.path, '.state'), NO_COLOR: '1' };
  await run(process.execPath, [program, 'init', workbook], { env });
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((terminal) => terminal.close()));
  await folder.remove();
});

function start(...args: string[]): Terminal {
  const terminal = new Terminal(args, { cwd: workbook, env: { NO_COLOR: '1' } });
  open.push(terminal);
  return terminal;
}

/** A server that keeps a visit for each request, and answers how many there were. */
const countsVisits = `
import { createServer } from 'node:http';
import { MongoClient } from 'mongodb';
const client = new MongoClient(process.env.MONGO_URI ?? '');
createServer(async (req, res) => {
  const visits = client.db(process.env.MONGO_DB_NAME).collection('visits');
  await visits.insertOne({ url: req.url, at: new Date() });
  res.end(String(await visits.countDocuments()));
}).listen(Number(process.env.PORT), '127.0.0.1');
process.on('SIGTERM', () => { console.log('closing'); void client.close().then(() => process.exit(0)); });
`;

async function openServer(text = countsVisits): Promise<void> {
  await cp(resolve('exercises/02-crud/starter'), join(workbook, '02-crud'), { recursive: true });
  await writeFile(join(workbook, '02-crud', 'server.ts'), text);
}

async function visit(terminal: Terminal): Promise<string> {
  const url = /http:\/\/127\.0\.0\.1:\d+\//.exec(await terminal.shows(/Ctrl-C stops it/))?.[0] ?? '';
  return (await fetch(url)).text();
}

/** Lines typed into a shell that is no terminal. */
function shell(lines: string, ...args: string[]): Promise<{ stdout: string; stderr: string; code: number | null }> {
  return new Promise((done) => {
    const child = spawn(process.execPath, [program, 'shell', ...args], { cwd: workbook, env });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (text: Buffer) => (stdout += text.toString()));
    child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
    child.once('close', (code) => done({ stdout, stderr, code }));
    child.stdin.end(lines);
  });
}

describe('run', () => {
  it('serves the learner\'s own files, and keeps the data until --fresh', async () => {
    await openServer();
    const first = start('run', '02');
    expect(await visit(first)).toBe('1');
    first.type('\u0003');
    await first.shows('closing');
    expect(await first.exited).toBe(130);
    const second = start('run', '02');
    expect(await visit(second)).toBe('2');
    second.type('\u0003');
    await second.exited;
    const third = start('run', '02', '--fresh');
    expect(await visit(third)).toBe('1');
  });

  it('starts the file that the daily task names', async () => {
    await cp(resolve('exercises/09-daily-task/starter'), join(workbook, '09-daily-task'), { recursive: true });
    await writeFile(join(workbook, '09-daily-task', 'app.js'), countsVisits);
    await writeFile(join(workbook, '09-daily-task', 'daily_task.json'), '{ "start": "./app.js", "routes": { "list": { "method": "GET", "path": "/api/visits/" } } }');
    const server = start('run', '09');
    await server.shows(/Your server +http:\/\/127\.0\.0\.1:\d+\/api\/visits\/\s/);
    expect(await visit(server)).toBe('1');
    server.type('\x03');
    expect(await server.exited).toBe(130);
  });

  it('keeps the data, and leaves nothing running, where it is killed', async () => {
    await openServer();
    const first = start('run', '02');
    expect(await visit(first)).toBe('1');
    await expect.poll(() => existsSync(join(workbook, '.mongo-course', 'data', '02-crud.run.bson')), { timeout: 20_000 }).toBe(true);
    const url = /http:\/\/127\.0\.0\.1:\d+\//.exec(first.raw)?.[0] ?? '';
    await first.close();
    await expect.poll(() => fetch(url).then(() => 'still there', () => 'gone'), { timeout: 20_000 }).toBe('gone');
    const second = start('run', '02');
    expect(await visit(second)).toBe('2');
  });

  it('says where the code throws', async () => {
    await openServer('const name: string = "x";\n\nthrow new Error("not today");\n');
    const terminal = start('run', '02');
    await terminal.shows(/02-crud\/server\.ts:3/);
    await terminal.shows('has ended with exit code 1');
    expect(await terminal.exited).toBe(1);
  });

  it('shows the line that does not compile', async () => {
    await openServer('const x = ;\n');
    const terminal = start('run', '02');
    await terminal.shows('1 | const x = ;');
    expect(await terminal.exited).toBe(1);
  });

  it('names the exercises that have a server where one has none', async () => {
    const terminal = start('run', '00');
    await terminal.shows('02-crud');
    expect(await terminal.exited).toBe(2);
  });
});

describe('shell', () => {
  it('looks into the data of a server that runs', async () => {
    await openServer();
    const server = start('run', '02');
    await visit(server);
    const terminal = start('shell', '02');
    await terminal.shows('my_node_mongo_db>');
    terminal.type('show collections\r');
    await terminal.shows('visits');
    terminal.type('db.visits.find({},\r');
    await terminal.shows('...');
    terminal.type('{ _id: 0, url: 1 })\r');
    await terminal.shows("{ url: '/' }");
    terminal.type('exit\r');
    expect(await terminal.exited).toBe(0);
  });

  it('looks into what the last check left behind, without a terminal too', async () => {
    await mkdir(join(workbook, '00-hello'));
    await cp(resolve('solutions/00-hello'), join(workbook, '00-hello'), { recursive: true });
    await run(process.execPath, [program, 'check', '00'], { cwd: workbook, env });
    const { stdout, stderr, code } = await shell([
      'db.greetings.countDocuments()', 'db.greetings.insertOne({ _id: 7, message: "me" })', 'db.greetings.updateOne({ _id: 7 }, { $set: { n: 2 } })', 'db.greetings.findOne({ _id: 7 })',
      'db.greetings.aggregate([{ $match: { n: 2 } }, { $project: { _id: 0, n: 1 } }])', 'db.greetings.deleteOne({ _id: 7 })', '',
    ].join('\n'), '00');
    expect(stderr).toContain('what the last check left behind');
    expect(stderr).toMatch(/mongodb:\/\/127\.0\.0\.1:\d+\/my_node_mongo_db/);
    expect(stdout).toContain("{ _id: 7, message: 'me', n: 2 }");
    expect(stdout).toContain('{ n: 2 }');
    expect(stdout).toContain('deletedCount: 1');
    expect(code).toBe(0);
  });

  it('points at what it can\'t read, and goes on', async () => {
    await openServer();
    const server = start('run', '02');
    await visit(server);
    const { stdout, stderr, code } = await shell('db.visits.findd()\ndb.visits.find({ a: nope })\ndb.visits.insertOne(3)\ndb.visits.countDocuments()\n', '02');
    expect(stderr).toContain('Did you mean find?');
    expect(stderr).toContain('"nope"');
    expect(stderr).toContain('has to be a document');
    expect(stdout.trim()).toBe('1');
    expect(code).toBe(1);
  });

  it('remembers lines for the next time', async () => {
    await openServer();
    const server = start('run', '02');
    await visit(server);
    const first = start('shell', '02');
    await first.shows('my_node_mongo_db>');
    first.type('db.visits.countDocuments({ url: "/" })\r');
    await first.shows('\n1');
    first.type('\u0004');
    await first.exited;
    const second = start('shell', '02');
    await second.shows('my_node_mongo_db>');
    second.type('\u001b[A');
    await second.shows('db.visits.countDocuments({ url: "/" })');
  });

  it('says how to get data where there is none', async () => {
    await openServer();
    const { stderr, code } = await shell('', '02');
    expect(stderr).toContain('npx mongo-course run 02-crud');
    expect(code).toBe(2);
  });
});
