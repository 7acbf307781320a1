import { UserError } from '../../errors.ts';
import { didYouMean } from '../../nearest.ts';
import type { Cli, CommandModule } from '../context.ts';

export const command: CommandModule = {
  register(program, cli) {
    program
      .command('quiz [id]')
      .summary('questions on a lesson, every answer explained')
      .description('Asks a few questions on a lesson and explains every answer. It never blocks the way.')
      .action(cli.action((id: string | undefined) => quiz(cli, id)));
  },
};

async function quiz(cli: Cli, id: string | undefined): Promise<void> {
  const [course, { findWorkbook }] = await Promise.all([cli.course(), import('../../workbook/workbook.ts')]);
  const workbook = findWorkbook(cli.cwd);
  const { openSession } = await import('../session.ts');
  const session = workbook ? await openSession(cli, workbook, 'read') : undefined;
  const wanted = id?.split('#')[0];
  const chosen = wanted
    ? course.quizzes.find((one) => one.id === wanted || one.id.endsWith(`-${wanted}`) || (/^\d+$/.test(wanted) && Number(one.id.slice(0, 2)) === Number(wanted)))
    : (course.quizzes.find((one) => session?.progress.quizzes[one.id]?.of === undefined && session?.progress.lessons[one.lesson] !== undefined) ?? course.quizzes[0]);
  if (!chosen) {
    if (!wanted || course.quizzes.length === 0) throw new UserError('This course has no quizzes.', { wayOut: 'Go on with: npx mongo-course next' });
    const ids = course.quizzes.map((one) => one.id);
    throw new UserError(`There is no quiz "${wanted}".`, { wayOut: `${didYouMean(wanted, ids)}The quizzes are: ${ids.join(', ')}.` });
  }
  const { askQuiz } = await import('../quiz.ts');
  const result = await askQuiz(cli, chosen);
  if (session?.writable && result) {
    await session.update((progress) => {
      progress.quizzes[chosen.id] = { offeredAt: new Date().toISOString(), ...result };
    });
  }
}
