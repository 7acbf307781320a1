import { InvalidArgumentError } from 'commander';
import { UserError, type ExitCode } from '../../errors.ts';
import type { Cli, CommandModule } from '../context.ts';

interface Options {
  port?: number;
  fresh?: boolean;
}

export const command: CommandModule = {
  register(program, cli) {
    program
      .command('run [id]')
      .summary('start your server, for a browser or curl')
      .description('Starts the server of an exercise on a MongoDB of its own, until Ctrl-C. What it stores is there the next time.')
      .option('-p, --port <number>', 'listen on this port (default: 3000, or the next free one)', port)
      .option('--fresh', 'begin without the data of earlier runs')
      .action(cli.action((id: string | undefined, options: Options) => run(cli, id, options)));
  },
};

function port(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > 65_535) throw new InvalidArgumentError('A port is a whole number from 1 to 65535.');
  return number;
}

async function run(cli: Cli, id: string | undefined, options: Options): Promise<ExitCode> {
  const [{ chooseExercise, howToOpen, requireSession }, { runExercise }, { touchedFiles }] = await Promise.all([import('../session.ts'), import('../run/run.ts'), import('../../workbook/exercises.ts')]);
  const session = await requireSession(cli);
  const exercise = chooseExercise(session, id);
  const serving = session.course.exercises.filter((one) => one.entryKind === 'server');
  if (exercise.entryKind !== 'server') {
    throw new UserError(`${exercise.id} has no server to run.`, { wayOut: serving.length > 0 ? `These have one: ${serving.map((one) => one.id).join(', ')}.` : 'Check it with: npx mongo-course check' });
  }
  if (!session.progress.exercises[exercise.id] && (await touchedFiles(session.workbook, session.course, exercise)).length === 0) {
    throw new UserError(`${exercise.id} has not been opened in this workbook yet.`, { wayOut: howToOpen(session, exercise) });
  }
  return runExercise(session, exercise, options);
}
