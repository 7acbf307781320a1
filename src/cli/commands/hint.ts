import type { Cli, CommandModule } from '../context.ts';

export const command: CommandModule = {
  register(program, cli) {
    program
      .command('hint [id]')
      .summary('the next hint, gentle ones first')
      .description('Shows the next hint for an exercise. Hints cost nothing.')
      .option('--all', 'show every hint that was shown so far again')
      .action(cli.action((id: string | undefined, options: { all?: boolean }) => hint(cli, id, options)));
  },
};

async function hint(cli: Cli, id: string | undefined, options: { all?: boolean }): Promise<void> {
  const { chooseExercise, openedProgress, requireSession } = await import('../session.ts');
  const { renderMarkdown } = await import('../terminal/markdown.ts');
  const session = await requireSession(cli);
  const exercise = chooseExercise(session, id);
  const shown = session.progress.exercises[exercise.id]?.hintsShown ?? 0;
  const total = exercise.hints.length;
  const upTo = options.all ? Math.max(shown, 1) : Math.min(shown + 1, total);
  const from = options.all ? 0 : upTo - 1;
  for (let index = from; index < upTo; index++) {
    cli.terminal.print(cli.terminal.color.bold(`${exercise.id}, hint ${index + 1} of ${total}`));
    cli.terminal.stdout.write(await renderMarkdown(exercise.hints[index] as string, cli.terminal));
  }
  if (shown >= total && !options.all) cli.terminal.print(`That was the last hint. The lesson has more: npx mongo-course lesson ${exercise.lesson}`);
  await session.update((progress) => {
    const state = openedProgress(progress, exercise.id);
    state.hintsShown = Math.max(state.hintsShown, upTo);
  });
}
