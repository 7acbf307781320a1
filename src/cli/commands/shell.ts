import type { ExitCode } from '../../errors.ts';
import type { Cli, CommandModule } from '../context.ts';

export const command: CommandModule = {
  register(program, cli) {
    program
      .command('shell [id]')
      .summary('look into the data, as with mongosh')
      .description('A prompt on the data of your running server, of its last run, or of the last check. Prints a URI for mongosh and Compass.')
      .option('--check', 'what the last check left behind, even where there is data of a run')
      .action(cli.action((id: string | undefined, options: { check?: boolean }) => shell(cli, id, options)));
  },
};

async function shell(cli: Cli, id: string | undefined, options: { check?: boolean }): Promise<ExitCode> {
  const [{ chooseExercise, requireSession }, { startShell }] = await Promise.all([import('../session.ts'), import('../shell/start.ts')]);
  const session = await requireSession(cli);
  return startShell(session, chooseExercise(session, id), options.check ? 'check' : undefined);
}
