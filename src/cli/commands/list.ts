import type { Course } from '../../course/types.ts';
import type { Progress } from '../../workbook/progress.ts';
import type { Cli, CommandModule } from '../context.ts';
import { exportProgress, type ExportedStep } from '../progress-export.ts';
import { currentExercise, minutesLeft } from '../way.ts';

export const command: CommandModule = {
  register(program, cli) {
    program
      .command('list')
      .alias('status')
      .summary('where you are: every lesson, quiz and exercise')
      .description('Shows every lesson, quiz and exercise with its state, points and minutes.')
      .option('--json', 'print it as JSON, for programs (docs/progress.md)')
      .action(cli.action((options: { json?: boolean }) => list(cli, options)));
  },
};

async function list(cli: Cli, options: { json?: boolean }): Promise<void> {
  const [course, { findWorkbook }, { loadProgress, emptyProgress }] = await Promise.all([
    cli.course(), import('../../workbook/workbook.ts'), import('../../workbook/progress.ts'),
  ]);
  const workbook = findWorkbook(cli.cwd);
  const loaded = workbook ? await loadProgress(workbook, course) : { progress: emptyProgress(course) };
  if ('repaired' in loaded && loaded.repaired) cli.terminal.note(loaded.repaired);
  const exported = exportProgress(course, loaded.progress, workbook);
  if (options.json) {
    cli.terminal.print(JSON.stringify(exported, null, 2));
    return;
  }
  await print(cli, course, loaded.progress, exported.steps.map(row));
  if (!workbook) {
    cli.terminal.print();
    cli.terminal.print('No workbook here yet. Start with: npx mongo-course next');
  }
}

/** One line as people read it. */
interface Row {
  kind: ExportedStep['kind'];
  id: string;
  title: string;
  state: string;
  minutes: number;
  points: string;
  extension: boolean;
}

function row(step: ExportedStep): Row {
  const { kind, id, title, state } = step;
  if (step.kind === 'lesson') return { kind, id, title, state, minutes: step.minutes, points: '', extension: false };
  if (step.kind === 'quiz') return { kind, id, title: `Quiz: ${title}`, state, minutes: 0, points: step.of === undefined ? '' : `${step.right}/${step.of}`, extension: false };
  return { kind, id, title, state, minutes: step.minutes, points: `${step.score ?? '–'}/${step.maxScore}`, extension: step.extension };
}

const done = new Set(['passed', 'read', 'taken', 'offered']);

async function print(cli: Cli, course: Course, progress: Progress, rows: Row[]): Promise<void> {
  const { pad, progressBar, wrap } = await import('../terminal/table.ts');
  const { color, accessible, width } = cli.terminal;
  const current = currentExercise(course, progress)?.id;
  const wide = width >= 76;
  const fixed = 2 + 9 + 9 + (wide ? 9 + 8 : 0);
  const lines = [color.bold(course.name), ''];
  for (const one of rows) {
    if (accessible) {
      lines.push(wrap(sentence(one, one.id === current), width));
      continue;
    }
    const isCurrent = one.kind === 'exercise' && one.id === current;
    const mark = done.has(one.state) ? color.green('✔') : isCurrent ? color.yellow('▸') : color.dim('·');
    const name = one.kind === 'exercise' ? `${one.id}  ${one.title}` : `${one.kind === 'lesson' ? `${one.id}  ${one.title}` : one.title}`;
    const label = one.kind === 'exercise' ? color.bold(pad(name, width - fixed)) : pad(name, width - fixed);
    const kind = color.dim(pad(one.kind === 'exercise' && one.extension ? 'extra' : one.kind, 9));
    const minutes = one.minutes ? `${one.minutes} min` : '';
    lines.push(`${mark} ${kind}${label} ${pad(one.state, 8)}${wide ? `${pad(one.points, 8, 'right')} ${pad(minutes, 7, 'right')}` : ''}`.trimEnd());
  }
  const exercises = rows.filter((one) => one.kind === 'exercise');
  const passed = exercises.filter((one) => one.state === 'passed').length;
  const left = minutesLeft(course, progress);
  const sum = `${passed} of ${exercises.length} exercises passed${left > 0 ? `, about ${left} minutes to go` : ''}`;
  const room = Math.min(30, width - sum.length - 1);
  lines.push('', accessible || room < 8 ? sum : `${progressBar(passed, exercises.length, room)} ${sum}`);
  cli.terminal.print(lines.join('\n'));
}

/** A row as it is read out: no columns, no marks. */
function sentence(one: Row, isCurrent: boolean): string {
  const [points, most] = one.points.split('/');
  const counted = most === undefined ? '' : points === '–' ? `, of ${most} points` : `, ${points} of ${most} ${one.kind === 'quiz' ? 'right' : 'points'}`;
  const kind = one.kind === 'exercise' ? (one.extension ? 'Extra exercise' : 'Exercise') : one.kind === 'lesson' ? 'Lesson' : undefined;
  const what = kind === undefined ? one.title : `${kind} ${one.id}, ${one.title}`;
  return `${isCurrent && one.kind === 'exercise' ? 'Current: ' : ''}${what}: ${one.state}${counted}${one.minutes ? `, ${one.minutes} minutes` : ''}.`;
}
