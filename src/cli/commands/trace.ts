import { UserError } from '../../errors.ts';
import type { Exercise } from '../../course/types.ts';
import type { TraceEntry } from '../../verdict/types.ts';
import type { LastRun } from '../../workbook/runs.ts';
import type { Cli, CommandModule } from '../context.ts';
import type { Session } from '../session.ts';

interface Options {
  json?: boolean;
  check?: string;
  all?: boolean;
  compare?: boolean;
  reveal?: boolean;
}

export const command: CommandModule = {
  register(program, cli) {
    program
      .command('trace [id]')
      .summary('what your code sent to MongoDB in the last check')
      .description('Shows the last check as a timeline: what was sent, how long it took, what came back. Repeated shapes are marked.')
      .option('--check <check>', 'only what one check saw')
      .option('--all', 'show every command of a long row')
      .option('--compare', 'beside what our solution sends, once yours has passed')
      .option('--reveal', 'with --compare: although yours has not passed')
      .option('--json', 'print it as JSON')
      .action(cli.action((id: string | undefined, options: Options) => trace(cli, id, options)));
  },
};

async function trace(cli: Cli, id: string | undefined, options: Options): Promise<void> {
  const [{ chooseExercise, requireSession }, { loadRun }] = await Promise.all([import('../session.ts'), import('../../workbook/runs.ts')]);
  const session = await requireSession(cli, 'read');
  const exercise = chooseExercise(session, id);
  const run = await loadRun(session.workbook, exercise.id);
  if (!run) throw new UserError(`${exercise.id} has not been checked yet.`, { wayOut: `Check it first: npx mongo-course check ${exercise.id}` });
  const known = [...new Set(run.trace.map((entry) => entry.check))];
  if (options.check !== undefined && !known.includes(options.check)) {
    throw new UserError(`The last run saw nothing in a check "${options.check}".`, { wayOut: `It saw traffic in: ${known.join(', ') || 'no check at all'}.` });
  }
  const only = (entries: readonly TraceEntry[]): TraceEntry[] => entries.filter((entry) => options.check === undefined || entry.check === options.check);
  const ours = options.compare || options.reveal ? only(await solutionTrace(session, exercise, run, options.reveal ?? false)) : undefined;
  await (options.json ? printJson(cli, exercise, run, only(run.trace), ours) : print(session, exercise, run, only(run.trace), ours, options));
}

async function printJson(cli: Cli, exercise: Exercise, run: LastRun, entries: TraceEntry[], ours: TraceEntry[] | undefined): Promise<void> {
  const [{ findRepeats, roundTrips }, { compareTraces }] = await Promise.all([import('../trace/repeats.ts'), import('../trace/compare.ts')]);
  cli.terminal.print(JSON.stringify({
    exercise: exercise.id, at: run.at, seed: run.seed, engine: run.engine, roundTrips: roundTrips(entries), entries,
    repeats: findRepeats(entries).map(({ check, shape, count, kind, from, to }) => ({ check, shape, count, kind, from, to })),
    ...(ours ? { comparison: compareTraces(entries, ours, run.verdict.checks) } : {}),
  }, null, 2));
}

async function print({ cli, progress }: Session, exercise: Exercise, run: LastRun, entries: TraceEntry[], ours: TraceEntry[] | undefined, options: Options): Promise<void> {
  const [{ timeline }, { compareTraces, comparisonLines }, { page }] = await Promise.all([import('../trace/timeline.ts'), import('../trace/compare.ts'), import('../terminal/pager.ts')]);
  const { wrap } = await import('../terminal/table.ts');
  const { terminal } = cli;
  const head = terminal.color.bold(`${exercise.id}, checked ${run.at.replace('T', ' ').slice(0, 19)} UTC, seed ${run.seed}, ${run.engine.kind} engine ${run.engine.version}`);
  const body = ours
    ? ['', ...comparisonLines(terminal, compareTraces(entries, ours, run.verdict.checks), entries, ours)]
    : entries.length > 0 ? timeline(terminal, entries, run.verdict.checks, options.all ?? false) : ['Your code sent nothing to MongoDB.'];
  const passed = progress.exercises[exercise.id]?.passedAt !== undefined;
  const more = passed && !ours ? ['', `Beside ours: npx mongo-course trace ${exercise.id} --compare`] : [];
  await page(cli, `${[wrap(head, terminal.width), ...body, ...more].join('\n')}\n`);
}

/** What our solution sends, checked with the same seed. */
async function solutionTrace(session: Session, exercise: Exercise, run: LastRun, reveal: boolean): Promise<TraceEntry[]> {
  const { cli, course, progress } = session;
  if (!reveal && progress.exercises[exercise.id]?.passedAt === undefined) {
    throw new UserError(`${exercise.id} has not passed yet.`, { wayOut: `Once it has, this shows yours beside ours. To see it all the same: npx mongo-course trace ${exercise.id} --compare --reveal` });
  }
  const [{ openGrader }, { CheckProgress }, { join }] = await Promise.all([import('../grader.ts'), import('../check-progress.ts'), import('node:path')]);
  cli.terminal.note('Checking our solution with the same seed …');
  const progressLine = new CheckProgress(cli.terminal, [exercise]);
  const grader = await openGrader(cli, course, { engine: run.engine.kind === 'mongod' ? 'mongod' : undefined, onEvent: progressLine.onEvent });
  progressLine.begin();
  try {
    const path = join(course.root, 'solutions', exercise.id);
    const { traces } = await grader.grade({ submission: { name: 'solution', path, exercises: new Map([[exercise.id, path]]) }, exercises: [exercise], seed: run.seed });
    return traces[exercise.id] ?? [];
  } finally {
    progressLine.end();
    await grader.close();
  }
}
