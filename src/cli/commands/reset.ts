import { UserError } from '../../errors.ts';
import type { Cli, CommandModule } from '../context.ts';

interface Options {
  list?: boolean;
  restore?: string | true;
}

export const command: CommandModule = {
  register(program, cli) {
    program
      .command('reset [id]')
      .summary('start an exercise again; your files are kept in a backup')
      .description('Puts the starter files of an exercise back. What was there is backed up first.')
      .option('--list', 'list the backups of the exercise')
      .option('--restore [backup]', 'put a backup back: the newest, or the one named')
      .action(cli.action((id: string | undefined, options: Options) => reset(cli, id, options)));
  },
};

async function reset(cli: Cli, id: string | undefined, options: Options): Promise<void> {
  const [{ chooseExercise, openedProgress, requireSession }, { listBackups }, { resetExercise, restoreExercise }] = await Promise.all([
    import('../session.ts'), import('../../workbook/backups.ts'), import('../../workbook/exercises.ts'),
  ]);
  const session = await requireSession(cli, options.list ? 'read' : 'write');
  const exercise = chooseExercise(session, id);
  const backups = await listBackups(session.workbook, exercise.id);
  if (options.list) {
    if (backups.length === 0) cli.terminal.print(`There are no backups of ${exercise.id}.`);
    for (const backup of backups) cli.terminal.print(backup.id);
    return;
  }
  if (options.restore !== undefined) {
    const chosen = options.restore === true ? backups[0] : backups.find((backup) => backup.id === options.restore);
    if (!chosen) {
      throw new UserError(`There is no such backup of ${exercise.id}.`, { wayOut: `See them with: npx mongo-course reset ${exercise.id} --list` });
    }
    const kept = await restoreExercise(session.workbook, exercise, chosen);
    cli.terminal.print(`${exercise.id} is as it was at ${chosen.id}.`);
    if (kept) cli.terminal.print(`What was there until now is kept as backup ${kept.id}.`);
    return;
  }
  const kept = await resetExercise(session.workbook, session.course, exercise);
  await session.update((progress) => {
    const state = openedProgress(progress, exercise.id);
    delete state.gradedDigest;
    delete state.seed;
    // They were of files that are gone. What was passed stays so.
    if (!state.passedAt) {
      delete state.status;
      delete state.score;
    }
  });
  cli.terminal.print(`${exercise.id} has its starter files again.`);
  if (kept) cli.terminal.print(`Your files are kept. To have them back: npx mongo-course reset ${exercise.id} --restore ${kept.id}`);
}
