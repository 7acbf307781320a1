import { join, resolve } from 'node:path';
import { Option } from 'commander';
import { UserError, exitCodes, type ExitCode } from '../../errors.ts';
import type { Cli, CommandModule } from '../context.ts';

interface Options {
  yes?: boolean;
  assistants: 'tutor' | 'allow';
  engine?: string;
}

export const command: CommandModule = {
  register(program, cli) {
    program
      .command('next')
      .summary('the one command you need: what to read, write and check next')
      .description('Goes on from where you are: shows the next lesson or task, checks what you wrote, and says what to do.')
      .option('-y, --yes', 'make a workbook without asking')
      .addOption(new Option('--assistants <mode>', 'for a new workbook: what AI assistants are asked to do').choices(['tutor', 'allow']).default('tutor'))
      .addOption(new Option('--engine <kind>', 'what serves MongoDB').choices(['embedded', 'mongod']))
      .action(cli.action((options: Options) => next(cli, options)));
  },
};

async function next(cli: Cli, options: Options): Promise<ExitCode> {
  const workbook = await chooseWorkbook(cli, options);
  if (workbook === undefined) return exitCodes.ok;
  const [{ openSession }, { walk }] = await Promise.all([import('../session.ts'), import('../walk.ts')]);
  return walk(await openSession(cli, workbook), options.engine);
}

/** The workbook here, the last one used, or a new one; undefined where the person declined. */
async function chooseWorkbook(cli: Cli, options: Options): Promise<string | undefined> {
  const [{ findLostWorkbook, findWorkbook, isWorkbook, reviveWorkbook }, { lastWorkbook }, { makeWorkbook }] = await Promise.all([
    import('../../workbook/workbook.ts'), import('../../workbook/last-used.ts'), import('./init.ts'),
  ]);
  const here = findWorkbook(cli.cwd);
  if (here) return here;
  const lost = await findLostWorkbook(cli.cwd);
  if (lost && (await agreesToRevive(cli, lost, options))) {
    await reviveWorkbook(lost, await cli.course());
    cli.terminal.print(`${lost} is a workbook again. Checking your files shows what had passed already.`);
    return lost;
  }
  const last = await lastWorkbook(cli.env);
  const known = last !== undefined && isWorkbook(last) ? last : undefined;
  const fresh = await freshFolder(cli.cwd);
  if (options.yes) {
    await makeWorkbook(cli, fresh, options.assistants);
    return fresh;
  }
  if (!cli.terminal.interactive) {
    throw new UserError('There is no workbook in this folder, or in one above it.', {
      wayOut: `${known ? `Your last one is ${known}: cd there first. ` : ''}To make one here: mongo-course next --yes`,
    });
  }
  const { askOne, askYesNo } = await import('../terminal/ask.ts');
  if (known) {
    const answer = await askOne(cli, 'There is no workbook in this folder.', [
      { name: `Go on in the last one, ${known} (${await howFar(cli, known)})`, value: 'last' },
      { name: `Make a new one in ${fresh}`, value: 'new' },
      { name: 'Neither', value: 'neither' },
    ]);
    if (answer === 'last') return known;
    if (answer === 'neither') return undefined;
  } else if (!(await askYesNo(cli, `There is no workbook yet. Make one in ${fresh}?`, true))) {
    cli.terminal.print('Nothing was made. To choose a folder: npx mongo-course init my-workbook');
    return undefined;
  }
  await makeWorkbook(cli, fresh, options.assistants);
  return fresh;
}

async function agreesToRevive(cli: Cli, lost: string, options: Options): Promise<boolean> {
  const what = `${lost} was a workbook, but its folder .mongo-course is gone, and with it what had passed. Your files are there.`;
  if (options.yes) return true;
  if (!cli.terminal.interactive) throw new UserError(what, { wayOut: 'To go on with your files: mongo-course next --yes' });
  const { askYesNo } = await import('../terminal/ask.ts');
  cli.terminal.print(what);
  return askYesNo(cli, 'Go on with them?', true);
}

/** The current folder where it is empty, else one inside it that does not exist yet. */
async function freshFolder(cwd: string): Promise<string> {
  const { readdir, lstat } = await import('node:fs/promises');
  if ((await readdir(cwd)).every((name) => name.startsWith('.'))) return resolve(cwd);
  for (let number = 1; ; number++) {
    const folder = join(cwd, number === 1 ? 'mongo-workbook' : `mongo-workbook-${number}`);
    const taken = await lstat(folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (!taken) return folder;
  }
}

async function howFar(cli: Cli, workbook: string): Promise<string> {
  const [course, { loadProgress }] = await Promise.all([cli.course(), import('../../workbook/progress.ts')]);
  const { progress } = await loadProgress(workbook, course);
  const passed = course.exercises.filter((exercise) => progress.exercises[exercise.id]?.passedAt).length;
  return `${passed} of ${course.exercises.length} exercises passed`;
}
