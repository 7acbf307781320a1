import { relative, resolve } from 'node:path';
import { Option } from 'commander';
import { UserError } from '../../errors.ts';
import type { Assistants } from '../../workbook/scaffold.ts';
import type { Cli, CommandModule } from '../context.ts';
import { shellWord } from '../shell-word.ts';

interface Options {
  yes?: boolean;
  assistants: Assistants;
}

export const command: CommandModule = {
  register(program, cli) {
    program
      .command('init [dir]')
      .summary('make a workbook: the folder you work in')
      .description('Makes a workbook, the folder that will hold your exercises. Nothing that is there is overwritten.')
      .option('-y, --yes', 'ask nothing')
      .addOption(new Option('--assistants <mode>', 'what AI assistants in your editor are asked to do').choices(['tutor', 'allow']).default('tutor'))
      .action(cli.action((dir: string | undefined, options: Options) => init(cli, dir, options)));
  },
};

async function init(cli: Cli, dir: string | undefined, options: Options): Promise<void> {
  const folder = resolve(cli.cwd, dir ?? '.');
  if (dir === undefined && !options.yes) {
    if (!cli.terminal.interactive) {
      throw new UserError('No folder was named.', { wayOut: 'Name one: mongo-course init my-workbook. Or --yes for the current folder.' });
    }
    const { askYesNo } = await import('../terminal/ask.ts');
    if (!(await askYesNo(cli, `Make a workbook in ${folder}?`, true))) return;
  }
  await makeWorkbook(cli, folder, options.assistants);
  cli.terminal.print();
  cli.terminal.print('Go on there with:');
  const path = relative(cli.cwd, folder);
  if (path !== '') cli.terminal.print(`  cd ${shellWord(path)}`);
  cli.terminal.print('  npx mongo-course next');
}

/** Makes a workbook, and says so. Shared with `next`. */
export async function makeWorkbook(cli: Cli, folder: string, assistants: Assistants): Promise<void> {
  const [{ createWorkbook }, { rememberWorkbook }, course] = await Promise.all([
    import('../../workbook/workbook.ts'), import('../../workbook/last-used.ts'), cli.course(),
  ]);
  await createWorkbook(folder, course, assistants);
  await rememberWorkbook(folder, cli.env);
  cli.terminal.print(`${cli.terminal.color.green(cli.terminal.accessible ? 'Done:' : '✔')} Your workbook is ready: ${folder}`);
}
