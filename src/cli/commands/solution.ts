import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../errors.ts';
import type { Cli, CommandModule } from '../context.ts';

interface Options {
  reveal?: boolean;
  diff?: boolean;
}

export const command: CommandModule = {
  register(program, cli) {
    program
      .command('solution [id]')
      .summary('our solution, once yours has passed')
      .description('Shows our solution of an exercise that you have passed, or of any with --reveal. It costs nothing.')
      .option('--reveal', 'show it although the exercise has not passed')
      .option('--diff', 'show it against your file')
      .action(cli.action((id: string | undefined, options: Options) => solution(cli, id, options)));
  },
};

async function solution(cli: Cli, id: string | undefined, options: Options): Promise<void> {
  const [{ chooseExercise, openedProgress, requireSession }, { filesOf }, { page }] = await Promise.all([
    import('../session.ts'), import('../../workbook/exercises.ts'), import('../terminal/pager.ts'),
  ]);
  const session = await requireSession(cli);
  const exercise = chooseExercise(session, id);
  const passed = session.progress.exercises[exercise.id]?.passedAt !== undefined;
  if (!passed && !options.reveal) {
    throw new UserError(`${exercise.id} has not passed yet.`, { wayOut: `Try a hint first: npx mongo-course hint ${exercise.id}. To see the solution all the same, add --reveal.` });
  }
  const root = join(session.course.root, 'solutions', exercise.id);
  const parts: string[] = [];
  for (const file of await filesOf(root)) {
    const ours = await readFile(join(root, file), 'utf8');
    const mine = options.diff ? await readMine(join(session.workbook, exercise.id), file) : undefined;
    parts.push(cli.terminal.color.bold(`── ${exercise.id}/${file} ${options.diff ? '(- yours, + ours) ' : ''}──`));
    parts.push(mine === undefined ? ours : await difference(cli, mine, ours));
  }
  await page(cli, `${parts.join('\n')}\n`);
  if (!passed) {
    await session.update((progress) => {
      openedProgress(progress, exercise.id).revealedAt ??= new Date().toISOString();
    });
  }
}

async function readMine(folder: string, file: string): Promise<string | undefined> {
  for (const name of [file, file.replace(/\.ts$/, '.js')]) {
    const text = await readFile(join(folder, name), 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (text !== undefined) return text;
  }
  return undefined;
}

async function difference(cli: Cli, mine: string, ours: string): Promise<string> {
  const { lineDifference } = await import('../terminal/difference.ts');
  const { color } = cli.terminal;
  return lineDifference(mine, ours)
    .map(({ kind, line }) => (kind === 'removed' ? color.red(`- ${line}`) : kind === 'added' ? color.green(`+ ${line}`) : `  ${line}`))
    .join('\n');
}
