import { access, constants } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { Course, Exercise } from '../course/types.ts';
import { exitCodes, UserError } from '../errors.ts';
import { findExercise } from '../workbook/exercises.ts';
import { lastWorkbook, rememberWorkbook } from '../workbook/last-used.ts';
import { loadProgress, updateProgress, type Progress } from '../workbook/progress.ts';
import { stateFolder } from '../workbook/state-folder.ts';
import { findWorkbook, prepareWorkbook } from '../workbook/workbook.ts';
import type { Cli } from './context.ts';
import { currentExercise, way } from './way.ts';

/** A command at work in a learner's workbook. */
export interface Session {
  readonly cli: Cli;
  readonly course: Course;
  readonly workbook: string;
  /** As last read or written. */
  progress: Progress;
  /** False in a folder that can only be read: then nothing is remembered. */
  readonly writable: boolean;
  /** Changes the progress on disk, and here. */
  update(change: (progress: Progress) => void): Promise<void>;
}

/**
 * Opens a workbook: links packages, repairs the progress, and says what had to be repaired.
 * @throws UserError where it can't be written to, and `use` is more than reading
 */
export async function openSession(cli: Cli, workbook: string, use: 'read' | 'write' = 'write'): Promise<Session> {
  const course = await cli.course();
  const writable = await canWrite(join(workbook, stateFolder));
  if (!writable && use === 'write') {
    throw new UserError(`Your workbook ${workbook} can't be written to, so nothing would be remembered.`, {
      exitCode: exitCodes.environment, wayOut: 'Give yourself the right to write there, or copy it to a folder of your own and go on in that.',
    });
  }
  const { notes } = writable ? await prepareWorkbook(workbook, course) : { notes: [] };
  for (const note of notes) cli.terminal.note(note);
  await rememberWorkbook(workbook, cli.env);
  const session: Session = {
    cli, course, workbook, writable,
    progress: (await loadProgress(workbook, course)).progress,
    async update(change) {
      session.progress = await updateProgress(workbook, course, change);
    },
  };
  return session;
}

async function canWrite(folder: string): Promise<boolean> {
  try {
    await access(folder, constants.W_OK);
    return true;
  } catch (error) {
    if (['EACCES', 'EPERM', 'EROFS'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}

/** @throws UserError where the current folder is in no workbook */
export async function requireSession(cli: Cli, use: 'read' | 'write' = 'write'): Promise<Session> {
  const workbook = findWorkbook(cli.cwd);
  if (workbook) return openSession(cli, workbook, use);
  const last = await lastWorkbook(cli.env);
  throw new UserError('There is no workbook in this folder, or in one above it.', {
    wayOut: last ? `Your last one is ${last}: cd there first. To make a new one: mongo-course init my-workbook` : 'Make one: mongo-course init my-workbook',
  });
}

/** The exercise named, else the one whose folder this is, else the current one. */
export function chooseExercise(session: Session, id: string | undefined): Exercise {
  if (id !== undefined) return findExercise(session.course, id);
  const here = relative(session.workbook, session.cli.cwd).split(sep)[0];
  const inFolder = session.course.exercises.find((exercise) => exercise.id === here);
  const chosen = inFolder ?? currentExercise(session.course, session.progress);
  if (!chosen) throw new UserError('This course has no exercises.');
  return chosen;
}

/** Notes that an exercise was opened, and keeps what was known of it. */
export function openedProgress(progress: Progress, id: string): Progress['exercises'][string] {
  return (progress.exercises[id] ??= { openedAt: new Date().toISOString(), attempts: 0, hintsShown: 0 });
}

/** The way to an exercise that is not there yet: on the way through the course, or beside it. */
export function howToOpen({ course, progress }: Session, exercise: Exercise): string {
  const ahead = way(course, progress.way).some((step) => step.kind === 'exercise' && step.exercise === exercise);
  return ahead ? 'Go on with: npx mongo-course next' : `Open it, and have it checked whenever you save: npx mongo-course watch ${exercise.id}`;
}
