import { watch } from 'node:fs';
import { join } from 'node:path';
import type { Course, Exercise } from '../course/types.ts';
import { exitCodes, isUserError, UserError, type ExitCode } from '../errors.ts';
import type { Cli } from './context.ts';
import { openGrader } from './grader.ts';

export interface VerifyChoice {
  seed: number;
  jobs?: number;
  engine?: string;
  mongoUri?: string;
}

/**
 * `author verify`: validates the course, proves the exercises named (all without a name), and prints a line for each problem.
 * @returns 0 where all is proved, else 1
 */
export async function verifyOnce(cli: Cli, root: string, ids: readonly string[], choice: VerifyChoice): Promise<ExitCode> {
  const [{ validateCourse }, { jobsHere, problemText, verify }, { scaffold }] = await Promise.all([
    import('../course/validate.ts'), import('../author/verify.ts'), import('../workbook/scaffold.ts'),
  ]);
  const course = await validateCourse(root);
  const exercises = await select(course, ids);
  const jobs = choice.jobs ?? jobsHere();
  const grader = await openGrader(cli, course, { ...choice, engine: choice.engine, jobs });
  try {
    const tsconfig = scaffold(course, 'allow')['tsconfig.json'];
    const { problems, counts, gradedAgain, typesChecked } = await verify({
      course, exercises, grader, seed: choice.seed, jobs, signal: cli.signal,
      ...(tsconfig === undefined ? {} : { tsconfig }),
      onCase: (one, _verdict, found) => {
        if (!cli.terminal.accessible) cli.terminal.note(cli.terminal.errorColor.dim(`${found.length === 0 ? 'ok ' : 'NO '} ${one.exercise.id} ${one.kind}${one.from ? ` ${one.name}` : ''}`));
      },
    });
    for (const problem of problems) cli.terminal.print(problemText(problem));
    if (!typesChecked) cli.terminal.note('Types were not checked: no typescript is installed beside the course.');
    if (gradedAgain > 0) cli.terminal.note(`${counted(gradedAgain, 'case')} graded once more, alone, because of a first verdict that was not the expected one.`);
    const sums = [counted(counts.exercises, 'exercise'), counted(counts.checks, 'check'), counted(counts.mistakes, 'mistake'), counted(counts.variants, 'variant')].join(', ');
    cli.terminal.print(problems.length === 0 ? `Proved: ${sums} (seed ${choice.seed}).` : `${counted(problems.length, 'problem')} in ${sums} (seed ${choice.seed}).`);
    return problems.length === 0 ? exitCodes.ok : exitCodes.failed;
  } finally {
    await grader.close();
  }
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** Verifies again on every change, until Ctrl-C. */
export async function verifyAndWatch(cli: Cli, root: string, ids: readonly string[], choice: VerifyChoice): Promise<ExitCode> {
  let changed: (() => void) | undefined;
  let pending = true;
  const stir = (): void => {
    pending = true;
    changed?.();
  };
  const watchers = ['exercises', 'solutions', 'lessons'].map((folder) => watch(join(root, folder), { recursive: true }, stir));
  cli.signal.addEventListener('abort', stir);
  try {
    while (!cli.signal.aborted) {
      if (!pending) await new Promise<void>((done) => (changed = done));
      if (cli.signal.aborted) break;
      // Editors save in several steps; what comes with this one belongs to it.
      await new Promise((done) => setTimeout(done, 100));
      pending = false;
      await verifyOnce(cli, root, ids, choice).catch((error: unknown) => {
        if (!isUserError(error)) throw error;
        cli.terminal.print(error.message);
      });
      if (!pending) cli.terminal.note('Waiting for a change. Ctrl-C ends.');
    }
  } finally {
    for (const watcher of watchers) watcher.close();
  }
  return exitCodes.ok;
}

async function select(course: Course, ids: readonly string[]): Promise<Exercise[]> {
  const { findExercise } = await import('../workbook/exercises.ts');
  const chosen = ids.length === 0 ? course.exercises : ids.map((id) => findExercise(course, id));
  if (chosen.length === 0) throw new UserError('This course has no exercise to verify.', { wayOut: 'Make one: mongo-course author new 00-hello' });
  return [...new Set(chosen)];
}
