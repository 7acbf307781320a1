import type { Cli, CommandModule } from '../context.ts';

export const command: CommandModule = {
  register(program, cli) {
    program
      .command('pack [file.zip]')
      .summary('what you hand in, as one zip')
      .description('Packs the source files of your exercises into one zip (handin.zip in your workbook, where no file is named), and says what is inside, what was left out, and what a class run will check. Literal passwords and keys are refused.')
      .option('--force', 'write over a file that pack did not make')
      .action(cli.action((file: string | undefined, options: { force?: boolean }) => pack(cli, file, options)));
  },
};

async function pack(cli: Cli, file: string | undefined, options: { force?: boolean }): Promise<void> {
  const [{ requireSession }, { packWorkbook }] = await Promise.all([import('../session.ts'), import('../pack.ts')]);
  await packWorkbook(await requireSession(cli, 'read'), file, options.force ?? false);
}
