import { execFile } from 'node:child_process';
import { chmod, copyFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { temporaryFolder, Terminal, type TypedOptions } from './pty.ts';

// A busy machine is no failure: what is waited for comes, or the wait itself says what was shown instead.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

const run = promisify(execFile);
const leaves = '\u001b[?1049l';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let workbook: string;
const open: Terminal[] = [];

beforeEach(async () => {
  folder = await temporaryFolder();
  workbook = join(folder.path, 'wb');
  await run(process.execPath, [resolve('bin/mongo-course.js'), 'init', workbook], { env: { ...process.env, XDG_STATE_HOME: join(folder.path, '.state') } });
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((terminal) => terminal.close()));
  await folder.remove();
});

function watch(options: Partial<TypedOptions> = {}): Terminal {
  const terminal = new Terminal(['watch'], { cwd: workbook, ...options });
  open.push(terminal);
  return terminal;
}

/** Saves the solution, or one of the course's mistakes, as an editor would. */
const save = (from: string): Promise<void> =>
  copyFile(resolve(from === 'solution' ? 'solutions/00-hello/hello.ts' : `exercises/00-hello/mistakes/${from}/hello.ts`), join(workbook, '00-hello', 'hello.ts'));

const progress = async (): Promise<{ exercises: Record<string, { passedAt?: string; attempts: number }> }> =>
  JSON.parse(await readFile(join(workbook, '.mongo-course', 'progress.json'), 'utf8')) as { exercises: Record<string, { passedAt?: string; attempts: number }> };

describe('watch', () => {
  it('shows the task until something is saved, then what failed, then that it passes', async () => {
    const terminal = watch();
    await terminal.shows('save a file to check it');
    await save('no-date');
    await terminal.shows(/✖ stores the time of now as a date/);
    await save('solution');
    await terminal.shows(/Well done: "Say hello to MongoDB" passes/);
    terminal.type('q');
    expect(await terminal.exited).toBe(0);
    expect((await progress()).exercises['00-hello']?.passedAt).toBeDefined();
  });

  it('shows the line that does not compile', async () => {
    const terminal = watch();
    await terminal.shows('save a file to check it');
    await writeFile(join(workbook, '00-hello', 'hello.ts'), 'export const x = ;\n');
    await terminal.shows('1 | export const x = ;');
  });

  it('checks again what was saved while it was checking', async () => {
    const terminal = watch();
    await terminal.shows('save a file to check it');
    await save('never-closes');
    await terminal.shows('checking…');
    await save('solution');
    await terminal.shows('Well done');
  });

  it('checks the exercise that was saved, whichever is shown', async () => {
    const terminal = watch();
    await terminal.shows('00-hello');
    await mkdir(join(workbook, '02-crud'));
    await writeFile(join(workbook, '02-crud', 'views.ts'), 'export const x = ;\n');
    await terminal.shows(/02-crud {2}CRUD in a view[^]*1 \| export const x = ;/);
  });

  it('answers every key, also those pressed at once', async () => {
    const terminal = watch();
    await terminal.shows('save a file to check it');
    terminal.type('hhh');
    await terminal.shows('hint 3 of');
    terminal.type('l');
    while ((await terminal.shows(/\d more lines|minutes to go/)).endsWith('more lines')) terminal.type(' ');
    terminal.type('t');
    await terminal.shows('What you write');
    terminal.type(' ');
    await terminal.shows('What is judged');
    terminal.type('d');
    await terminal.shows('has not been checked yet');
    terminal.type('c');
    await terminal.shows('nothing to check');
    terminal.type('n');
    await terminal.shows('has not passed yet');
    await save('no-date');
    await terminal.shows('✖ stores the time');
    terminal.type('d');
    await terminal.shows('insertOne');
    terminal.type('r');
    await expect.poll(async () => (await progress()).exercises['00-hello']?.attempts, { timeout: 30_000 }).toBe(2);
    terminal.type('xn');
    await terminal.shows('Nothing was changed');
    terminal.type('xy');
    await terminal.shows('has its starter files again');
    expect(await readFile(join(workbook, '00-hello', 'hello.ts'), 'utf8')).toBe(await readFile(resolve('exercises/00-hello/starter/hello.ts'), 'utf8'));
  });

  it('leaves what was asked for on the screen when the verdict comes', async () => {
    const terminal = watch();
    await terminal.shows('save a file to check it');
    await save('never-closes');
    await terminal.shows('checking…');
    terminal.type('h');
    await terminal.shows(/Checked: \d of 6 checks pass\. Esc shows more\./);
    expect(terminal.raw).not.toContain('✖ closes its client');
    terminal.type('\u001b');
    await terminal.shows('✖ closes its client');
  });

  it('says so when the workbook was moved away', async () => {
    const terminal = watch();
    await terminal.shows('save a file to check it');
    await rename(workbook, `${workbook}-elsewhere`);
    await terminal.shows(/Your workbook is not at \S+/);
    await terminal.shows('start watch again');
    expect(await terminal.exited).toBe(3);
    expect(terminal.raw.slice(terminal.raw.lastIndexOf(leaves))).not.toContain('our mistake');
  });

  it('goes on to the next exercise, with its lessons before it', async () => {
    const terminal = watch();
    await terminal.shows('save a file to check it');
    await save('solution');
    await terminal.shows('Well done');
    terminal.type('n');
    for (let step = 0; step < 30; step++) {
      const shown = await terminal.shows(/Press Enter to read it|They never block the way\. \(Y\/n\)(?!\s*n)|\(END\)|\n:|01-connect {2}One/);
      if (shown.includes('01-connect  One')) break;
      terminal.type(shown.includes('Press Enter') ? '\r' : shown.includes('never block') ? 'n\r' : 'q');
    }
    terminal.type('q');
    expect(await terminal.exited).toBe(0);
    expect((await progress()).exercises['01-connect']).toBeDefined();
  });

  it('opens the editor at the line that failed, and comes back', async () => {
    const editor = join(folder.path, 'vim');
    await writeFile(editor, '#!/bin/sh\necho "EDITOR GOT $*"\nread answer\n');
    await chmod(editor, 0o755);
    const terminal = watch({ env: { EDITOR: editor } });
    await terminal.shows('save a file to check it');
    await writeFile(join(workbook, '00-hello', 'hello.ts'), '\n\nexport const x = ;\n');
    await terminal.shows('3 | export const x = ;');
    terminal.type('e');
    await terminal.shows(/EDITOR GOT \+3 .*00-hello\/hello\.ts/);
    terminal.type('\r');
    await terminal.shows('Opened 00-hello/hello.ts:3');
    terminal.type('q');
    expect(await terminal.exited).toBe(0);
  });

  for (const [how, leave, code] of [
    ['q', (terminal: Terminal) => terminal.type('q'), 0],
    ['Ctrl-C', (terminal: Terminal) => terminal.type('\u0003'), 130],
    ['SIGTERM', (terminal: Terminal) => terminal.signal('SIGTERM'), 130],
  ] as const) {
    it(`leaves the terminal as it was after ${how}`, async () => {
      const terminal = watch();
      await terminal.shows('save a file to check it');
      leave(terminal);
      expect(await terminal.exited).toBe(code);
      expect(terminal.raw.slice(terminal.raw.lastIndexOf('\u001b[?1049h'))).toContain(leaves);
      expect(terminal.raw).toContain('\u001b[?25h');
    });
  }

  it('leaves the terminal as it was when it crashes, and says why there', async () => {
    const terminal = watch({ env: { NODE_OPTIONS: `--import=${await preload('crash.mjs', crashOnSignal)}` } });
    await terminal.shows('save a file to check it');
    terminal.signal('SIGUSR2');
    expect(await terminal.exited).not.toBe(0);
    expect(terminal.raw.slice(terminal.raw.lastIndexOf(leaves))).toContain('crashed on purpose');
  });

  it('only adds lines where ACCESSIBLE=1 asks for it, and takes the same keys', async () => {
    const terminal = watch({ env: { ACCESSIBLE: '1' } });
    await terminal.shows('Keys: n: next exercise');
    await save('no-date');
    await terminal.shows('failed: stores the time of now as a date');
    terminal.type('h');
    await terminal.shows('hint 1 of');
    await save('solution');
    await terminal.shows('6 of 6 checks pass');
    terminal.type('q');
    expect(await terminal.exited).toBe(0);
    expect(terminal.raw).not.toContain('\u001b[');
  });

  it('fits a narrow terminal, and follows its size', async () => {
    const terminal = watch({ columns: 60, env: { NO_COLOR: '1' } });
    await terminal.shows('q quit');
    const [, ...lines] = terminal.raw.split(/\u001b\[\d+;1H/);
    for (const line of lines) expect(line.replace(/\u001b\[[0-9;?]*[a-zA-Z]/g, '').length).toBeLessThanOrEqual(60);
    await save('solution');
    await terminal.shows(/Press n to\s+go on\./);
    terminal.type('x');
    await terminal.shows(/any other key:\s+no/);
    terminal.resize(100, 30);
    await terminal.shows('x reset  q quit');
  });

  it('notices saves where no file events arrive', async () => {
    const terminal = watch({ env: { NODE_OPTIONS: `--import=${await preload('silent.mjs', withoutEvents)}` } });
    await terminal.shows('save a file to check it');
    await save('solution');
    await terminal.shows('Well done');
  });
});

async function preload(name: string, text: string): Promise<string> {
  const file = join(folder.path, name);
  await writeFile(file, text);
  return file;
}

const crashOnSignal = 'if (process.argv.includes("watch")) process.on("SIGUSR2", () => { throw new Error("crashed on purpose"); });\n';

/** As on some network drives: watching works, and never says a thing. */
const withoutEvents = `
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { EventEmitter } from 'node:events';
fs.watch = () => Object.assign(new EventEmitter(), { close() {} });
syncBuiltinESMExports();
`;
