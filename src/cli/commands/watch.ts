import { Option } from 'commander';
import type { ExitCode } from '../../errors.ts';
import type { Cli, CommandModule } from '../context.ts';

export const command: CommandModule = {
  register(program, cli) {
    program
      .command('watch [id]')
      .summary('check again whenever you save')
      .description('Stays open and checks what you save, at once. Keys show hints, the task and the trace, and open your editor where it fails.')
      .addOption(new Option('--engine <kind>', 'what serves MongoDB').choices(['embedded', 'mongod']))
      .action(cli.action((id: string | undefined, options: { engine?: string }) => watch(cli, id, options)));
  },
};

async function watch(cli: Cli, id: string | undefined, options: { engine?: string }): Promise<ExitCode> {
  const { warmSlot } = await import('../../grading/slot-process.ts');
  warmSlot();
  const [{ chooseExercise, requireSession }, { startWatch }] = await Promise.all([import('../session.ts'), import('../watch/start.ts')]);
  const session = await requireSession(cli);
  return startWatch(session, chooseExercise(session, id), id !== undefined, options.engine);
}
