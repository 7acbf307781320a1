import { existsSync } from 'node:fs';
import { access, constants, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { exitCodes, isUserError, type ExitCode } from '../../errors.ts';
import type { Cli, CommandModule } from '../context.ts';
import { packageVersion } from '../version.ts';

export const command: CommandModule = {
  register(program, cli) {
    program
      .command('doctor')
      .summary('what is on this machine, and what to do about it')
      .description('Looks at everything the course needs and prints a report that you can paste into a question.')
      .action(cli.action(() => doctor(cli)));
  },
};

interface Finding {
  name: string;
  state: 'ok' | 'note' | 'problem';
  text: string;
  wayOut?: string;
}

async function doctor(cli: Cli): Promise<ExitCode> {
  const findings = (await Promise.all([program(), folder(cli), settings(cli), temporary(), packages(cli), engine(), mongod(cli), sandbox(), terminal(cli)])).filter((one) => one !== undefined);
  const { wrap } = await import('../terminal/table.ts');
  const { color, accessible } = cli.terminal;
  const marks = accessible
    ? { ok: 'ok:', note: 'note:', problem: 'problem:' }
    : { ok: color.green('✔'), note: color.yellow('–'), problem: color.red('✖') };
  for (const finding of findings) {
    const [first = '', ...more] = [finding.text, ...(finding.wayOut ? [finding.wayOut] : [])].flatMap((text) => wrap(text, cli.terminal.width - 14).split('\n'));
    cli.terminal.print(`${marks[finding.state]} ${finding.name.padEnd(11)} ${first}`);
    for (const line of more) cli.terminal.print(`${' '.repeat(14)}${line}`);
  }
  return findings.some((finding) => finding.state === 'problem') ? exitCodes.environment : exitCodes.ok;
}

async function program(): Promise<Finding> {
  return { name: 'course', state: 'ok', text: `mongo-course ${packageVersion()}, Node.js ${process.versions.node}, ${process.platform} ${process.arch}` };
}

async function folder(cli: Cli): Promise<Finding> {
  const { findWorkbook } = await import('../../workbook/workbook.ts');
  const workbook = findWorkbook(cli.cwd);
  if (!workbook) return { name: 'workbook', state: 'note', text: 'none in this folder or above', wayOut: 'Make one: mongo-course init my-workbook' };
  try {
    await access(workbook, constants.W_OK);
  } catch (error) {
    return { name: 'workbook', state: 'problem', text: `${workbook} can't be written to: ${(error as Error).message}`, wayOut: 'Move it to a folder of your own, or give yourself the right to write there.' };
  }
  const { lstat } = await import('node:fs/promises');
  const modules = await lstat(join(workbook, 'node_modules')).catch(() => undefined);
  const types = modules?.isSymbolicLink() ? 'packages linked' : modules ? 'a node_modules of its own' : 'packages not linked yet (next does it)';
  return { name: 'workbook', state: 'ok', text: `${workbook} (${types})` };
}

/** Windows PowerShell's `>` writes UTF-16, of which dotenv understands nothing, and says nothing. */
async function settings(cli: Cli): Promise<Finding | undefined> {
  const { readFile } = await import('node:fs/promises');
  const file = join(cli.cwd, '.env');
  const bytes = await readFile(file).catch(() => undefined);
  const isUtf16 = bytes !== undefined && ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff));
  return isUtf16 ? { name: '.env', state: 'problem', text: `${file} is written in UTF-16, which dotenv can't read: its settings do nothing`, wayOut: 'Open it in your editor and save it as UTF-8.' } : undefined;
}

async function temporary(): Promise<Finding> {
  try {
    await rm(await mkdtemp(join(tmpdir(), 'mongo-course-doctor-')), { recursive: true });
    return { name: 'temp folder', state: 'ok', text: tmpdir() };
  } catch (error) {
    return { name: 'temp folder', state: 'problem', text: `${tmpdir()} can't be written to: ${(error as Error).message}`, wayOut: 'Set TMPDIR to a folder that can, and free some disk space.' };
  }
}

/** Whether packages that take long to load can be kept ready. */
async function packages(cli: Cli): Promise<Finding> {
  const { cacheFolder } = await import('../../own-folders.ts');
  const folder = cacheFolder(cli.env);
  let there = folder;
  while (!existsSync(there)) there = dirname(there);
  try {
    await access(there, constants.W_OK);
    if (!(await stat(there)).isDirectory()) throw new Error(`${there} is a file`);
    return { name: 'packages', state: 'ok', text: `those that take long to load are kept ready in ${folder}` };
  } catch (error) {
    return { name: 'packages', state: 'note', text: `none can be kept ready in ${folder}: ${(error as Error).message}`, wayOut: 'Checks are right without it, and take up to twice as long. XDG_CACHE_HOME names another folder to keep them below.' };
  }
}

async function engine(): Promise<Finding> {
  const { startEngine } = await import('../../engine/index.ts');
  try {
    const running = await startEngine({ engine: 'embedded' });
    await running.stop();
    return { name: 'embedded', state: 'ok', text: `the embedded engine starts and stops; it answers as MongoDB ${running.version}` };
  } catch (error) {
    return { name: 'embedded', state: 'problem', text: `the embedded engine does not start: ${(error as Error).message}`, wayOut: 'Is a firewall closing ports of 127.0.0.1?' };
  }
}

async function mongod(cli: Cli): Promise<Finding> {
  const { findMongod } = await import('../../engine/find-mongod.ts');
  const found = await findMongod(cli.env);
  if (!found) return { name: 'mongod', state: 'note', text: 'none, and none is needed: the embedded engine serves', wayOut: 'To compare with a real server: npx mongo-course setup' };
  try {
    await access(found.path, constants.X_OK);
    return { name: 'mongod', state: 'ok', text: `${found.path} (${found.from})` };
  } catch {
    return { name: 'mongod', state: 'problem', text: `MONGOMS_SYSTEM_BINARY names ${found.path}, which can't be run`, wayOut: 'Correct it, or unset it: the embedded engine needs none.' };
  }
}

async function sandbox(): Promise<Finding> {
  const { chooseSandbox } = await import('../../submission/choose-sandbox.ts');
  try {
    return { name: 'sandbox', state: 'ok', text: `${await chooseSandbox('auto', true)} works; your own code runs in a process of its own, without it` };
  } catch (error) {
    if (!isUserError(error)) throw error;
    return { name: 'sandbox', state: 'note', text: `only needed to grade others: ${error.message.replace(/^[^:]*: /, '')}` };
  }
}

async function terminal(cli: Cli): Promise<Finding> {
  const { stdout, interactive, color, accessible } = cli.terminal;
  const kind = interactive ? `${stdout.columns} × ${stdout.rows}` : 'no terminal: nothing will be asked';
  return { name: 'terminal', state: 'ok', text: `${kind}, ${color.level === 0 ? 'no colour' : 'colour'}${accessible ? ', plain output' : ''}` };
}
