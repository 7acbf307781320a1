import { UserError } from '../../errors.ts';
import { didYouMean } from '../../nearest.ts';
import type { Lesson } from '../../course/types.ts';
import type { Cli, CommandModule } from '../context.ts';

export const command: CommandModule = {
  register(program, cli) {
    program
      .command('lesson [id]')
      .summary('read a lesson')
      .description('Shows a lesson, or one section of it: mongo-course lesson 02-connecting#closing')
      .action(cli.action((id: string | undefined) => showLesson(cli, id)));
  },
};

async function showLesson(cli: Cli, wanted: string | undefined): Promise<void> {
  const [course, { findWorkbook }] = await Promise.all([cli.course(), import('../../workbook/workbook.ts')]);
  const workbook = findWorkbook(cli.cwd);
  const { openSession } = await import('../session.ts');
  const session = workbook ? await openSession(cli, workbook, 'read') : undefined;
  const [id, section] = wanted?.split('#') ?? [];
  const lesson = id ? findLesson(course.lessons, id) : session ? await lessonToRead(session.course.lessons, session.progress.lessons) : course.lessons[0];
  if (!lesson) throw new UserError('This course has no lessons.');
  const { presentLesson } = await import('../lesson.ts');
  await presentLesson(cli, course, lesson, section);
  if (session?.writable && section === undefined) {
    await session.update((progress) => {
      progress.lessons[lesson.id] ??= { readAt: new Date().toISOString() };
    });
  }
}

async function lessonToRead(lessons: Lesson[], read: Record<string, unknown>): Promise<Lesson | undefined> {
  return lessons.find((lesson) => !(lesson.id in read)) ?? lessons.at(-1);
}

function findLesson(lessons: Lesson[], id: string): Lesson {
  const exact = lessons.find((lesson) => lesson.id === id);
  if (exact) return exact;
  const matches = lessons.filter((lesson) => (/^\d+$/.test(id) ? Number(lesson.id.slice(0, 2)) === Number(id) : lesson.id.endsWith(`-${id}`)));
  if (matches.length === 1) return matches[0] as Lesson;
  const ids = lessons.map((lesson) => lesson.id);
  throw new UserError(`There is no lesson "${id}".`, { wayOut: `${didYouMean(id, ids)}The lessons are: ${ids.join(', ')}.` });
}
