import { UserError } from '../../errors.ts';
import type { Cli, CommandModule } from '../context.ts';

export const command: CommandModule = {
  register(program, cli) {
    program
      .command('skip [id]')
      .summary('go on, and come back to an exercise later')
      .description('Puts an exercise off: next goes on with the one after it. Your files stay; check brings it back.')
      .action(cli.action((id: string | undefined) => skip(cli, id)));
  },
};

async function skip(cli: Cli, id: string | undefined): Promise<void> {
  const { chooseExercise, openedProgress, requireSession } = await import('../session.ts');
  const session = await requireSession(cli);
  const exercise = chooseExercise(session, id);
  if (session.progress.exercises[exercise.id]?.passedAt) {
    throw new UserError(`${exercise.id} has passed already; there is nothing to put off.`, { wayOut: 'Go on with: npx mongo-course next' });
  }
  await session.update((progress) => {
    openedProgress(progress, exercise.id).skippedAt = new Date().toISOString();
  });
  cli.terminal.print(`${exercise.id} is put off. Come back any time with: npx mongo-course check ${exercise.id}`);
  cli.terminal.print('Go on with: npx mongo-course next');
}
