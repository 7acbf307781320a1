import type { Course, Exercise, Lesson } from '../course/types.ts';
import { headingsOf } from '../course/markdown.ts';
import { UserError } from '../errors.ts';
import { didYouMean } from '../nearest.ts';
import type { Cli } from './context.ts';
import { renderMarkdown } from './terminal/markdown.ts';
import { page } from './terminal/pager.ts';

/**
 * Shows a lesson, or the section of it whose heading has this slug or alone begins so, and waits until it was read.
 * @throws UserError naming the sections there are
 */
export async function presentLesson(cli: Cli, course: Course, lesson: Lesson, section?: string): Promise<void> {
  const { readLesson } = await import('../course/load.ts');
  const body = await readLesson(course, lesson.id);
  if (section === undefined) {
    const goals = lesson.objectives.map((goal) => `- ${goal}`).join('\n');
    const head = `# ${lesson.title}\n\nAbout ${lesson.minutes} minutes. After it you can:\n\n${goals}\n\n`;
    await page(cli, await renderMarkdown(head + body.replace(/^\s*# .*\n/, ''), cli.terminal, lesson.id));
    return;
  }
  const begun = lesson.sections.filter((one) => one.startsWith(section));
  const part = sectionOf(body, begun.length === 1 ? (begun[0] as string) : section);
  if (part === undefined) {
    throw new UserError(`Lesson ${lesson.id} has no section "${section}".`, { wayOut: `${didYouMean(section, lesson.sections)}Its sections are: ${lesson.sections.join(', ')}.` });
  }
  await page(cli, await renderMarkdown(part, cli.terminal, lesson.id));
}

/** Shows an exercise's task. */
export async function presentTask(cli: Cli, course: Course, exercise: Exercise): Promise<void> {
  const { readTask } = await import('../course/load.ts');
  await page(cli, await renderMarkdown(await readTask(course, exercise.id), cli.terminal));
}

/** The Markdown from a heading to the next one of its level or above; undefined where no heading has the slug. */
function sectionOf(markdown: string, slug: string): string | undefined {
  const headings = headingsOf(markdown);
  const from = headings.find((heading) => heading.slug === slug);
  if (!from) return undefined;
  const to = headings.find(({ line, level }) => line > from.line && level <= from.level);
  return markdown.split('\n').slice(from.line, to?.line).join('\n');
}
