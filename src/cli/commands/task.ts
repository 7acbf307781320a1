import type { CommandModule } from '../context.ts';

export const command: CommandModule = {
  register(program, cli) {
    program
      .command('task [id]')
      .summary('read the task of an exercise')
      .description('Shows what an exercise asks, exactly. Without an id: the current one.')
      .action(
        cli.action(async (id: string | undefined) => {
          const [{ chooseExercise, openSession }, { findWorkbook }, { presentTask }, { findExercise }, course] = await Promise.all([
            import('../session.ts'), import('../../workbook/workbook.ts'), import('../lesson.ts'), import('../../workbook/exercises.ts'), cli.course(),
          ]);
          const workbook = findWorkbook(cli.cwd);
          const exercise = workbook ? chooseExercise(await openSession(cli, workbook, 'read'), id) : findExercise(course, id ?? '00');
          await presentTask(cli, course, exercise);
        }),
      );
  },
};
